"""Questions and acts over HTTP: the very objects of this machine's socket, with the position in the record."""

import json
import re
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from tocsin.domain.commands import Command, Confirm, HouseCommand
from tocsin.domain.commands.opening import Ask
from tocsin.domain.errors import Malformed, Refused, UnknownRequest
from tocsin.domain.people import RequestId
from tocsin.domain.policy import Fresh
from tocsin.domain.request import Request
from tocsin.service.acts import command
from tocsin.service.answering import Answering
from tocsin.service.answers import told
from tocsin.service.seeing import may_hear_private, may_see, whatever_runs
from tocsin.web.api.callers import Caller, Keyring, must_do
from tocsin.web.api.problems import plain
from tocsin.web.office import Office
from tocsin.web.repeats import digest

_ID = re.compile(r"E[1-9][0-9]{0,8}", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


class Calls:
    """Answers one call after the other."""

    def __init__(self, office: Office, keyring: Keyring) -> None:
        """Take what it works with."""
        self._office = office
        self._keyring = keyring
        self._answering = Answering(office.handler, office.directory, office.in_words)

    async def told(self, asked: HttpRequest, verb: str, named: str = "", words: str = "") -> Response:
        """Answer a question, as far as the caller may hear; without a token that is what is public."""
        caller = await self._keyring.caller(asked)
        caller.must_read()
        about = self.seen(named, caller).id if named else None
        office, speaker = self._office, caller.speaker()
        private = may_hear_private(about, speaker, office.requests, office.directory())
        lines = await office.questions.answer(verb, about, words, speaker, may_hear_private=private)
        shown = office.requests.find(about) if about else None
        return self._answer(told(lines, (shown,) if shown else office.requests.open()))

    async def done(self, asked: HttpRequest, verb: str, named: str = "") -> Response:
        """Act for the owner of the token; raises what the rules say no by."""
        caller = await self._keyring.caller(asked)
        must_do(caller, verb)
        key = _header(asked, "idempotency-key", _KEY, "has 8 to 64 letters, digits or dashes")
        expected = _header(asked, "expected-position", _NUMBER, "is a position in the record, such as 412")
        fields = await _fields(asked)
        wanted = command(verb, fields, self._office.directory())
        meant: tuple[RequestId | None, ...] = (None,)
        if named:
            request = self.seen(named, caller)
            _asks_no_device(wanted, request, self._office.settings.public_url)
            meant = (request.id,)
        elif not isinstance(wanted, Ask | HouseCommand):
            meant = whatever_runs(self._office.requests)
        said = json.dumps([verb, named.upper(), fields], sort_keys=True)
        speaker = caller.speaker(f"{key} {digest([said])}" if key else "")
        return self._answer(await self._answering.act(wanted, speaker, meant, int(expected) if expected else None))

    async def me(self, asked: HttpRequest) -> Response:
        """Tell whose the token is, what it is for, and how long."""
        caller = await self._keyring.caller(asked)
        token = caller.must_be_somebody()
        ends = {"scopes": sorted(token.scopes), "expires": f"{token.ends:%Y-%m-%dT%H:%M:%SZ}"}
        return self._answer(
            {**told([f"{token.person}: {token.line()}"], ()), "person": token.person, "token": token.name, **ends}
        )

    def seen(self, named: str, caller: Caller) -> Request:
        """Return a request; raises `UnknownRequest`, in the same words, where there is none or it is not for them."""
        name = named.upper()
        request = self._office.requests.find(RequestId(name)) if _ID.fullmatch(name) else None
        if request is None or not may_see(request, caller.person):
            raise UnknownRequest("There is no such request, or none that you may see. Ids look like E17.")
        return request

    def _answer(self, answer: dict[str, Any]) -> Response:
        return plain({**answer, "position": self._office.requests.position})


def _asks_no_device(wanted: Command, request: Request, public_url: str) -> None:
    """Raise `Refused` for a yes that a token is not enough for: nobody's device vouches for a program."""
    if isinstance(wanted, Confirm) and request.policy.fresh is not Fresh.NONE:
        irc = f"!confirm {request.id} {wanted.check_word}"
        page = f"{public_url}/{request.id}"
        raise Refused(
            [f"This policy asks for your passkey or a one-time code: say your yes at {page} or on IRC: {irc}"]
        )


def _header(asked: HttpRequest, name: str, pattern: re.Pattern[str], rule: str) -> str:
    given = asked.headers.get(name, "")
    if given and not pattern.fullmatch(given):
        raise Malformed(f"{name.title()} {rule}.")
    return given


async def _fields(asked: HttpRequest) -> dict[str, Any]:
    """Read the body without a library that knows more kinds than `acts` does."""
    body = await asked.body()
    try:
        sent = await asked.json() if body else {}
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is no JSON.") from error
    if not isinstance(sent, dict):
        raise Malformed('The body is an object, such as {"reason": "who is watching the caches?"}.')
    return sent
