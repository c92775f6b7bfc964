"""The comment on a task when a deployment has ended: what, who confirmed, how it ended, and the record's head.

Law: what came from outside stands between backticks, so that no tracker makes of it a mention, a link or an embedded
object.
"""

from collections.abc import Iterator
from typing import Final

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.views.counting import quorum_of
from tocsin.views.lines import cut, harmless
from tocsin.views.outside import Turn
from tocsin.views.phrases import counted_for, target_of

LONGEST_PIECE_BYTES: Final = 600
"""Of one text from outside: a comment is read among others."""


def task_comment(turn: Turn, head: str = "", public_url: str = "") -> str:
    """Return the comment, a few lines of plain text; `head` is the record's tree head, its size and its hash."""
    return "\n".join(_lines(turn, head, public_url))


def _lines(turn: Turn, head: str, public_url: str) -> Iterator[str]:
    request = turn.request
    at = f"{turn.recorded.at:%H:%M} UTC"
    yield f"{request.id} is {request.status}: {_what(request)} on {target_of(request)}, at {at}."
    asker = str(request.requester) if request.requester else _quoted(request.name)
    kind = request.wish.reason or "an emergency"
    why = f": {_quoted(request.wish.sentence)}" if request.wish.sentence.strip() else ""
    yield f"Asked for by {asker}, {kind}{why}"
    yield f"Confirmed by {counted_for(request, quorum_of(request).counted) or 'nobody'}."
    yield from _outcome(turn.recorded.event)
    if public_url:
        yield f"{public_url.rstrip('/')}/{request.id}"
    if head:
        size, _, root = head.rpartition(":")
        yield f"Record: {f'{size} entries, head ' if size else 'head '}{root}"


def _what(request: Request) -> str:
    proposal, wish = request.proposal, request.wish
    change = proposal.change if proposal else None
    recipe = proposal.plan.recipe if proposal else wish.recipe
    what = f"{change.label} {_quoted(change.subject)}" if change else f"recipe {recipe}"
    return f"{wish.remedy or 'deployment'} by {what}"


def _outcome(event: e.Event) -> Iterator[str]:
    match event:
        case e.RequestDone() | e.RolledBack():
            yield f"{'Gone' if isinstance(event, e.RolledBack) else 'Live'}: {_quoted(event.saw)}"
            if event.follow_ups:
                yield f"Left to do: {_quoted('; '.join(event.follow_ups))}"
        case e.ClosedByHand():
            yield f"True now: {_quoted(event.what)}"
        case _:
            pass


def _quoted(text: str) -> str:
    return f"`{cut(harmless(text).replace('`', chr(39)), LONGEST_PIECE_BYTES)}`"
