"""Sentences about what became of telling others: in the admin log, and on the task."""

from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.views.admin_log import by_hand
from tocsin.views.lines import Said, free, harmless
from tocsin.views.phrases import ending


def told_outside(event: e.OutsideTold, request: Request) -> Said:
    """Others were told, or could not be; of a line that is missing, what to type in its place."""
    what = f"its {harmless(event.about)} line for the {event.place}"
    match event.outcome:
        case e.Arrival.SENT:
            return Said((f"{what} is sent: ", free(event.text)))
        case e.Arrival.SEEN:
            return Said((f"{what} was seen there.",))
        case e.Arrival.FAILED:
            return Said((f"{what} could not be sent yet: ", *ending(event.detail)))
        case e.Arrival.MISSING:
            return _missing(event, request)
        case _:
            assert_never(event.outcome)


def _missing(event: e.OutsideTold, request: Request) -> Said:
    """Where it could not be looked for, nobody is told that it is not there."""
    typed = free(by_hand(event, request))
    if event.detail:
        why = (f"its {harmless(event.about)} line may be missing in the {event.place} (", free(event.detail), "). ")
        return Said((*why, "If it is, say it yourself: ", typed))
    return Said((f"its {harmless(event.about)} line never appeared in the {event.place}. Say it yourself: ", typed))
