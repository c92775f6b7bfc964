"""`tocsin review`: what a recipe names as a step; one line says what came of it, and the exit code whether."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Ended, run
from tests.neighbours.sites import Answer, Site, site
from tocsin.cli import exits

SHA = "8f3ac21" + "0" * 33
ASKED = "/a/changes/1234?"
PLACE = "/a/changes/operations%2Fconfig~1234"
TABLE = '[[gerrit]]\nsite = "{site}"\nuser = "tocsin"\npassword_file = "secrets/gerrit-password"\n'


@pytest.fixture
def gerrit() -> Iterator[Site]:
    with site() as served:
        change = {"project": "operations/config", "_number": 1234, "status": "NEW", "current_revision": SHA}
        served.says(ASKED, {**change, "revisions": {SHA: {"_number": 3}}})
        served.says(f"{PLACE}/revisions/{SHA}/review", {"labels": {"Code-Review": 2}})
        yield served


@pytest.fixture
def folder(gerrit: Site, configuration: Path) -> Path:
    return allowing(configuration, gerrit.address, "write = true\n")


def allowing(folder: Path, address: str, more: str) -> Path:
    secret = folder / "secrets" / "gerrit-password"
    secret.touch(mode=0o600)
    secret.write_text("open-sesame\n")
    top = folder / "tocsin.toml"
    top.write_text(f"{top.read_text()}\n{TABLE.format(site=address)}{more}")
    return folder


def review(folder: Path, *words: str, request: str | None = None) -> Ended:
    return run("--config", str(folder), "review", *words, env={"TOCSIN_REQUEST": request})


def test_what_came_of_it_is_one_line(folder: Path) -> None:
    ended = review(folder, "vote", "1234", SHA, "Code-Review", "+2")
    assert ended == Ended(exits.DONE, "1234/3 has Code-Review +2 from tocsin, on 8f3ac21.\n", "")


def test_a_step_says_for_which_request_it_runs_without_being_told(folder: Path, gerrit: Site) -> None:
    review(folder, "vote", "1234", SHA, "Code-Review", "2", request="E17")
    assert b'"message":"E17"' in gerrit.sent[0][1].replace(b" ", b"")
    review(folder, "vote", "1234", SHA, "Code-Review", "2", "--request", "e18", request="E17")
    assert b'"message":"E18"' in gerrit.sent[1][1].replace(b" ", b"")


def test_a_no_of_gerrit_is_a_refusal_in_its_words(folder: Path, gerrit: Site) -> None:
    plain = (("Content-Type", "text/plain;charset=utf-8"),)
    gerrit.answers[f"{PLACE}/revisions/{SHA}/submit"] = Answer(b"change is locked\n", 409, plain)
    ended = review(folder, "submit", "1234", SHA)
    system = gerrit.address.partition("://")[2]
    sentence = f"{system} said no to 1234 (409): change is locked. Nothing was done.\n"
    assert ended == Ended(exits.REFUSED, "", sentence)


def test_a_gerrit_that_does_not_answer_is_unreachable(configuration: Path) -> None:
    folder = allowing(configuration, "http://127.0.0.1:9", "write = true\n")
    ended = review(folder, "submit", "1234", SHA)
    assert ended == Ended(exits.UNREACHABLE, "", "127.0.0.1:9: could not be fetched: ConnectError.\n")


@pytest.mark.parametrize(
    "words",
    [
        ("vote", "1234", SHA, "Code-Review", "2"),
        ("submit", "1234", SHA),
        ("cherry-pick", "1234", SHA, "wmf"),
        ("revert", "1234", SHA),
    ],
)
def test_unless_it_is_allowed_nothing_is_written_and_it_is_said_what_to_set(
    configuration: Path, gerrit: Site, words: tuple[str, ...]
) -> None:
    ended = review(allowing(configuration, gerrit.address, ""), *words)
    assert (ended.code, ended.out) == (exits.REFUSED, "")
    assert "set write = true under [[gerrit]] in tocsin.toml" in ended.error
    assert gerrit.asked == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("vote", "1234", SHA, "Code-Review", "lots"), "'lots' is not a valid integer"),
        (("vote", "1234", SHA, "Code-Review"), "Missing argument 'VALUE'"),
        (("submit", "1234"), "Missing argument 'SHA'"),
        (("submit", "1234", SHA, "--request", "now"), "'now' is not the id of a request: ids look like E17."),
        (("merge", "1234", SHA), "No such command 'merge'"),
    ],
)
def test_what_is_typed_wrongly_is_wrong_use(folder: Path, gerrit: Site, words: tuple[str, ...], sentence: str) -> None:
    ended = review(folder, *words)
    assert (ended.code, sentence in ended.error) == (exits.USAGE, True), ended.err
    assert gerrit.asked == []


def test_a_part_of_a_sha_is_refused(folder: Path, gerrit: Site) -> None:
    ended = review(folder, "submit", "1234", "8f3ac21")
    assert ended == Ended(exits.REFUSED, "", "'8f3ac21' is no whole sha, of 40 characters: nothing was done.\n")
    assert gerrit.asked == []


def test_a_broken_configuration_is_told_and_nothing_is_written(folder: Path, gerrit: Site) -> None:
    (folder / "calendar.toml").write_text("timezone = 7")
    ended = review(folder, "submit", "1234", SHA)
    assert (ended.code, gerrit.asked) == (exits.MISCONFIGURED, [])
