"""What remains of a request when it is over: who, what, when, and how long each wait was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tocsin.domain import events as e
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import Request
from tocsin.views.acting import unfolded
from tocsin.views.counting import quorum_of
from tocsin.views.lines import Said, harmless, told
from tocsin.views.outside import outside
from tocsin.views.phrases import counted_for, lasting, listed, target_of, what
from tocsin.views.sentences.asking import reasons_given

ENDS = (
    e.RequestDone,
    e.RolledBack,
    e.ClosedByHand,
    e.RequestWithdrawn,
    e.RequestRefused,
    e.RequestExpired,
    e.StartedOutside,
)


@dataclass(frozen=True, slots=True)
class Milestones:
    """When a request came to each point of its way, as far as it came."""

    asked: datetime
    named: datetime | None = None
    first_yes: datetime | None = None
    quorum: datetime | None = None
    go: datetime | None = None
    live: datetime | None = None
    ended: datetime | None = None

    @classmethod
    def of(cls, recorded: Sequence[Recorded]) -> "Milestones":
        """Read the points off a request's stream; of several quorums the one that was carried out counts."""
        go = _first(recorded, e.DeploymentStarted)
        before_go = [each for each in recorded if go is None or each.at <= go]
        return cls(
            asked=recorded[0].at,
            named=next((each.at for each in recorded if _names_people(each.event)), None),
            first_yes=_first(recorded, e.ConfirmationGiven),
            quorum=_last(before_go, e.BecameReady),
            go=go,
            live=_first(recorded, e.RequestDone),
            ended=_last(_since_renewed(recorded), *ENDS),
        )

    def waits(self) -> tuple[tuple[str, timedelta], ...]:
        """Return how long it took from each point to the next one that it came to, and in all."""
        points = (
            ("named", self.named),
            ("first yes", self.first_yes),
            ("quorum", self.quorum),
            ("go", self.go),
            ("live", self.live),
        )
        reached = [("asked", self.asked), *((name, at) for name, at in points if at is not None)]
        steps = [(f"{a} to {b}", then - now) for (a, now), (b, then) in pairwise(reached)]
        total = [("in all", self.ended - self.asked)] if self.ended else []
        return (*steps, *total)


def report(recorded: Sequence[Recorded]) -> list[str]:
    """Return the report of one request's stream in a few lines."""
    moments = tuple(unfolded(None, tuple(recorded)))
    request, milestones = moments[-1].after, Milestones.of(recorded)
    return [line.text for line in told(request.id, _sentences(request, recorded, milestones))]


def _sentences(request: Request, recorded: Sequence[Recorded], milestones: Milestones) -> Iterator[Said]:
    asker = request.requester or f"{harmless(request.name)}, not known here,"
    matter = (*what(request), f" on {target_of(request)}, asked for by {asker} at {_moment(milestones.asked)}.")
    yield Said((f"is {request.status}: ", *matter), is_of=True)
    kind = ", ".join(filter(None, (request.wish.reason, request.wish.remedy))) or "Why"
    yield Said((f"{kind}: ", *reasons_given(request.wish), "."), apart=True)
    yield Said((f"{_confirmed(request)} {_carried(request)} {_setbacks(recorded)}".strip(),), apart=True)
    waits = ", ".join(f"{name} {lasting(took)}" for name, took in milestones.waits())
    yield Said((f"Waits: {waits or 'none yet'}.",), apart=True)
    yield from outside(request)


def _confirmed(request: Request) -> str:
    counted = counted_for(request, quorum_of(request).counted)
    return f"Confirmed by {counted}." if counted else "Confirmed by nobody."


def _carried(request: Request) -> str:
    if request.deployment is None:
        return "Not carried out."
    return f"Carried out by {request.deployer}."


def _setbacks(recorded: Sequence[Recorded]) -> str:
    """Name what kept it up: holds, confirmations made void, pauses."""
    counts = (
        ("hold", sum(isinstance(each.event, e.HoldPlaced) for each in recorded)),
        ("pause", sum(isinstance(each.event, e.Paused) for each in recorded)),
        ("new check word", sum(isinstance(each.event, e.PlanProposed) for each in recorded) - 1),
    )
    named = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts if count > 0]
    return f"On the way: {listed(named)}." if named else ""


def _since_renewed(recorded: Sequence[Recorded]) -> Sequence[Recorded]:
    """An expiry is no end once it was asked for again."""
    renewed = [n for n, each in enumerate(recorded) if isinstance(each.event, e.RequestRenewed)]
    return recorded[renewed[-1] :] if renewed else recorded


def _names_people(event: e.Event) -> bool:
    return (isinstance(event, e.RequestOpened) and any(people for _, people in event.asked)) or (
        isinstance(event, e.Nudged) and bool(event.people)
    )


def _first(recorded: Sequence[Recorded], *kinds: type[e.RequestEvent]) -> datetime | None:
    return next((each.at for each in recorded if isinstance(each.event, kinds)), None)


def _last(recorded: Sequence[Recorded], *kinds: type[e.RequestEvent]) -> datetime | None:
    return next((each.at for each in reversed(recorded) if isinstance(each.event, kinds)), None)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
