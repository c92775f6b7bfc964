"""Everything that happened to a request, each event with its time, who brought it about, and where."""

from collections.abc import Iterable

from tocsin.domain import events as e
from tocsin.domain.people import Surface
from tocsin.domain.recorded import Origin, Recorded
from tocsin.views.acting import unfolded
from tocsin.views.lines import harmless, whole
from tocsin.views.sentences.every import sentence

BY_ITSELF = frozenset({Surface.TOCSIN, Surface.RUNNER})


def timeline(recorded: Iterable[Recorded]) -> list[str]:
    """Return a line for each event of one request's stream, from its opening on; nothing is left out or cut."""
    every = tuple(each for each in recorded if not isinstance(each.event, e.HouseEvent))
    said = (
        whole(moment.after.id, sentence(moment.event, moment.before, moment.after)) for moment in unfolded(None, every)
    )
    return [
        f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {_by(each.origin)}  {text}" for each, text in zip(every, said, strict=True)
    ]


def _by(origin: Origin) -> str:
    if origin.surface in BY_ITSELF:
        return harmless(origin.name)
    name = str(origin.person) if origin.person else f"{harmless(origin.name)}, not verified"
    return f"{name}, {origin.surface}"
