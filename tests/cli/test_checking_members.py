"""`tocsin config check --online` with teams of LDAP: how many members there are, and who of them is nobody."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Ended, run
from tests.neighbours.slapd import OPS, PASSWORD, PEOPLE, READER, Slapd, slapd
from tocsin.cli import exits

SRE = 'name = "SRE"\n'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Slapd]:
    with slapd(tmp_path / "slapd") as started:
        yield started


def check(folder: Path, server: Slapd, *words: str, bo: str = "bo", password: str = PASSWORD) -> Ended:
    top, directory = folder / "tocsin.toml", folder / "directory.toml"
    top.write_text(re.sub(r"(?ms)^\[irc\].*?(?=^# The git)", "", top.read_text()))
    (folder / "ldap-password").write_text(password)
    (folder / "ldap-password").chmod(0o600)
    text = directory.read_text().replace(SRE, f'{SRE}ldap_group = "{OPS}"\n').replace('teams = ["sre"]', "")
    text = text.replace("[people.bo-sre]\n", f'[people.bo-sre]\nknown_as = ["{bo}"]\n')
    directory.write_text(
        f'{text}\n[ldap]\naddress = "{server.tls_address}"\nuser_base = "{PEOPLE}"\nca_file = "{server.ca_file}"\n'
        f'bind_dn = "{READER}"\npassword_file = "ldap-password"\n'
    )
    return run("config", "check", str(folder), "--online", *words)


def test_it_says_how_many_members_a_group_has_and_who_of_them_is_nobody(configuration: Path, server: Slapd) -> None:
    ended = check(configuration, server)
    assert ended.code == exits.DONE
    assert ended.out.splitlines()[-1] == (
        f"LDAP at localhost: SRE has 2 members there ({OPS}); nobody of the directory: mo"
        " (who should count needs the name in known_as)"
    )


def test_too_few_members_for_a_policy_must_be_mended(configuration: Path, server: Slapd) -> None:
    ended = check(configuration, server, "--json", bo="somebody-else")
    assert ended.code == exits.MISCONFIGURED
    assert json.loads(ended.out)["members"] == {
        "system": "LDAP at localhost",
        "teams": {"sre": {"members": ["bo", "mo"], "nobody": ["bo", "mo"]}},
        "problems": [
            "The profile both cannot be met now: it asks for 1 of SRE, which has no members:"
            " name more people in it, or ask for fewer."
        ],
    }


def test_a_server_that_does_not_take_the_password_is_out_of_reach(configuration: Path, server: Slapd) -> None:
    ended = check(configuration, server, password="something-else")
    assert ended.code == exits.UNREACHABLE
    assert ended.error == "LDAP at localhost: it does not take bind_dn with the password of password_file."
    assert "something-else" not in ended.err + ended.out
