"""Sentences about going back, about every end of a request, and about what may be said of it."""

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.views.lines import Said, free
from tocsin.views.phrases import ending, lasting, listed, step_name, target_of
from tocsin.views.sentences.carrying_out import seen_words


def rollback_asked(event: e.RollbackAsked) -> Said:
    """Somebody wants to go back."""
    return Said((f"{event.person} wants to go back.",))


def rollback_agreed(event: e.RollbackAgreed) -> Said:
    """Going back is settled."""
    return Said((f"is to be rolled back, said {event.person}; it begins when the running step has ended.",), is_of=True)


def rollback_started(event: e.RollbackStarted, request: Request) -> Said:
    """The steps that ran are undone."""
    undone = ", ".join(step_name(request, step) for step in event.steps)
    return Said((f"is being rolled back, the last step first: {undone or 'nothing is to be undone'}.",), is_of=True)


def rolled_back(event: e.RolledBack, request: Request) -> Said:
    """It is gone, and its target locked."""
    left = (" Left to do: ", free("; ".join(event.follow_ups)), ".") if event.follow_ups else ()
    locked = f"; {target_of(request)} is locked for it."
    return Said(("is rolled back, ", *seen_words(event.saw), locked, *left), is_of=True)


def unlocked(event: e.TargetUnlocked, request: Request) -> Said:
    """The target is open again."""
    return Said((f"{event.person} unlocks {target_of(request)}: ", *ending(event.why)))


def withdrawn(event: e.RequestWithdrawn) -> Said:
    """The requester took it back."""
    return Said((f"is withdrawn by {event.person}.",), is_of=True)


def expired(request: Request) -> Said:
    """Nobody did anything for too long."""
    limit = lasting(request.policy.limits.act_expires)
    return Said((f"expired: nobody did anything for {limit}. Whatever was confirmed is void.",), is_of=True)


def renewed(event: e.RequestRenewed) -> Said:
    """It is asked for again."""
    return Said((f"is asked for again by {event.person}; earlier confirmations are gone.",), is_of=True)


def closing_supported(event: e.ClosingSupported) -> Said:
    """One of those who close it together wants to."""
    return Said((f"{event.person} would close it by hand: ", *ending(event.what)))


def closed(event: e.ClosedByHand, request: Request) -> Said:
    """People ended it, saying what is true now."""
    ended = f"is closed by hand by {listed(event.people)}; {target_of(request)} is locked for it. True now: "
    return Said((ended, *ending(event.what)), is_of=True)


def started_outside(event: e.StartedOutside) -> Said:
    """It was live before go."""
    return Said(("was started outside and is over, never confirmed: ", *ending(event.saw)), is_of=True)


def made_private(event: e.MadePrivate) -> Said:
    """Nothing is said in public any more."""
    by = f", said {event.person}" if event.person else ""
    why = (": ", *ending(event.why)) if event.why.strip() else (".",)
    return Said((f"is private{by}", *why, " In public only its id and state are said."), is_of=True)


def public_supported(event: e.PublicSupported) -> Said:
    """One of the two who make it public together wants to."""
    return Said((f"{event.person} would make it public.",))


def made_public(event: e.MadePublic) -> Said:
    """Everything may be said again."""
    return Said((f"is public, said {listed(event.people)}.",), is_of=True)
