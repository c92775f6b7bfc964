"""The OpenAPI document's parts: what is sent and answered, made from the commands themselves."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

from tocsin.domain.commands import VERBS, Verb
from tocsin.service.tokens import SCOPE_OF, WITH_ANY
from tocsin.web.api.problems import KIND

REFERENCE = "#/components/schemas/{model}"
BEARER = {"type": "http", "scheme": "bearer", "description": "A personal token: tcsn_…"}
SAID = {
    401: "No token, or one that is wrong, revoked or expired.",
    403: "The token lacks the scope.",
    404: "There is no such request, or none that you may see.",
    409: "It has changed since the position that you expected, the same key came before, or others were faster.",
    413: "The body is too long.",
    422: "The rules say no, with every reason, or what was sent is malformed.",
    429: "Too many wrong tokens from here, or too many streams.",
    500: "A mistake of the server; its log tells which.",
    503: "The record cannot be written or read, or the server is still starting: nothing was done.",
}
"""What each status means; every route lists those that it can have."""
OF_QUESTIONS = (401, 403, 404, 422, 429, 500, 503)
OF_ACTS = (401, 403, 404, 409, 413, 422, 429, 500, 503)


@dataclass(frozen=True, slots=True)
class Known:
    """Id and state of a request, which are never private."""

    request: str
    status: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was done or told: lines for people, and for programs the requests that it is about."""

    outcome: Literal["done", "told"]
    lines: list[str]
    requests: list[Known]
    position: int
    request: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    """Whose the token is, what it may be used for, and until when."""

    outcome: Literal["told"]
    lines: list[str]
    requests: list[Known]
    position: int
    person: str
    token: str
    scopes: list[str]
    expires: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was done (RFC 9457); `reasons` are sentences that say what to do next."""

    type: str
    title: str
    status: int
    detail: str
    outcome: Literal["refused", "malformed", "unknown", "conflict", "repeated", "unrecorded", "broken"]
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the record, as each message of a stream has it; `request` is nothing for the house itself."""

    position: int
    request: str | None
    at: str
    by: str
    surface: str
    kind: str
    sentence: str


def components() -> dict[str, Any]:
    """Return the schemas by name; an object takes no fields but its own, as `acts` has it."""
    kinds = (*(verb.meaning for verb in VERBS), Answer, Me, Problem, Event)
    _, made = TypeAdapter.json_schemas(
        [(kind.__name__, "validation", TypeAdapter(kind)) for kind in kinds], ref_template=REFERENCE
    )
    sent = {verb.meaning.__name__ for verb in VERBS} | {"Wish", "WikiEdit"}
    schemas: dict[str, Any] = made["$defs"]
    return {name: {**each, "additionalProperties": False} if name in sent else each for name, each in schemas.items()}


def answers(model: str, statuses: tuple[int, ...], kind: str = "application/json") -> dict[int | str, dict[str, Any]]:
    """Return every answer that a route can give."""
    text, told = {"text/plain": {"schema": {"type": "string"}}}, {KIND: {"schema": _named("Problem")}}
    by_the_guard = {413: text, 503: told | text}
    problems: dict[int | str, dict[str, Any]] = {
        each: {"description": SAID[each], "content": by_the_guard.get(each, told)} for each in statuses
    }
    shown = {"schema": _named(model)} if kind == "application/json" else {"schema": {"type": "string"}}
    return {200: {"description": "Done, or told.", "content": {kind: shown}}, **problems}


def sending(verb: Verb) -> dict[str, Any]:
    """Return what an act takes: its fields, and the headers that keep it from being done twice or too late."""
    schema = _named(verb.meaning.__name__)
    return {
        "requestBody": {"required": False, "content": {"application/json": {"schema": schema}}},
        "parameters": [
            _header("Idempotency-Key", "The act is done once for this key, however often it is sent.", "string")
            | {"schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{8,64}$"}},
            _header("Expected-Position", "Nothing is done if the request has changed since.", "integer"),
        ],
        "security": [{"token": []}],
    }


def describing(verb: Verb) -> str:
    """Return what an act does, the scope that it takes, and how the same is said on IRC."""
    scope = "any scope" if verb.name in WITH_ANY else f"scope {SCOPE_OF[verb.name]}"
    return f"{verb.help} Takes {scope}. On IRC: {verb.example}"


def _named(model: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model)}


def _header(name: str, description: str, kind: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": kind}}
