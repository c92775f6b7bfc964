"""What works without the record, towards safety only: a stop or abort kept aside until the record is back."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.domain import events as e
from tocsin.domain.people import RequestId
from tocsin.domain.recorded import StreamId
from tocsin.service.ports import Draft, Journal


@dataclass(slots=True)
class Brake:
    """The stops that the record does not hold yet; while there is one for a request, none of its steps starts."""

    journal: Journal
    killed: Callable[[RequestId], None] = lambda _: None
    _pending: list[Draft] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Remember what an earlier process kept aside."""
        self._pending = list(self.journal.pending())

    def pull(self, draft: Draft) -> None:
        """Act on a stop, and keep it aside, in memory and in the journal."""
        self._pending.append(draft)
        if any(isinstance(event, e.AbortAsked) for event in draft.events):
            self.killed(RequestId(draft.stream))
        self.journal.keep(draft)

    def pulled(self, request: RequestId) -> bool:
        """Say whether a stop of this request waits to be recorded."""
        return any(draft.stream == StreamId(request) for draft in self._pending)

    @property
    def pending(self) -> tuple[Draft, ...]:
        """Return what is to be recorded once the record is back, oldest first."""
        return tuple(self._pending)

    def recorded(self, draft: Draft) -> None:
        """Forget what the record holds now."""
        self._pending.remove(draft)
        self.journal.settle(draft)
