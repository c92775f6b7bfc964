"""The document as a page for people: each route with what it takes and answers, without any script."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tocsin.web.office import Office
from tocsin.web.templating import page
from tocsin.web.visitors import visitor_of

Schemas = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """One field, parameter or header."""

    name: str
    kind: str
    needed: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One route."""

    method: str
    path: str
    summary: str
    about: str
    takes: tuple[Taken, ...]
    fields: tuple[Taken, ...]
    curl: str
    answers: tuple[tuple[str, str], ...]


def docs_page(office: Office, document: Callable[[], dict[str, Any]]) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers /api/docs."""

    async def docs(asked: Request) -> Response:
        routes = tuple(shown(document(), office.settings.public_url))
        return page(office, await visitor_of(office, asked), "api.html", routes=routes)

    return docs


def shown(document: dict[str, Any], public_url: str) -> Iterator[Shown]:
    """Yield each route of a document."""
    schemas: Schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            fields = tuple(_fields(route, schemas))
            yield Shown(
                method.upper(),
                f"/api{path}",
                route.get("summary", ""),
                route.get("description", ""),
                tuple(_taken(route)),
                fields,
                _curl(method, f"{public_url}/api{path}", fields),
                tuple((status, each["description"]) for status, each in route["responses"].items()),
            )


def _taken(route: dict[str, Any]) -> Iterator[Taken]:
    for each in route.get("parameters", ()):
        yield Taken(each["name"], each["in"], bool(each.get("required")), each.get("description", ""))


def _fields(route: dict[str, Any], schemas: Schemas) -> Iterator[Taken]:
    if "requestBody" not in route:
        return
    named = route["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    yield from _of_schema(named, schemas, "")


def _of_schema(reference: str, schemas: Schemas, before: str) -> Iterator[Taken]:
    schema = schemas[reference.rpartition("/")[2]]
    needed = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        inner = schemas.get(each.get("$ref", "").rpartition("/")[2], {})
        yield Taken(before + name, _kind(each, schemas), name in needed)
        if "properties" in inner:
            yield from _of_schema(each["$ref"], schemas, f"{before}{name}.")


def _kind(schema: dict[str, Any], schemas: Schemas) -> str:
    if "$ref" in schema:
        return _kind(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return " or ".join(_kind(each, schemas) for each in schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    return str(schema.get("type", "anything"))


def _curl(method: str, address: str, fields: tuple[Taken, ...]) -> str:
    """Write how a shell asks for it; the token comes from a file, so that it is in no list of processes."""
    bearing = "-H @token.header" if method == "post" else ""
    needed = {each.name: "…" for each in fields if each.needed and "." not in each.name and each.kind != "object"}
    sent = f"-d '{json.dumps(needed, ensure_ascii=False)}'" if method == "post" else ""
    return " ".join(filter(None, ("curl", bearing, sent, address.replace("{request_id}", "E17"))))
