"""What an HTTP server replied, as the answer that this machine's socket would have given, whatever came."""

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tocsin.cli.exits import BY_OUTCOME
from tocsin.cli.naming import Server

PROBLEM = "application/problem+json"
_BY_STATUS = MappingProxyType(
    {
        401: "refused",
        403: "refused",
        404: "unknown",
        409: "conflict",
        422: "refused",
        429: "conflict",
        503: "unrecorded",
    }
)
_BEHIND_A_PROXY = frozenset({502, 503, 504})
_LONGEST_LOCATION = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it came: its status, the headers that count here, and its body."""

    status: int
    kind: str
    body: bytes
    location: str = ""
    retry_after: str = ""


def answer_of(reply: Reply, server: Server) -> dict[str, Any]:
    """Return the answer in a reply; a token that the other side repeats is not in it."""
    token = server.token
    body = reply.body.replace(token.encode(), b"[token]")
    if 300 <= reply.status < 400:
        leads = reply.location.replace(token, "[token]")[:_LONGEST_LOCATION]
        to = f" It leads to {leads}" if leads else ""
        return _strange(f"{server.url} sends elsewhere, and your token goes only where you said. Check --server.{to}")
    said = _object(body)
    if said is not None and 200 <= reply.status < 300 and _is_answer(said):
        return said
    if said is not None and reply.status >= 400 and reply.kind == PROBLEM:
        return _problem(said, reply, server)
    if reply.status in _BEHIND_A_PROXY:
        wait = "It may be starting again: say it again in a minute."
        return _strange(f"A proxy at {server.url} says that the server behind it is silent ({reply.status}). {wait}")
    what = f"{reply.kind or 'something unnamed'}, status {reply.status}"
    return _strange(f"What answers at {server.url} is not tocsin's API (it sent {what}). Check --server.")


def _problem(said: dict[str, Any], reply: Reply, server: Server) -> dict[str, Any]:
    """A problem names its outcome and every reason; what it leaves out follows from its status."""
    named = said.get("outcome")
    known = isinstance(named, str) and named in BY_OUTCOME and named not in ("done", "told")
    outcome = named if known else _BY_STATUS.get(reply.status, "broken" if reply.status >= 500 else "malformed")
    reasons = said.get("reasons")
    lines = [each for each in reasons if isinstance(each, str)] if isinstance(reasons, list) else []
    words = said.get("detail") or said.get("title") or f"The server says no, and not why (status {reply.status})."
    more = {"position": said["position"]} if "position" in said else {}
    return {"outcome": outcome, "lines": [*(lines or [str(words)]), *_remedy(reply, server)], **more}


def _remedy(reply: Reply, server: Server) -> list[str]:
    if reply.status == 401:
        return [f"The token is the one of {server.source}: if it expired or was taken back, make another on the page."]
    if reply.status == 429 and reply.retry_after.isdecimal():
        return [f"Say it again in {reply.retry_after[:6]} s."]
    return []


def _is_answer(said: dict[str, Any]) -> bool:
    return said.get("outcome") in BY_OUTCOME and isinstance(said.get("lines"), list)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _strange(sentence: str) -> dict[str, Any]:
    return {"outcome": "unreachable", "lines": [sentence]}
