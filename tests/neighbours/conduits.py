"""A small Phabricator on loopback: a Conduit with a few tasks and people, and the page that tells of the train."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.neighbours.sites import Server, serving

TOKEN = "api-thisisnotarealtokenatall0000"
TRAIN = "/train.json"
ADA, LIN = "PHID-USER-adaadaadaadaadaadaad", "PHID-USER-linlinlinlinlinlinli"
SPACE = "PHID-SPCE-everybodyeverybody00"


def fields(**other: object) -> dict[str, Any]:
    """Return what Maniphest tells of a task that everybody may read, with some of it otherwise."""
    told = {
        "name": "Painted pages are lost",
        "description": {"raw": "since noon"},
        "authorPHID": ADA,
        "ownerPHID": None,
        "status": {"value": "open", "name": "Open", "color": None},
        "priority": {"value": 100, "name": "Unbreak Now!", "color": "pink"},
        "spacePHID": None,
        "policy": {"view": "public", "interact": "public", "edit": "users"},
        "custom.security_topic": "default",
    }
    return {**told, **other}


def without(key: str) -> dict[str, Any]:
    """Return such a task, with one thing left out."""
    return {name: each for name, each in fields().items() if name != key}


@dataclass(slots=True)
class Phabricator:
    """What is on the site; `instead` is sent for a method or a path in place of its own answer."""

    address: str = ""
    token: str = TOKEN
    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: list[tuple[str, str]] = field(default_factory=list)
    read_only: set[int] = field(default_factory=set)
    train: Any = None
    instead: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    seconds: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def errs(self, method: str, code: object, info: str) -> None:
        """Answer a method with an error, as Conduit does: the HTTP status stays 200."""
        self.instead[method] = json.dumps({"result": None, "error_code": code, "error_info": info}).encode()

    def tells(self, method: str, result: object) -> None:
        """Answer a method with a result of any shape."""
        self.instead[method] = json.dumps({"result": result, "error_code": None, "error_info": None}).encode()

    def answer(self, method: str, form: dict[str, list[str]]) -> dict[str, Any]:
        """Answer as Conduit does."""
        asked = json.loads(form["params"][0])
        token = asked.pop("__conduit__")["token"]
        if form["output"] != ["json"]:
            return _error("ERR-CONDUIT-CORE", "no such output")
        if token != self.token:
            return _error("ERR-INVALID-AUTH", f'API token "{token}" has the wrong length.')
        match method:
            case "maniphest.search":
                return _result({"data": [self._task(n) for n in asked["constraints"]["ids"] if n in self.tasks]})
            case "user.search":
                return _result({"data": [self._person(p) for p in asked["constraints"]["phids"] if p in self.people]})
            case "user.whoami":
                return _result({"phid": ADA, "userName": "tocsin-bot", "realName": "Tocsin"})
            case "maniphest.edit":
                return self._edited(asked)
        return _error("ERR-CONDUIT-CALL", f"Conduit method {method!r} does not exist.")

    def _task(self, number: int) -> dict[str, Any]:
        return {"id": number, "type": "TASK", "phid": f"PHID-TASK-{number}", "fields": self.tasks[number]}

    def _person(self, phid: str) -> dict[str, Any]:
        return {"id": 1, "type": "USER", "phid": phid, "fields": self.people[phid]}

    def _edited(self, asked: dict[str, Any]) -> dict[str, Any]:
        name = asked["objectIdentifier"]
        number = int(name[1:])
        if number not in self.tasks or number in self.read_only:
            return _error("ERR-CONDUIT-CORE", f'Monogram "{name}" does not identify a valid object.')
        self.comments += [(name, each["value"]) for each in asked["transactions"] if each["type"] == "comment"]
        done = {"object": {"id": number, "phid": f"PHID-TASK-{number}"}, "transactions": [{"phid": "PHID-XACT-TASK-x"}]}
        return _result(done)


def _result(result: object) -> dict[str, Any]:
    return {"result": result, "error_code": None, "error_info": None}


def _error(code: str, info: str) -> dict[str, Any]:
    return {"result": None, "error_code": code, "error_info": info}


@contextmanager
def phabricator() -> Iterator[Phabricator]:
    """Serve until the block ends."""
    server = Server(("127.0.0.1", 0), _Handler)
    served = Phabricator(f"http://127.0.0.1:{server.server_address[1]}")
    with serving(server, served):
        yield served


class _Handler(http.server.BaseHTTPRequestHandler):
    """Sends what the site tells."""

    def do_POST(self) -> None:
        served: Phabricator = self.server.served  # type: ignore[attr-defined] # put there above
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        method = self.path.removeprefix("/api/")
        served.asked.append(method)
        served.bodies.append(body)
        self._send(method, lambda: served.answer(method, parse_qs(body)))

    def do_GET(self) -> None:
        served: Phabricator = self.server.served  # type: ignore[attr-defined] # put there above
        served.asked.append(self.path)
        self._send(self.path, lambda: served.train)

    def _send(self, what: str, told: Any) -> None:  # noqa: ANN401 - any JSON
        served: Phabricator = self.server.served  # type: ignore[attr-defined] # put there above
        served.over.wait(served.seconds)
        content = served.instead.get(what) or json.dumps(told()).encode()
        self.send_response(served.statuses.get(what, 200))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass
