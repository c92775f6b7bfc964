"""The record verified and exported, whether or not a server runs; and each day on which that does not work."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.cli.running import TOCSIN, process, run
from tests.contracts.test_stores import E1, KEY, draft
from tests.domain.night import BEGIN
from tests.record.test_passkeys import FIRST, PAGE, YES, answered, given
from tocsin.cli import exits
from tocsin.config.loading import load
from tocsin.domain.events import Event
from tocsin.domain.people import Surface
from tocsin.domain.recorded import Origin, StreamId
from tocsin.service.ports import Draft
from tocsin.storage.keys import Signer
from tocsin.storage.sqlite import SqliteStore

SIGNER = Signer("tocsin.example.org", KEY)
ENTRIES = 150
ROOM_BYTES = 64 * 1024  # for what the database needs while it is read, and not for the export


@pytest.fixture
def database(configuration: Path) -> Path:
    """A record of some length, in its place; no server runs."""
    path = load(configuration).settings.record.database
    path.parent.mkdir()
    store = SqliteStore(path, SIGNER)
    for number in range(ENTRIES):
        store.append(draft(E1, number))
    store.close()
    return path


@pytest.fixture
def exported(configuration: Path, database: Path, tmp_path: Path) -> Path:
    path = tmp_path / "record.jsonl"
    assert run("--config", str(configuration), "record", "export", "--output", str(path)).code == exits.DONE
    return path


def test_the_record_of_this_installation_is_verified(configuration: Path, database: Path) -> None:
    ended = run("--config", str(configuration), "record", "verify")
    assert (ended.code, ended.out) == (0, f"record verified: {ENTRIES} entries, {ENTRIES} signed heads\n")


def test_it_is_verified_while_a_server_writes(configuration: Path, database: Path) -> None:
    store = SqliteStore(database, SIGNER)
    store.append(draft(E1, ENTRIES))
    assert run("--config", str(configuration), "record", "verify").code == exits.DONE
    store.close()


def test_an_export_is_verified_with_no_installation_and_no_network(exported: Path) -> None:
    alone = "import socket, sys; socket.socket = None; from tocsin.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", alone, "record", "verify", str(exported)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"record verified: {ENTRIES} entries")


def test_an_export_on_the_screen_is_the_same_as_in_a_file(configuration: Path, exported: Path) -> None:
    shown = process("--config", str(configuration), "record", "export")
    assert (shown.returncode, shown.stdout) == (0, exported.read_text())


def test_only_its_owner_may_read_the_file_of_an_export(exported: Path) -> None:
    assert exported.stat().st_mode & 0o777 == 0o600


def test_a_changed_row_is_found(configuration: Path, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for [name] in names:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE entries SET name = 'mallory' WHERE position = 7")
    ended = run("--config", str(configuration), "record", "verify")
    assert ended.code == exits.REFUSED
    assert ended.out.startswith(f"record NOT verified: {ENTRIES} entries")
    assert ended.err.startswith("7: ")


def test_what_passkeys_answered_is_checked_for_the_page_that_is_named(configuration: Path) -> None:
    path = load(configuration).settings.record.database
    path.parent.mkdir()
    store = SqliteStore(path, SIGNER)
    acts: list[tuple[str, Event, str]] = [FIRST, ("E17", given(), answered(YES)), ("E18", given(), "no")]
    for number, (stream, event, proof) in enumerate(acts):
        origin = Origin("bo-sre", Surface.PAGE, YES.person, proof, f"act {number}")
        store.append(Draft(StreamId(stream), 0, BEGIN, origin, (event,)))
    store.close()
    verify = partial(run, "--config", str(configuration), "record", "verify")
    assert verify("--page", f"{PAGE}/").code == exits.DONE
    ended = verify("--page", "https://elsewhere.example.org", "--json")
    assert ended.code == exits.REFUSED
    assert json.loads(ended.out)["problems"] == [{"position": 2, "sentence": "The passkey was asked by another page."}]


def test_a_changed_export_is_found(exported: Path) -> None:
    exported.write_text(exported.read_text().replace('"position":7,', '"position":8,', 1))
    ended = run("record", "verify", "--json", str(exported))
    assert ended.code == exits.REFUSED
    assert json.loads(ended.out)["verified"] is False


def test_a_key_held_elsewhere_is_the_one_that_counts(exported: Path) -> None:
    assert run("record", "verify", "--key", SIGNER.public.text, str(exported)).code == exits.DONE
    other = Signer("tocsin.example.org", Ed25519PrivateKey.generate()).public.text
    assert run("record", "verify", "--key", other, str(exported)).code == exits.REFUSED
    wrong = run("record", "verify", "--key", "hello", str(exported))
    assert wrong.code == exits.USAGE
    assert wrong.err.startswith("--key: ")


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\xff\xfe", b"{}\n"])
def test_a_file_that_is_no_export_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    ended = run("record", "verify", str(path))
    assert (ended.code, ended.out) == (exits.REFUSED, "")
    assert ended.err.startswith(f"{path} is no whole export of a record: ")
    assert len(ended.err.splitlines()) == 1


def test_half_an_export_is_found(exported: Path) -> None:
    lines = exported.read_text().splitlines(keepends=True)
    exported.write_text("".join(lines[: len(lines) // 2]) + lines[-1][:10])
    assert run("record", "verify", str(exported)).code == exits.REFUSED


def test_an_export_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    ended = run("record", "verify", str(tmp_path / "nowhere"))
    assert (ended.code, ended.err) == (exits.USAGE, f"{tmp_path}/nowhere cannot be read: No such file or directory.\n")


@pytest.mark.parametrize("verb", ["verify", "export"])
def test_a_missing_record_is_one_sentence(configuration: Path, verb: str) -> None:
    ended = run("--config", str(configuration), "record", verb)
    assert (ended.code, ended.out) == (exits.UNRECORDED, "")
    assert ended.err == (
        f"There is no record at {configuration}/data/record.db yet: it begins with the first start of `tocsin serve`.\n"
    )


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to look like one" * 100])
def test_a_record_that_is_none_is_one_sentence(configuration: Path, database: Path, content: bytes) -> None:
    database.write_bytes(content)
    for leftover in database.parent.glob("record.db-*"):
        leftover.unlink()
    ended = run("--config", str(configuration), "record", "verify")
    assert ended.code == exits.UNRECORDED
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("verb", ["verify", "export"])
def test_a_broken_configuration_is_told_in_full(configuration: Path, verb: str) -> None:
    (configuration / "rota.toml").write_text("= no")
    ended = run("--config", str(configuration), "record", verb)
    assert ended.code == exits.MISCONFIGURED
    assert ended.err.startswith("rota.toml:1: ")


def test_an_export_never_writes_over_a_file(configuration: Path, exported: Path) -> None:
    before = exported.read_text()
    ended = run("--config", str(configuration), "record", "export", "--output", str(exported))
    assert ended.code == exits.UNWRITTEN
    assert ended.err == f"{exported} is there already, and nothing was written: name another file.\n"
    assert exported.read_text() == before


def test_a_place_that_cannot_be_written_is_one_sentence(configuration: Path, database: Path, tmp_path: Path) -> None:
    output = tmp_path / "nowhere" / "record.jsonl"
    ended = run("--config", str(configuration), "record", "export", "--output", str(output))
    assert ended.code == exits.UNWRITTEN
    assert ended.err == (
        f"{output} cannot be written: No such file or directory. Nothing is lost; write it elsewhere.\n"
    )


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(
    configuration: Path, database: Path, tmp_path: Path
) -> None:
    output = tmp_path / "record.jsonl"
    room = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))
    words = ("--config", str(configuration), "record", "export", "--output", str(output))
    ended = process(*words, preexec_fn=room, env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert ended.returncode == exits.UNWRITTEN, ended
    assert ended.stderr == f"{output} cannot be written: File too large. Nothing is lost; write it elsewhere.\n"
    assert not output.exists()


def test_a_full_screen_is_one_sentence(configuration: Path, database: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = process("--config", str(configuration), "record", "export", stdout=full)
    assert ended.returncode == exits.UNWRITTEN
    assert ended.stderr == ("The export is not whole: No space left on device. Nothing is lost; write it elsewhere.\n")


def test_a_reader_that_goes_away_is_one_sentence(configuration: Path, database: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = process("--config", str(configuration), "record", "export", stdout=writing)
    finally:
        os.close(writing)
    assert ended.returncode == exits.UNWRITTEN
    assert ended.stderr == ("The export is not whole: nobody reads it any more. Nothing is lost; write it elsewhere.\n")


def test_without_a_screen_it_asks_for_a_file(configuration: Path, database: Path) -> None:
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *TOCSIN, "--config", str(configuration), "record", "export"],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert closed.returncode == exits.UNWRITTEN
    assert closed.stderr == "There is no standard output: name a file with --output.\n"
