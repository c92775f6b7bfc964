"""What the measures work on: the events of one whole night, and a record in a file."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.domain.night import CHANGE, WISH, Night
from tocsin.domain.change import Change
from tocsin.domain.commands import Confirm, Go, Lift, Note, PutOnHold, Take, Unconfirm
from tocsin.domain.events import RequestEvent, RequestOpened
from tocsin.domain.people import PersonId, RequestId, Speaker, Surface
from tocsin.domain.recorded import Origin, StreamId
from tocsin.domain.wish import Wish
from tocsin.service.ports import Draft
from tocsin.storage import queries
from tocsin.storage.codec.events import event_codec
from tocsin.storage.keys import Signer
from tocsin.storage.sealing import Sealer, random_salt
from tocsin.storage.sqlite import SqliteStore
from tocsin.storage.sqlite_file import open_writer, prepare

SIGNER = Signer("example.org/tocsin", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
ADA = Origin("ada", Surface.IRC, PersonId("ada"), "account ada")
EVENTS_OF_A_LONG_NIGHT = 200
DISPUTES = 40


class KeptNight(Night):
    """A night that keeps each act, to be put into a record."""

    def __init__(self, wish: Wish = WISH, change: Change = CHANGE) -> None:
        super().__init__(wish=wish, change=change)
        self.acts_kept: list[tuple[datetime, Origin, tuple[RequestEvent, ...]]] = []

    def taken_in(self, events: list[RequestEvent], speaker: Speaker) -> list[RequestEvent]:
        """Keep who did it and when; some seconds pass before the next."""
        if events:
            self.acts_kept.append((self.now, Origin.of(speaker), tuple(events)))
        super().taken_in(events, speaker)
        self.later(seconds=2)
        return events


Acts = tuple[tuple[datetime, Origin, tuple[RequestEvent, ...]], ...]


@cache
def a_night(disputes: int = 1, remarks: int = 0) -> Acts:
    """Return the acts of one request from the cry to the proof, with so many disputes and remarks on the way."""
    night = KeptNight()
    night.asked()
    for _ in range(disputes):
        _dispute(night)
    for number in range(remarks):
        night.says("ada", Note(f"remark {number}"))
    for person in ("bo-sre", "kim-releng"):
        night.says(person, Confirm(night.word))
    night.later(seconds=15)
    night.says("kim-releng", Take())
    night.says("kim-releng", Go())
    night.finishes().seen(True)
    return tuple(night.acts_kept)


def a_long_night() -> Acts:
    """Return the acts of one request that have exactly so many events."""
    return a_night(DISPUTES, EVENTS_OF_A_LONG_NIGHT - size(a_night(DISPUTES)))


def size(acts: Acts) -> int:
    """Return how many events these acts have."""
    return sum(len(events) for _, _, events in acts)


def as_request(number: int, acts: Acts) -> Iterator[Draft]:
    """Yield the acts as those of another request, one draft each."""
    version, request = 0, RequestId(f"E{number}")
    for at, origin, events in acts:
        named = tuple(replace(each, id=request) if isinstance(each, RequestOpened) else each for each in events)
        yield Draft(StreamId(request), version, at, origin, named)
        version += len(events)


@contextmanager
def record(requests: Iterable[Iterable[Draft]] = ()) -> Iterator[tuple[SqliteStore, Path]]:
    """Give a record of these requests in a file of its own folder, which is gone afterwards."""
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        path = Path(folder) / "record.db"
        _make(path, requests)
        store = SqliteStore(path, SIGNER)
        try:
            yield store, Path(folder)
        finally:
            store.close()


def _dispute(night: Night) -> None:
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", PutOnHold("who is watching the caches?"))
    night.says("kim-releng", Lift())
    night.says("bo-sre", Unconfirm())


def _make(path: Path, requests: Iterable[Iterable[Draft]]) -> None:
    """Make a record with one sync and one signed head a request, and not an act, to be quick about it."""
    prepare(path)
    engine, sealer = open_writer(path), Sealer(SIGNER, event_codec(), random_salt)
    try:
        for request in requests:
            with engine.begin() as connection:
                entries = [asdict(entry) for draft in request for entry in sealer.seal(draft)]
                connection.execute(queries.ADD_ENTRIES, entries)
                connection.execute(queries.ADD_HEAD, {"size": sealer.size, "note": sealer.sign()})
                if sealer.size == len(entries):
                    connection.execute(queries.ADD_KEY, {"key": SIGNER.public.text})
    finally:
        engine.dispose()
