"""What the measures work on: the events of one whole night, and a record in a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.domain.night import BEGIN, Night
from tocsin.domain.commands import Confirm, Go, Lift, Note, PutOnHold, Take, Unconfirm
from tocsin.domain.events import RequestEvent, RequestOpened
from tocsin.domain.people import PersonId, RequestId, Surface
from tocsin.domain.recorded import Origin, StreamId
from tocsin.service.ports import Draft
from tocsin.storage.keys import Signer
from tocsin.storage.sqlite import SqliteStore

SIGNER = Signer("example.org/tocsin", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
ADA = Origin("ada", Surface.IRC, PersonId("ada"), "account ada")
EVENTS_OF_A_LONG_NIGHT = 200
DISPUTES = 40


@cache
def a_night(disputes: int = 1, remarks: int = 0) -> tuple[RequestEvent, ...]:
    """Return the events of one request from the cry to the proof, with so many disputes and remarks on the way."""
    night = Night().asked()
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
    return tuple(night.history)


def a_long_night() -> tuple[RequestEvent, ...]:
    """Return exactly so many events of one request."""
    return a_night(DISPUTES, EVENTS_OF_A_LONG_NIGHT - len(a_night(DISPUTES)))


def as_request(number: int, events: tuple[RequestEvent, ...]) -> Draft:
    """Return the events as those of another request, to be appended at once."""
    opened, *more = events
    assert isinstance(opened, RequestOpened)
    named = replace(opened, id=RequestId(f"E{number}"))
    return Draft(StreamId(named.id), 0, BEGIN, ADA, (named, *more))


@contextmanager
def empty_record() -> Iterator[tuple[SqliteStore, Path]]:
    """Give a record in a file of its own folder, which is gone afterwards."""
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        store = SqliteStore(Path(folder) / "record.db", SIGNER)
        try:
            yield store, Path(folder)
        finally:
            store.close()


def _dispute(night: Night) -> None:
    night.says("bo-sre", Confirm(night.word))
    night.says("kim-releng", PutOnHold("who is watching the caches?"))
    night.says("kim-releng", Lift())
    night.says("bo-sre", Unconfirm())
