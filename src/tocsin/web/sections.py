"""The parts of a room, each an element with an id of its own: sent whole with the page, one by one as they change."""

import asyncio
import hashlib
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import cast

from tocsin.domain.people import Person
from tocsin.domain.recorded import StreamId
from tocsin.domain.request import Request
from tocsin.service.ports import Store
from tocsin.views.possible import ALWAYS_SHOWN, Choice, choices, wanted
from tocsin.views.printed import printed
from tocsin.views.room import Stage, begun, room
from tocsin.views.timeline import entries
from tocsin.web.office import Office
from tocsin.web.templating import render
from tocsin.web.visitors import NOBODY, Visitor

NEWEST_BYTES, LEAST_BYTES = 64 * 1024, 4 * 1024
"""Of what a step printed: its end, which is what people look for; of each step before the newest half as much."""
KEPT_OUTPUTS, KEPT_TIMELINES = 16, 64
NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})


async def shared(office: Office, request: Request) -> dict[str, str]:
    """Return the parts that are the same for everybody who may see the request, by the id of their element."""
    version = office.requests.version(StreamId(request.id))
    store = cast(Hashable, office.store)  # an object, known by itself
    happened = await asyncio.to_thread(_timeline, store, StreamId(request.id), version)
    shown = room(request, office.situation(request, NOBODY.speaker()))
    return {
        "head": render("parts/head.html", room=shown),
        "asked": render("parts/asked.html", room=shown),
        "confirming": render("parts/confirming.html", room=shown),
        "plan": render("parts/plan.html", room=shown),
        "timeline": happened,
    }


def personal(
    office: Office, request: Request, visitor: Visitor, typed: Mapping[str, str] = NOTHING_TYPED
) -> dict[str, str]:
    """Return the buttons of somebody; `typed` is what they wrote for what was refused, by verb and field."""
    situation = office.situation(request, visitor.speaker())
    offered = choices(request, situation)
    first = wanted(offered)
    parts = render(
        "parts/acts.html",
        request=request,
        word=request.proposal.check_word if request.proposal else "",
        first=first,
        others=[each for each in offered if each.possible and each is not first],
        barred=[each for each in offered if visitor.person and not each.possible and each.verb in ALWAYS_SHOWN],
        visitor=visitor,
        typed=typed,
        key=lambda choice: _key(office, request, choice),
    )
    return {"acts": parts}


async def outputs(office: Office, request: Request, person: Person | None) -> dict[str, str]:
    """Return what the steps printed, for people whom the directory knows: others are told to sign in."""
    stages = begun(request)
    told = await asyncio.to_thread(_printed, office, stages) if person else []
    return {"outputs": render("parts/outputs.html", outputs=told, hidden=bool(stages) and person is None)}


async def parts(
    office: Office, request: Request, visitor: Visitor, typed: Mapping[str, str] = NOTHING_TYPED
) -> dict[str, str]:
    """Return every part of a room for somebody, in the order in which they stand."""
    every = {
        **await shared(office, request),
        **personal(office, request, visitor, typed),
        **await outputs(office, request, visitor.person),
    }
    return {name: every[name] for name in ("head", "acts", "confirming", "asked", "plan", "outputs", "timeline")}


def _printed(office: Office, stages: Sequence[Stage]) -> list[str]:
    shares = [max(LEAST_BYTES, NEWEST_BYTES >> back) for back in reversed(range(len(stages)))]
    return [_end(office, stage, most) for stage, most in zip(stages, shares, strict=True)]


def _end(office: Office, stage: Stage, most: int) -> str:
    start = max(0, office.outputs.size(stage.attempt) - most)
    return _output(stage.attempt, stage.name, office.outputs.read(stage.attempt, start, most), start, most)


@lru_cache(maxsize=KEPT_TIMELINES)
def _timeline(store: Store, stream: StreamId, version: int) -> str:  # noqa: ARG001 - until there is more of it
    """What happened is the same at every look, until more has."""
    return render("parts/timeline.html", entries=entries(store.read(stream))[::-1])


@lru_cache(maxsize=KEPT_OUTPUTS)
def _output(attempt: str, name: str, data: bytes, start: int, most: int) -> str:
    """What a step that has ended printed is the same at every look."""
    return render("parts/output.html", attempt=attempt, name=name, output=printed(data, start, most))


def _key(office: Office, request: Request, choice: Choice) -> str:
    """Return the key of a form: the same until the request moves on, so that pressing twice is acting once.

    It is the same for everybody; whose act it is, is added where it is taken.
    """
    version = office.requests.version(StreamId(request.id))
    about = (request.id, str(version), choice.verb, *(value for _, value in choice.values))
    return hashlib.sha256("\0".join(about).encode()).hexdigest()[:32]
