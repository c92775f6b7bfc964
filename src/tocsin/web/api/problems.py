"""What a program is told when nothing was done: a problem of RFC 9457, with every reason and what to do about it."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tocsin.domain.errors import TocsinError
from tocsin.service.answers import answer_to

KIND = "application/problem+json"
STATUSES = {"refused": 422, "malformed": 422, "unknown": 404, "conflict": 409, "repeated": 409, "unrecorded": 503}
OUTCOMES = {401: "refused", 403: "refused", 404: "unknown", 405: "malformed", 422: "malformed", 429: "conflict"}


class Denied(TocsinError):
    """A call that comes to nothing before its act is looked at: by whom it is, or when."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        """Take the status of the answer, what is told, and headers that tell programs the same."""
        super().__init__(sentence)
        self.status = status
        self.headers = dict(headers or {})


def plain(value: Mapping[str, Any], status: int = 200, kind: str = "application/json") -> Response:
    """Return values as JSON in ASCII: a half of a pair of surrogates, which a text may hold, breaks nothing."""
    return Response(json.dumps(value, separators=(",", ":")), status, media_type=kind)


def problem(status: int, outcome: str, *reasons: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem with its reasons, in the order in which they are to be read."""
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": " ".join(reasons),
        "outcome": outcome,
        "reasons": list(reasons),
    }
    answer = plain(told, status, KIND)
    answer.headers.update(headers or {})
    return answer


async def of_ours(_: Request, error: Exception) -> Response:
    """Answer what the service or the rules say no to."""
    assert isinstance(error, TocsinError), "it is registered for these"
    if isinstance(error, Denied):
        return problem(error.status, OUTCOMES.get(error.status, "refused"), str(error), headers=error.headers)
    told = answer_to(error)
    return problem(STATUSES[told["outcome"]], told["outcome"], *told["lines"])


async def of_http(_: Request, error: Exception) -> Response:
    """Answer an address or a method that is not there."""
    assert isinstance(error, HTTPException), "it is registered for these"
    sentence = f"{HTTPStatus(error.status_code).phrase}. Every address there is: /api/docs"
    return problem(error.status_code, OUTCOMES.get(error.status_code, "malformed"), sentence, headers=error.headers)


async def of_parameters(_: Request, error: Exception) -> Response:
    """Answer a parameter that is not what the document says."""
    assert isinstance(error, RequestValidationError), "it is registered for these"
    return problem(422, "malformed", *(f"{each['loc'][-1]}: {each['msg']}." for each in error.errors()))


async def of_a_flaw(_: Request, __: Exception) -> Response:
    """Answer a mistake of ours; what it was is for the log."""
    return problem(500, "broken", "Something went wrong in the server; its log tells what. Look before you repeat it.")
