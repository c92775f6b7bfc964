"""What the SQLite store promises beyond the contract: rows that stay, heads that are signed, troubles in words."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, text

from tests.contracts.test_stores import E1, E2, KEY, draft
from tocsin.domain.errors import Conflict, RecordUnavailable
from tocsin.domain.people import RequestId
from tocsin.record.checkpoint import open_head
from tocsin.record.export import read_export, write_export
from tocsin.record.verifying import verify
from tocsin.storage import sqlite_file
from tocsin.storage.growth import Growth
from tocsin.storage.keys import Signer
from tocsin.storage.sqlite import SqliteStore, Starter

SIGNER = Signer("example.org/tocsin", KEY)
Open = Callable[..., SqliteStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


@pytest.fixture
def open_store(path: Path) -> Iterator[Open]:
    opened: list[SqliteStore] = []

    def open_one(starter: Starter | None = None, signer: Signer = SIGNER) -> SqliteStore:
        opened.append(SqliteStore(path, signer, starter))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def behind_our_back(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def drop_triggers(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for [name] in names:
            connection.execute(f"DROP TRIGGER {name}")


# --- signed heads ---------------------------------------------------------------------------------------------------


def test_every_append_leaves_a_signed_head(open_store: Open) -> None:
    store = open_store()
    store.append(draft(E1, 0, "", "one", "two"))
    store.append(draft(E2))
    sizes = [open_head(note, [SIGNER.public]).size for note in store.heads()]
    assert sizes == [2, 3]
    assert store.head() == store.heads()[-1] == store.heads(after=2)[0]


def test_an_empty_record_has_no_head(open_store: Open) -> None:
    assert open_store().head() == ""


def test_a_record_proves_itself_from_an_export(open_store: Open) -> None:
    store = open_store()
    for number in range(20):
        store.append(draft(E1 if number % 2 else E2, number // 2))
    export = read_export(write_export(store.public_keys(), store.all_entries(), store.heads()))
    verdict = verify(export.entries, export.checkpoints, [SIGNER.public])
    assert verdict.holds
    assert (verdict.positions, verdict.signed_heads) == (20, 20)


def test_the_same_event_is_salted_anew_each_time(open_store: Open) -> None:
    store = open_store()
    store.append(draft(E1, 0, "", "same", "same"))
    one, other = store.entries(0)
    assert one.salt != other.salt
    assert one.commitment != other.commitment


def test_a_reopened_record_goes_on_where_it_was(open_store: Open) -> None:
    first = open_store()
    first.append(draft(E1, 0, "", "one", "two", "three"))
    first.close()
    second = open_store()
    second.append(draft(E1, 3))
    assert verify(second.all_entries(), second.heads(), second.public_keys()).holds


def test_two_stores_on_one_file_take_turns_on_one_chain(open_store: Open) -> None:
    one, other = open_store(), open_store()
    one.append(draft(E1))
    other.append(draft(E2))
    one.append(draft(E1, 1))
    with pytest.raises(Conflict):
        other.append(draft(E1, 1))
    assert verify(one.all_entries(), one.heads(), one.public_keys()).positions == 3
    assert verify(other.all_entries(), other.heads(), other.public_keys()).holds


def test_a_new_key_is_kept_beside_the_old_one(open_store: Open) -> None:
    open_store().append(draft(E1))
    newer = Signer(SIGNER.origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    store = open_store(signer=newer)
    store.append(draft(E1, 1))
    assert set(store.public_keys()) == {SIGNER.public, newer.public}
    assert verify(store.all_entries(), store.heads(), store.public_keys()).holds


# --- rows that stay -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET name = 'mo'",
        "DELETE FROM entries",
        "REPLACE INTO entries SELECT * FROM entries WHERE position = 1",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE position = 2",
        "REPLACE INTO entries SELECT 3, stream, 1, at, name, surface, person, proof, act, kind, shape, commitment,"
        " previous, hash, body, salt FROM entries WHERE position = 1",
        "INSERT INTO entries SELECT 9, stream, 3, at, name, surface, person, proof, act, kind, shape, commitment,"
        " previous, hash, body, salt FROM entries WHERE position = 1",
        "UPDATE heads SET note = ''",
        "DELETE FROM heads",
        "REPLACE INTO heads VALUES (2, '')",
        "INSERT INTO heads VALUES (9, '')",
        "UPDATE keys SET key = ''",
        "DELETE FROM keys",
        "INSERT INTO heads VALUES ('many', '')",
    ],
)
def test_nobody_changes_or_takes_away_a_row(open_store: Open, path: Path, statement: str) -> None:
    store = open_store()
    store.append(draft(E1, 0, "", "one", "two"))
    before = store.entries(0), store.heads(), store.public_keys()
    with pytest.raises(sqlite3.IntegrityError):
        behind_our_back(path, statement)
    assert (store.entries(0), store.heads(), store.public_keys()) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET hash = zeroblob(32) WHERE position = 2",
        "DELETE FROM entries WHERE position = 3",
        "DELETE FROM entries",
        "DELETE FROM heads WHERE size = 3",
        "UPDATE heads SET note = replace(note, '3', '2') WHERE size = 3",
        "UPDATE heads SET note = '' WHERE size = 3",
        "DELETE FROM keys",
    ],
)
def test_a_record_that_somebody_went_around_is_not_signed_any_further(
    open_store: Open, path: Path, statement: str
) -> None:
    store = open_store()
    for expected in range(3):
        store.append(draft(E1, expected))
    store.close()
    drop_triggers(path)
    behind_our_back(path, statement)
    with pytest.raises(RecordUnavailable):
        open_store()


@pytest.mark.parametrize("column", ["at", "name", "kind", "body", "salt", "act"])
def test_a_changed_row_is_found_by_verifying(open_store: Open, path: Path, column: str) -> None:
    store = open_store()
    for expected in range(3):
        store.append(draft(E1, expected, f"msg-{expected}"))
    drop_triggers(path)
    value = "zeroblob(16)" if column in ("body", "salt") else "'2026-11-21T02:14:08.000000Z'"
    behind_our_back(path, f"UPDATE entries SET {column} = {value} WHERE position = 2")
    verdict = verify(store.all_entries(), store.heads(), [SIGNER.public])
    assert verdict.problems[0].position == 2


def test_entries_that_vanish_while_it_runs_stop_the_record(open_store: Open, path: Path) -> None:
    store = open_store()
    store.append(draft(E1, 0, "", "one", "two"))
    drop_triggers(path)
    behind_our_back(path, "DELETE FROM entries WHERE position = 2")
    with pytest.raises(RecordUnavailable, match="lost entries"):
        store.append(draft(E1, 1))


# --- one transaction ------------------------------------------------------------------------------------------------


def test_what_is_started_is_written_in_the_same_transaction(open_store: Open, path: Path) -> None:
    behind_our_back(path, "CREATE TABLE started (request TEXT, position INTEGER)")

    def start(connection: Connection, request: RequestId, position: int) -> None:
        connection.execute(text("INSERT INTO started VALUES (:r, :p)"), {"r": request, "p": position})
        if position > 1:
            raise RecordUnavailable("the engine is gone")

    store = open_store(start)
    store.append(draft(E1), RequestId("E1"))
    with pytest.raises(RecordUnavailable):
        store.append(draft(E1, 1), RequestId("E1"))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM started").fetchall() == [("E1", 1)]
    assert len(store.read(E1)) == 1
    store.append(draft(E1, 1))
    assert verify(store.all_entries(), store.heads(), store.public_keys()).holds


# --- troubles in words ----------------------------------------------------------------------------------------------


def test_a_locked_record_is_unavailable_and_works_again_afterwards(
    open_store: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_MILLISECONDS", 50)
    store = open_store()
    store.append(draft(E1))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordUnavailable, match="another program is writing"):
            store.append(draft(E1, 1))
        assert len(store.read(E1)) == 1, "who reads does not wait for who writes"
    assert store.append(draft(E1, 1))[0].position == 2
    assert verify(store.all_entries(), store.heads(), store.public_keys()).holds


def test_a_full_disk_is_said_and_leaves_nothing_behind(open_store: Open, path: Path) -> None:
    store = open_store()
    store.append(draft(E1))
    with store._writer.connect() as connection:  # as if the disk were full: the file may not grow
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute(f"PRAGMA max_page_count = {raw.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(RecordUnavailable, match="disk is full"):
        store.append(draft(E1, 1, "", "x" * 1_000_000))
    assert len(store.read(E1)) == 1
    assert verify(store.all_entries(), store.heads(), store.public_keys()).holds


def test_a_file_that_is_no_database_is_refused_and_left_alone(open_store: Open, path: Path) -> None:
    path.write_bytes(b"something else entirely\n" * 100)
    with pytest.raises(RecordUnavailable, match="is not a database"):
        open_store()
    assert path.read_bytes() == b"something else entirely\n" * 100


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (("CREATE TABLE entries (id INTEGER)",), "another program"),
        (("PRAGMA application_id = 7",), "another program"),
        (("PRAGMA user_version = 7",), "another program"),
        (("PRAGMA application_id = 1953457011", "PRAGMA user_version = 2"), "newer Tocsin"),
    ],
)
def test_a_file_that_is_not_ours_or_newer_is_refused(
    open_store: Open, path: Path, statements: tuple[str, ...], why: str
) -> None:
    behind_our_back(path, *statements)
    with pytest.raises(RecordUnavailable, match=why):
        open_store()


def test_a_file_that_the_engine_made_first_becomes_a_record(open_store: Open, path: Path) -> None:
    behind_our_back(path, "CREATE TABLE workflow_status (id TEXT)")
    assert open_store().append(draft(E1))[0].position == 1


def test_a_damaged_row_is_said_by_its_position(open_store: Open, path: Path) -> None:
    store = open_store()
    store.append(draft(E1, 0, "", "one", "two"))
    drop_triggers(path)
    behind_our_back(path, "UPDATE entries SET body = x'00' WHERE position = 2")
    with pytest.raises(RecordUnavailable, match="Entry 2 of the record cannot be read"):
        store.read(E1)


def test_a_redacted_row_is_said_by_its_position(open_store: Open, path: Path) -> None:
    store = open_store()
    store.append(draft(E1))
    drop_triggers(path)
    behind_our_back(path, "UPDATE entries SET body = NULL, salt = NULL")
    with pytest.raises(RecordUnavailable, match="Entry 1 of the record was redacted"):
        store.read(E1)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordUnavailable, match="No such file"):
        SqliteStore(tmp_path / "missing" / "record.db", SIGNER)


def test_only_its_owner_reads_the_record(open_store: Open, path: Path) -> None:
    open_store().append(draft(E1))
    assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}


def test_the_search_for_an_act_uses_its_index(open_store: Open, path: Path) -> None:
    open_store()
    with closing(sqlite3.connect(path)) as connection:
        query = "EXPLAIN QUERY PLAN SELECT position FROM entries WHERE act = ? AND act != ''"
        assert "entries_by_act" in str(connection.execute(query, ["msg"]).fetchall())


# --- growth ---------------------------------------------------------------------------------------------------------


def test_growth_is_heard_of_whoever_wrote_and_other_writing_is_not(open_store: Open, path: Path) -> None:
    store = open_store()
    store.append(draft(E1))
    growth = Growth(path)
    assert (growth.grown(), growth.position) == (False, 1)
    store.append(draft(E1, 1))
    assert (growth.grown(), growth.position) == (True, 2)
    assert not growth.grown()
    behind_our_back(path, "CREATE TABLE other (id INTEGER)")
    assert not growth.grown()
    growth.close()


def test_growth_of_a_record_that_is_not_there_is_an_error(path: Path) -> None:
    with pytest.raises(RecordUnavailable):
        Growth(path)
    assert not path.exists()
