"""`tocsin serve` with teams of a real LDAP: people come and go, and a restart during an outage knows them."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.installation import Counted
from tests.journeys.test_serving import served
from tests.neighbours.slapd import OPS, PEOPLE, Slapd, slapd


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Slapd]:
    with slapd(tmp_path / "slapd") as started:
        yield started


@pytest.fixture
def folder(tmp_path: Path, server: Slapd) -> Path:
    installation = Counted(tmp_path / "installation")
    installation.write()
    directory = installation.folder / "directory.toml"
    text = directory.read_text()
    assert text.count("[teams.sre]\n") == 1
    text = text.replace("[teams.sre]\n", f'[teams.sre]\nldap_group = "{OPS}"\n')
    people = "\n".join(f'[people.{name}]\naccounts = [{{ name = "{name}" }}]' for name in ("bo", "mo"))
    asked = f'address = "{server.tls_address}"\nuser_base = "{PEOPLE}"\nca_file = "{server.ca_file}"\nevery = "1 h"'
    directory.write_text(f"{text}\n{people}\n\n[ldap]\n{asked}\n")
    return installation.folder


async def test_members_come_and_go_and_are_kept_over_a_reload_and_a_restart(folder: Path, server: Slapd) -> None:
    directory = folder / "directory.toml"
    async with served(folder) as first:
        mark = await first.logs("bo joined sre")
        server.take_out(OPS, "uid=mo")
        directory.write_text(directory.read_text() + '\n[people.new]\naccounts = [{ name = "new" }]\n')
        first.process.send_signal(signal.SIGHUP)
        await first.logs("the configuration was read again", mark)
        lines = [json.loads(line) for line in first.log.read_text().splitlines()]
        assert [each["what"] for each in lines if "read again" in each["event"]] == [["new is new in the directory"]]
        await first.logs("mo left sre")  # it is asked at once when the files were read again
        sound = directory.read_text()
        directory.write_text(sound.replace(f'"{OPS}"', '"ops"'))
        first.process.send_signal(signal.SIGHUP)
        await first.logs("directory.toml:")
        assert "ldap_group is a distinguished name" in first.log.read_text()
        directory.write_text(sound)
    assert (folder / "data" / "members.json").stat().st_mode & 0o777 == 0o600
    server.kill()
    async with served(folder) as second:
        await second.logs("UTC stands")
        assert not [word for word in ("joined sre", "left sre") if word in second.log.read_text()]
