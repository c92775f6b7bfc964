"""From drafts to sealed entries and signed heads, and from entries back to events: what every store on disk shares."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import TypeAlias

from tocsin.domain.errors import RecordUnavailable
from tocsin.domain.people import PersonId, Surface
from tocsin.domain.recorded import Origin, Recorded, StreamId
from tocsin.record.canonical import NotCanonical, read_time
from tocsin.record.checkpoint import Head, sign_head
from tocsin.record.entry import BEFORE_THE_FIRST, SALT_BYTES, Content, Entry, seal
from tocsin.record.merkle import Tree
from tocsin.service.ports import Draft
from tocsin.storage.codec.events import Codec
from tocsin.storage.codec.shapes import Unreadable
from tocsin.storage.keys import Signer

Salts = Callable[[], bytes]
EventRow: TypeAlias = tuple[int, str, int, str, str, str, str | None, str, str, str, int, bytes | None]
"""The fields of an `Entry` that say what happened, in its order."""

_SURFACES = {surface.value: surface for surface in Surface}


def random_salt() -> bytes:
    """Make a salt that nobody can guess."""
    return os.urandom(SALT_BYTES)


class Sealer:
    """Knows the tree of the record so far and lets it grow; it is not safe for several threads at once."""

    def __init__(self, signer: Signer, codec: Codec, salts: Salts) -> None:
        """Begin with an empty tree."""
        self._signer = signer
        self._codec = codec
        self._salts = salts
        self._tree = Tree()

    @property
    def size(self) -> int:
        """How many entries the tree has."""
        return self._tree.size

    @property
    def head(self) -> Head:
        """The head of the tree as it is."""
        return Head(self._signer.origin, self._tree.size, self._tree.root())

    def take_in(self, hashes: Iterable[bytes]) -> None:
        """Let the tree grow by entries that were sealed before, or by another process."""
        for each in hashes:
            self._tree.append(each)

    def rewind(self, size: int) -> None:
        """Forget what was sealed after this size: it was not stored."""
        self._tree.rewind(size)

    def seal(self, draft: Draft) -> tuple[Entry, ...]:
        """Give the draft's events their places at the end of the record."""
        return tuple(self._seal_one(draft, number, event) for number, event in enumerate(draft.events, start=1))

    def sign(self) -> str:
        """Return the head of the tree, signed."""
        return sign_head(self.head, self._signer.key)

    def _seal_one(self, draft: Draft, number: int, event: object) -> Entry:
        stored = self._codec.encode(event)
        version = draft.expected + number
        content = Content(draft.stream, version, draft.at, draft.origin, stored.kind, stored.shape, stored.body)
        previous = self._tree.leaf(self.size - 1) if self.size else BEFORE_THE_FIRST
        entry = seal(content, self._salts(), position=self.size + 1, previous=previous)
        self._tree.append(entry.hash)
        return entry


def recorded_as(draft: Draft, entries: Iterable[Entry]) -> tuple[Recorded, ...]:
    """Return the draft's events with the places that they were given."""
    at = draft.at.astimezone(UTC)
    return tuple(
        Recorded(entry.position, draft.stream, entry.version, at, draft.origin, event)
        for entry, event in zip(entries, draft.events, strict=True)
    )


def read_event(row: EventRow, codec: Codec) -> Recorded:
    """Return the event of a stored row; raises `RecordUnavailable` when it is not one that we wrote."""
    position, stream, version, at, name, surface, person, proof, act, kind, shape, body = row
    if body is None:
        raise RecordUnavailable(f"Entry {position} of the record was redacted; nothing can be decided on it.")
    try:
        event = codec.read(kind, shape, body)
        origin = Origin(name, _SURFACES[surface], None if person is None else PersonId(person), proof, act)
        return Recorded(position, StreamId(stream), version, read_time(at), origin, event)
    except (Unreadable, NotCanonical, KeyError) as broken:
        raise RecordUnavailable(f"Entry {position} of the record cannot be read: {broken}") from broken
