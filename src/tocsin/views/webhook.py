"""What another program is told of an event: plain values, and the sentence for people; of what is hidden, little."""

from collections.abc import Iterator
from typing import Any

from tocsin.domain import events as e
from tocsin.domain.recorded import Recorded
from tocsin.domain.request import Request
from tocsin.views.acting import Moment, unfolded
from tocsin.views.announcing import hidden as only_state
from tocsin.views.announcing import house_sentence
from tocsin.views.lines import harmless, whole
from tocsin.views.sentences.every import sentence

Told = dict[str, Any]
"""What is sent, in JSON's own types."""


def told(
    before: Request | None, recorded: tuple[Recorded, ...], *, hidden: bool, public_url: str = ""
) -> list[Told | None]:
    """Return what is told of each event of one act; of a hidden request nothing unless its state changed."""
    moments = unfolded(before, recorded)
    return [_told(each, moments, public_url, hidden=hidden) for each in recorded]


def _told(each: Recorded, moments: Iterator[Moment], public_url: str, *, hidden: bool) -> Told | None:
    if isinstance(each.event, e.HouseEvent):
        return _shown(each, house_sentence(each.event))
    moment = next(moments)
    request = moment.after
    place = {
        "request": str(request.id),
        "status": str(request.status),
        "url": f"{public_url}/{request.id}" if public_url else None,
    }
    if not hidden:
        return _shown(each, whole(request.id, sentence(moment.event, moment.before, request))) | place
    if moment.before is not None and moment.before.status is request.status:
        return None
    return _bare(each, only_state(request)) | place


def _shown(each: Recorded, text: str) -> Told:
    by = str(each.origin.person) if each.origin.person else harmless(each.origin.name)
    return _bare(each, text) | {
        "kind": type(each.event).__name__,
        "by": by,
        "verified": each.origin.person is not None,
        "surface": str(each.origin.surface),
    }


def _bare(each: Recorded, text: str) -> Told:
    """Spell all keys, so that a receiver finds the same ones in every delivery."""
    return {
        "position": each.position,
        "request": None,
        "at": each.at.isoformat(),
        "kind": None,
        "by": None,
        "verified": None,
        "surface": None,
        "sentence": text,
        "status": None,
        "url": None,
    }
