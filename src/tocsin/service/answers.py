"""What a client is answered, as plain values: an outcome, the lines for people, and the requests for programs."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tocsin.domain.errors import AlreadyActed, Malformed, RecordUnavailable, Refused, TocsinError, UnknownRequest
from tocsin.domain.request import Request
from tocsin.service.requests import Happening


def done(
    happened: Sequence[Happening], say: Callable[[Happening], list[str]], also: Iterable[str] = ()
) -> dict[str, Any]:
    """Answer an act: what each request heard of it, and how it stands now."""
    lines = [each for happening in happened for each in say(happening) or _as_before(happening)]
    return {"outcome": "done", "lines": [*lines, *also], **_known([each.after for each in happened if each.after])}


def told(lines: Sequence[str], about: Sequence[Request]) -> dict[str, Any]:
    """Answer a question, with id and state of what it is about."""
    return {"outcome": "told", "lines": list(lines), **_known(about)}


def problem(outcome: str, *reasons: str) -> dict[str, Any]:
    """Answer what came to nothing, with every reason."""
    return {"outcome": outcome, "lines": list(reasons)}


def answer_to(error: TocsinError) -> dict[str, Any]:
    """Answer an error by what the person can do about it."""
    match error:
        case Refused():
            return problem("refused", *error.reasons)
        case UnknownRequest():
            return problem("unknown", str(error))
        case RecordUnavailable():
            return problem("unrecorded", f"Nothing was done: the record cannot be written ({error}).")
        case AlreadyActed():
            return problem("repeated", "This very act was recorded before; it is not counted twice.")
        case Malformed():
            return problem("malformed", str(error))
        case _:
            return problem("conflict", str(error))


def _known(requests: Sequence[Request]) -> dict[str, Any]:
    """The id and the state of a request are never private; more than these two could be."""
    shown = [{"request": each.id, "status": str(each.status)} for each in requests]
    return {**(shown[0] if len(shown) == 1 else {}), "requests": shown}


def _as_before(happening: Happening) -> list[str]:
    if happening.after is None:
        return ["It is so." if happening.recorded else "It was so already."]
    return [f"{happening.after.id} is {happening.after.status}{'' if happening.recorded else ', as before'}."]
