"""What others outside are told of a request: the turns that it takes, and what became of telling them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import Request
from tocsin.views.acting import unfolded
from tocsin.views.lines import Said, Words, free

STARTED: Final = "started"
ENDS: Final = (e.RequestDone, e.RolledBack, e.ClosedByHand)
TURNS: Final = (e.DeploymentStarted, *ENDS, e.StartedOutside)
PLACES: Final = {e.Outside.ADMIN_LOG: "Admin log", e.Outside.TASK: "Comment on the task"}
WORDS: Final = {
    e.Arrival.SENT: "sent",
    e.Arrival.SEEN: "seen there",
    e.Arrival.MISSING: "not seen there",
    e.Arrival.FAILED: "not sent yet",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A start or an end of a deployment as the record has it, with the request right after it."""

    recorded: Recorded
    request: Request

    @property
    def about(self) -> str:
        """Return the word by which others know this turn."""
        return about(self.recorded.event, self.request)


def turns(recorded: Iterable[Recorded]) -> Iterator[Turn]:
    """Yield the turns of one request's stream, in order."""
    every = tuple(recorded)
    for each, moment in zip(every, unfolded(None, every), strict=True):
        if isinstance(each.event, TURNS):
            yield Turn(each, moment.after)


def about(event: e.Event, request: Request) -> str:
    """Return the word for a turn; the status right after a start would be `deploying`."""
    return STARTED if isinstance(event, e.DeploymentStarted) else str(request.status)


def is_to_be_told(turn: Turn, place: e.Outside, now: Request) -> bool:
    """Say whether a place is to hear of a turn; `now` is the request as it stands, for what is private may change.

    The readers of a private task are those of its request, as far as anybody can say; those of a public one are not.
    """
    if place is e.Outside.ADMIN_LOG:
        return True
    task = now.facts.task
    readers_fit = not now.private or (task is not None and task.public is Verdict.NO)
    return isinstance(turn.recorded.event, ENDS) and bool(now.wish.task) and readers_fit


def outside(request: Request) -> Iterator[Said]:
    """Say what became of telling others, a sentence for each place."""
    for place, name in PLACES.items():
        told = [each for each, _ in request.outside if each.place is place]
        if told:
            yield Said((f"{name}: ", *_listed(told), "."))


def _listed(told: list[e.OutsideTold]) -> Words:
    words: list[Words] = []
    for each in told:
        why = (" (", free(each.detail), ")") if each.detail else ()
        words.append((f"{', ' if words else ''}{each.about} {WORDS[each.outcome]}", *why))
    return tuple(part for each in words for part in each)
