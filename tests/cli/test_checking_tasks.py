"""`tocsin config check --online` where tasks are read: whether the token works, and as whom."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Ended, run
from tests.neighbours.conduits import TOKEN, Phabricator, phabricator
from tocsin.cli import exits


@pytest.fixture
def site() -> Iterator[Phabricator]:
    with phabricator() as served:
        yield served


def check(folder: Path, site: Phabricator, *words: str, irc: bool = False) -> Ended:
    top = folder / "tocsin.toml"
    text = top.read_text()
    if not irc:
        text = re.sub(r"(?ms)^\[irc\].*?(?=^# The git)", "", text)
    text = text.replace('host = "irc.example.org", port = 6697', 'host = "127.0.0.1", port = 9')
    top.write_text(f'{text}\n[phabricator]\nsite = "{site.address}"\ntoken_file = "conduit-token"\n')
    (folder / "conduit-token").write_text(TOKEN)
    (folder / "conduit-token").chmod(0o600)
    return run("config", "check", str(folder), "--online", *words)


def test_it_says_as_whom_the_token_works(configuration: Path, site: Phabricator) -> None:
    ended = check(configuration, site)
    assert ended.code == exits.DONE
    assert ended.out.splitlines()[-1] == f"{site.address[7:]}: the token works, as tocsin-bot"


def test_a_token_that_is_not_taken_must_be_mended(configuration: Path, site: Phabricator) -> None:
    site.token = "api-another"
    ended = check(configuration, site)
    assert ended.code == exits.MISCONFIGURED
    assert ended.error == (
        f"{site.address[7:]}: it does not take our token: make a new one there, and put it into token_file"
        " (user.whoami: ERR-INVALID-AUTH)."
    )
    assert TOKEN not in ended.err + ended.out


@pytest.mark.parametrize("answer", [b"<html>", b'{"result": {}, "error_code": null}'])
def test_a_site_that_does_not_answer_is_out_of_reach(configuration: Path, site: Phabricator, answer: bytes) -> None:
    site.instead["user.whoami"] = answer
    assert check(configuration, site).code == exits.UNREACHABLE


def test_programs_get_the_same(configuration: Path, site: Phabricator) -> None:
    ended = check(configuration, site, "--json")
    assert json.loads(ended.out)["tasks"] == {"site": site.address[7:], "account": "tocsin-bot"}


def test_irc_is_looked_at_too(configuration: Path, site: Phabricator) -> None:
    ended = check(configuration, site, "--limit", "1", irc=True)
    assert "the token works, as tocsin-bot" in ended.out
    assert (ended.code, "on IRC: " in ended.out) == (exits.UNREACHABLE, True)
