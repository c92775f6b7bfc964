"""The record in memory: small and real, for tests and rehearsals; gone with the process."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC
from threading import Lock

from tocsin.domain.errors import AlreadyActed, Conflict, RecordUnavailable
from tocsin.domain.people import RequestId
from tocsin.domain.recorded import Recorded, StreamId
from tocsin.service.ports import Draft

Starter = Callable[[RequestId, int], None]


class MemoryStore:
    """A record that lives as long as this object; `unavailable` holds why it cannot be written just now, if so."""

    def __init__(self, starter: Starter | None = None) -> None:
        """Begin empty; the starter is called before the append counts, and what it raises undoes the append."""
        self.unavailable = ""
        self._starter = starter
        self._all: list[Recorded] = []
        self._streams: dict[StreamId, list[Recorded]] = defaultdict(list)
        self._acts: set[str] = set()
        self._writing = Lock()

    def append(self, draft: Draft, carry: RequestId | None = None) -> tuple[Recorded, ...]:
        """Append all events or none, as the port says."""
        assert draft.events, "there is something to append"
        with self._writing:
            self._refuse(draft)
            recorded = self._placed(draft)
            if carry is not None:
                assert self._starter is not None, "carrying out takes a starter"
                self._starter(carry, recorded[-1].position)
            self._all.extend(recorded)
            self._streams[draft.stream].extend(recorded)
            self._acts.add(draft.origin.act)
            return recorded

    def read(self, stream: StreamId) -> tuple[Recorded, ...]:
        """Return a whole stream, oldest first."""
        return tuple(self._streams.get(stream, ()))

    def since(self, position: int, limit: int) -> tuple[Recorded, ...]:
        """Return at most `limit` events after a position."""
        return tuple(self._all[position : position + limit])

    def has_act(self, act: str) -> bool:
        """Say whether a message of this id was recorded before."""
        return bool(act) and act in self._acts

    def close(self) -> None:
        """Nothing is held."""

    def _refuse(self, draft: Draft) -> None:
        if self.unavailable:
            raise RecordUnavailable(self.unavailable)
        if self.has_act(draft.origin.act):
            raise AlreadyActed(f"{draft.origin.act} was recorded before.")
        if len(self._streams.get(draft.stream, ())) != draft.expected:
            raise Conflict(f"{draft.stream} has moved on.")

    def _placed(self, draft: Draft) -> tuple[Recorded, ...]:
        place, at = len(self._all) + 1, draft.at.astimezone(UTC)
        return tuple(
            Recorded(place + number, draft.stream, draft.expected + 1 + number, at, draft.origin, event)
            for number, event in enumerate(draft.events)
        )
