"""The line for the server admin log when a deployment started or ended: who asked, who confirmed, what and why."""

import re
from typing import Final

from tocsin.domain import events as e
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import Request
from tocsin.views.counting import quorum_of
from tocsin.views.lines import Words, fitted, free, harmless
from tocsin.views.outside import TURNS, about
from tocsin.views.phrases import target_of

HEAD_LETTERS: Final = 12
"""Of the hash: short enough for a line, and too long to be met by chance or by much work."""
COMMAND: Final = "!log "
_MARK: Final = re.compile(r" \[(record \S+)\]$")


def log_line(request: Request, recorded: tuple[Recorded, ...], head: str = "", *, late: bool = False) -> str:
    """Return the line when this act started or ended a deployment, else nothing; of a private request that alone.

    `head` is the record's tree head at that moment, its size and its hash: in the log it is held by others too. A line
    that comes `late` says when it happened.
    """
    turn = next((each for each in recorded if isinstance(each.event, TURNS)), None)
    if turn is None:
        return ""
    title = f"{COMMAND}{request.id} {about(turn.event, request)}"
    kept = f" [record {short(head)}]" if head else ""
    at = f", at {turn.at:%H:%M:%S} UTC" if late else ""
    if request.private:
        return f"{title} (private){kept}"
    return fitted((f"{title}: ", *_what(request), *_who(request, turn.event), at, *_true_now(turn.event), kept))


def short(head: str) -> str:
    """Return a tree head with the beginning of its hash: `1234:9f3a61c27b08`."""
    size, colon, root = head.rpartition(":")
    return f"{size}{colon}{root[:HEAD_LETTERS]}"


def marks_of(line: str) -> tuple[str, str]:
    """Return by what a line is known again: how it begins, and the head of the record in it, if there is one."""
    said = line.removeprefix(COMMAND)
    mark = _MARK.search(said)
    begins = re.match(r"\S+ [^:(]*[:(]", said)
    return begins[0] if begins else said, mark[1] if mark else ""


def by_hand(told: e.OutsideTold, request: Request) -> str:
    """Return what a person types in the place of a line; the head is left to us, and what is private is not typed."""
    return f"{COMMAND}{request.id} {told.about} (private)" if request.private else _MARK.sub("", told.text)


def _what(request: Request) -> Words:
    change = request.proposal.change if request.proposal else None
    wish, recipe = request.wish, request.proposal.plan.recipe if request.proposal else request.wish.recipe
    changed = change.label if change else f"recipe {recipe}"
    task = f" ({harmless(wish.task)})" if wish.task else ""
    return (f"{wish.remedy or 'deployment'} on {target_of(request)}, {changed}{task} {wish.reason or ''}".rstrip(),)


def _who(request: Request, event: e.Event) -> Words:
    counted = quorum_of(request).counted
    confirmed = " ".join(f"{person} ({request.roster.name(team)})" for person, team in counted)
    yes = f"confirmed by {confirmed or 'nobody'}"
    return (
        f", for {request.requester or harmless(request.name)}, ",
        "never confirmed" if isinstance(event, e.StartedOutside) else yes,
    )


def _true_now(event: e.Event) -> Words:
    """What people said is true now, when they closed it by hand."""
    what = event.what if isinstance(event, e.ClosedByHand) else ""
    return ("; ", free(what)) if what.strip() else ()
