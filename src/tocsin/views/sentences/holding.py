"""Sentences about *not yet* and *no*: holds, objections, refusals."""

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.views.lines import Said, Words, free
from tocsin.views.phrases import ending, lasting, listed


def placed(event: e.HoldPlaced, request: Request) -> Said:
    """Somebody's "not yet"; an unverified one says how long it blocks."""
    if event.verified:
        return Said((f"is on hold by {event.person}: ", *ending(event.reason)), is_of=True)
    limit = lasting(request.policy.limits.unverified_pause)
    doubted = f"is on hold for {limit} by {event.person}, not verified: {event.person}, log in and say it again: "
    return Said((doubted, *ending(event.reason)), is_of=True, calls=(event.person,))


def lift_supported(event: e.LiftSupported, request: Request) -> Said:
    """One of those who can lift a hold together would."""
    team = request.roster.name(event.team)
    return Said((f"{event.person} ({team}) would lift the hold of {event.holder}: ", *ending(event.reason)))


def lifted(event: e.HoldLifted) -> Said:
    """A hold is gone; one that was overruled says so."""
    if event.overruled:
        return Said((f"the hold of {event.holder} is overruled by {event.person}: ", *ending(event.reason)))
    whose = "their hold" if event.holder == event.person else f"the hold of {event.holder}"
    return Said((f"{event.person} lifts {whose}", *_why(event.reason)))


def lapsed(event: e.HoldLapsed) -> Said:
    """An unverified hold was not made good."""
    return Said((f"the hold of {event.holder} is over: nobody verified stood by it.",))


def objected(event: e.ObjectionHeard) -> Said:
    """Plain words against it."""
    return Said((f"{event.person} objects in plain words: ", free(event.words)))


def refusal_given(event: e.RefusalGiven) -> Said:
    """A member of a required team says no."""
    return Said((f"{event.person} says no: ", *ending(event.reason)))


def refusal_agreed(event: e.RefusalAgreed) -> Said:
    """The requester agrees with the no."""
    return Said((f"{event.person} agrees with the no.",))


def refused(event: e.RequestRefused, request: Request) -> Said:
    """The no stands."""
    by = f" by {listed(request.refusals)}" if request.refusals else ""
    return Said((f"is refused{by} and over: ", *ending(event.reason)), is_of=True)


def _why(reason: str) -> Words:
    return (": ", *ending(reason)) if reason.strip() else (".",)
