"""A small honest record, and the ways to spoil it."""

from datetime import UTC, datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.domain.people import PersonId, Surface
from tocsin.domain.recorded import Origin, StreamId
from tocsin.record.canonical import canonical
from tocsin.record.checkpoint import Head, sign_head
from tocsin.record.entry import BEFORE_THE_FIRST, Content, Entry, seal
from tocsin.record.merkle import Tree
from tocsin.record.note import PublicKey

NAME = "example.org/tocsin"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PublicKey.of(NAME, KEY)
BEGAN = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)


def content(number: int, stream: str = "E1", version: int = 1, body: str = "") -> Content:
    origin = Origin("ada", Surface.IRC, PersonId("ada"), "account ada", f"msg-{number}")
    at = BEGAN + timedelta(seconds=number)
    return Content(StreamId(stream), version, at, origin, "Noted", 1, canonical({"text": body or f"remark {number}"}))


def salt(number: int) -> bytes:
    return number.to_bytes(16, "big")


def record(size: int) -> tuple[Entry, ...]:
    """Return entries of two streams, in turns."""
    entries: list[Entry] = []
    versions = {"E1": count(1), "E2": count(1)}
    for number in range(1, size + 1):
        stream = "E1" if number % 3 else "E2"
        previous = entries[-1].hash if entries else BEFORE_THE_FIRST
        sealed = seal(content(number, stream, next(versions[stream])), salt(number), position=number, previous=previous)
        entries.append(sealed)
    return tuple(entries)


def head_of(entries: tuple[Entry, ...]) -> str:
    tree = Tree(entry.hash for entry in entries)
    return sign_head(Head(NAME, tree.size, tree.root()), KEY)
