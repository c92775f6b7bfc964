"""The line for the server admin log when a deployment has ended: who asked, who confirmed, what and why."""

from tocsin.domain import events as e
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import Request
from tocsin.views.counting import quorum_of
from tocsin.views.lines import Words, fitted, free, harmless
from tocsin.views.phrases import target_of

ENDS = (e.RequestDone, e.RolledBack, e.ClosedByHand)
HEAD_LETTERS = 12


def log_line(request: Request, recorded: tuple[Recorded, ...], head: str = "") -> str:
    """Return the line when this act ended a deployment, else nothing; of a private request it tells the end alone.

    `head` is the record's tree head at that moment: in the log it is held by others too.
    """
    if not any(isinstance(each.event, ENDS) for each in recorded):
        return ""
    kept = f" [record {head[:HEAD_LETTERS]}]" if head else ""
    if request.private:
        return f"!log {request.id} {request.status} (private){kept}"
    return fitted(
        (f"!log {request.id} {request.status}: ", *_what(request), *_who(request), *_true_now(recorded), kept)
    )


def _what(request: Request) -> Words:
    change = request.proposal.change if request.proposal else None
    wish, recipe = request.wish, request.proposal.plan.recipe if request.proposal else request.wish.recipe
    changed = change.label if change else f"recipe {recipe}"
    task = f" ({harmless(wish.task)})" if wish.task else ""
    return (f"{wish.remedy or 'deployment'} on {target_of(request)}, {changed}{task} {wish.reason or ''}".rstrip(),)


def _who(request: Request) -> Words:
    counted = quorum_of(request).counted
    confirmed = " ".join(f"{person} ({request.roster.name(team)})" for person, team in counted)
    return (f", for {request.requester or harmless(request.name)}, confirmed by {confirmed or 'nobody'}",)


def _true_now(recorded: tuple[Recorded, ...]) -> Words:
    """What people said is true now, when they closed it by hand."""
    what = next((each.event.what for each in recorded if isinstance(each.event, e.ClosedByHand)), "")
    return ("; ", free(what)) if what.strip() else ()
