"""Each verb and question as the HTTP API has it: a method and a path; how it is sent is for `remote`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

TOP = "/api/v1"
_ONE = f"{TOP}/requests/{{request}}"
ENDED = frozenset({"done", "rolled back", "closed by hand", "withdrawn", "refused", "expired", "started outside"})
"""The states of a request that is over; a test compares."""


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path; what is `about_one` needs an id in it."""

    method: str
    path: str

    @property
    def about_one(self) -> bool:
        """Say whether an id belongs into the path."""
        return "{request}" in self.path

    def of(self, request: str, words: str = "") -> str:
        """Return the path for a request, or with the kind of change that a question about windows names."""
        kind = f"?kind={quote(words, safe='')}" if words else ""
        return self.path.format(request=request) + kind


QUESTIONS: Mapping[str, Route] = MappingProxyType(
    {
        "list": Route("GET", f"{TOP}/requests"),
        "status": Route("GET", _ONE),
        **{name: Route("GET", f"{_ONE}/{name}") for name in ("who", "timeline", "report")},
        **{name: Route("GET", f"{TOP}/calendar/{name}") for name in ("now", "next", "nowandnext")},
        "irc": Route("GET", f"{TOP}/irc"),
    }
)
ACTS: Mapping[str, Route] = MappingProxyType(
    {
        "emergency": Route("POST", f"{TOP}/requests"),
        **{name: Route("POST", f"{TOP}/people/{name}") for name in ("suspend", "restore")},
        **{
            name: Route("POST", f"{_ONE}/{name}")
            for name in (
                *("describe", "confirm", "unconfirm", "hold", "lift", "take", "go", "good", "stop", "resume"),
                *("rollback", "live", "abort", "ran", "here", "wake", "note", "adopt", "refuse", "need", "waive"),
                *("give", "unlock", "renew", "withdraw", "close", "private", "public"),
            )
        },
    }
)
WHATEVER_RUNS = Route("POST", f"{TOP}/stop")
EVENTS = Route("GET", f"{_ONE}/events")


def route_of(asking: Mapping[str, Any]) -> Route:
    """Return the route of what is asked; a stop without an id is about whatever runs."""
    verb = str(asking["verb"])
    if verb == "stop" and not asking.get("request"):
        return WHATEVER_RUNS
    return QUESTIONS[verb] if verb in QUESTIONS else ACTS[verb]


def open_in(answer: Mapping[str, Any]) -> list[str]:
    """Return the ids of the open requests in an answer."""
    shown = answer.get("requests")
    known = [each for each in shown if isinstance(each, dict)] if isinstance(shown, list) else []
    return [str(each.get("request")) for each in known if each.get("status") not in ENDED]


def which_one(verb: str, names: list[str]) -> dict[str, Any]:
    """Answer an act that names no request, where not exactly one is open."""
    if not names:
        return {"outcome": "unknown", "lines": ["Which request? None is open; to see them: !list"]}
    sentence = f"Which request? Open are {', '.join(names)}. Say the id too, e.g.  !{verb} {names[0]}"
    return {"outcome": "unknown", "lines": [sentence]}
