"""Everything that happened to a request, each event with its time, who brought it about, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.domain import events as e
from tocsin.domain.people import Surface
from tocsin.domain.recorded import Origin, Recorded
from tocsin.views.acting import unfolded
from tocsin.views.lines import harmless, whole
from tocsin.views.sentences.every import sentence

BY_ITSELF = frozenset({Surface.TOCSIN, Surface.RUNNER})


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in words: when, who brought it about and where, and what happened."""

    at: datetime
    by: str
    text: str


def entries(recorded: Iterable[Recorded]) -> list[Entry]:
    """Return each event of one request's stream, from its opening on; nothing is left out or cut."""
    every = tuple(each for each in recorded if not isinstance(each.event, e.HouseEvent))
    said = (
        whole(moment.after.id, sentence(moment.event, moment.before, moment.after)) for moment in unfolded(None, every)
    )
    return [Entry(each.at, _by(each.origin), text) for each, text in zip(every, said, strict=True)]


def timeline(recorded: Iterable[Recorded]) -> list[str]:
    """Return the same in a line for each event."""
    return [f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {each.by}  {each.text}" for each in entries(recorded)]


def _by(origin: Origin) -> str:
    if origin.surface in BY_ITSELF:
        return harmless(origin.name)
    name = str(origin.person) if origin.person else f"{harmless(origin.name)}, not verified"
    return f"{name}, {origin.surface}"
