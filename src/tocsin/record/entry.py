"""One row of the record, sealed: each entry holds the hash of the one before it; storing them is left to others.

Law: the hash is over a salted commitment to the body, never over the body itself. Body and salt can be dropped later,
and everything that was ever signed still holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from tocsin.domain.recorded import Origin, StreamId
from tocsin.record.canonical import canonical, spell_time
from tocsin.record.merkle import HASH_BYTES, leaf_hash

SALT_BYTES = 16
BEFORE_THE_FIRST = bytes(HASH_BYTES)


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be sealed: one event as it is stored; `shape` is the version of its kind's form."""

    stream: StreamId
    version: int
    at: datetime
    origin: Origin
    kind: str
    shape: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it is stored, plain values only: it may come from anywhere, and says so little until it is checked."""

    position: int
    stream: str
    version: int
    at: str
    name: str
    surface: str
    person: str | None
    proof: str
    act: str
    kind: str
    shape: int
    commitment: bytes
    previous: bytes
    hash: bytes
    body: bytes | None
    salt: bytes | None

    @property
    def redacted(self) -> bool:
        """Say whether the body was taken away; what is left proves that there was one."""
        return self.body is None and self.salt is None

    def hash_of_content(self) -> bytes:
        """Hash what this row says; in an honest row it is `hash`."""
        return leaf_hash(
            canonical(
                {
                    "position": self.position,
                    "stream": self.stream,
                    "version": self.version,
                    "at": self.at,
                    "name": self.name,
                    "surface": self.surface,
                    "person": self.person,
                    "proof": self.proof,
                    "act": self.act,
                    "kind": self.kind,
                    "shape": self.shape,
                    "commitment": self.commitment.hex(),
                    "previous": self.previous.hex(),
                }
            )
        )


def seal(content: Content, salt: bytes, *, position: int, previous: bytes) -> Entry:
    """Give the content its place after the entry whose hash is `previous`; the salt must be random."""
    assert len(salt) == SALT_BYTES, "a salt has a fixed length, or salt and body could be cut elsewhere"
    origin = content.origin
    entry = Entry(
        position=position,
        stream=content.stream,
        version=content.version,
        at=spell_time(content.at),
        name=origin.name,
        surface=origin.surface.value,
        person=origin.person,
        proof=origin.proof,
        act=origin.act,
        kind=content.kind,
        shape=content.shape,
        commitment=_commitment(salt, content.body),
        previous=previous,
        hash=b"",
        body=content.body,
        salt=salt,
    )
    return replace(entry, hash=entry.hash_of_content())


def redact(entry: Entry) -> Entry:
    """Take the body away; the hash stays, and without the salt nobody can find the body out by trying."""
    return replace(entry, body=None, salt=None)


def flaws(entry: Entry, before: Entry | None) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with an entry after the one that stands before it."""
    place, previous = (before.position, before.hash) if before else (0, BEFORE_THE_FIRST)
    if entry.position != place + 1:
        yield f"Entry {entry.position} stands where entry {place + 1} belongs."
    if entry.previous != previous:
        yield f"Entry {entry.position} does not follow from the one before it."
    if entry.hash_of_content() != entry.hash:
        yield f"Entry {entry.position} is not as it was sealed."
    if not entry.redacted and not _body_holds(entry):
        yield f"The body of entry {entry.position} is not the one that was sealed."


def _body_holds(entry: Entry) -> bool:
    if entry.body is None or entry.salt is None or len(entry.salt) != SALT_BYTES:
        return False
    return _commitment(entry.salt, entry.body) == entry.commitment


def _commitment(salt: bytes, body: bytes) -> bytes:
    return sha256(salt + body).digest()
