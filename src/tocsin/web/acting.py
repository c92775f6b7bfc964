"""Acts from the forms of a room: the same commands, through the same handler, as from any surface.

Law: who acts on what they no longer see is refused and shown it anew; what only makes things safer is not.
"""

import asyncio
from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from tocsin.domain.commands import VERBS, Command
from tocsin.domain.errors import AlreadyActed, Malformed, Refused, TocsinError
from tocsin.domain.people import RequestId
from tocsin.domain.request import Request
from tocsin.service.acts import command
from tocsin.service.handler import Act
from tocsin.web.flashes import Flashes
from tocsin.web.office import Office
from tocsin.web.proving import vouched
from tocsin.web.refusals import told
from tocsin.web.repeats import pressed
from tocsin.web.rooms import found, room_page
from tocsin.web.visitors import Visitor, visitor_of

WHATEVER_IS_SEEN = frozenset({"stop", "hold", "abort", "note", "here", "wake"})
"""They make things safer, or bind nobody: a page that is behind keeps nobody from them."""
OURS = frozenset({"act", "status", "word", "assertion", "code"})
ANSWERS = {"yes": True, "no": False}
OF_A_ROOM = frozenset(verb.name for verb in VERBS) - {"emergency", "describe", "suspend", "restore"}


class Acting:
    """Takes what people say with a button."""

    def __init__(self, office: Office, flashes: Flashes) -> None:
        """Take what it works with."""
        self._office = office
        self._flashes = flashes

    async def act(self, asked: HttpRequest) -> Response:
        """Act, and lead back to the room; what is refused is told on it, with what was typed."""
        visitor = await visitor_of(self._office, asked)
        request, verb = found(self._office, asked.path_params["request_id"], visitor), asked.path_params["verb"]
        form = await asked.form(max_files=0, max_fields=20)
        try:
            await self._said(request, verb, form, visitor)
        except AlreadyActed:
            pass  # pressed twice: what it brought about is told already
        except TocsinError as error:
            typed = {f"{verb} {name}": value for name, value in texts(form).items()}
            status, reasons = told(error)
            return await room_page(self._office, request.id, visitor, status=status, reasons=reasons, typed=typed)
        return RedirectResponse(f"/{request.id}", status_code=303)

    async def _said(self, request: Request, verb: str, form: FormData, visitor: Visitor) -> None:
        if verb not in OF_A_ROOM:
            raise Malformed(f"There is no {verb[:40]} here.")
        fields = texts(form)
        if verb not in WHATEVER_IS_SEEN and visitor.person:
            still_seen(request, fields)
        wanted = wanted_by(verb, fields, self._office)
        said = (f"{name}={fields[name]}" for name in sorted(fields.keys() - OURS))
        key = pressed(fields.get("act", ""), visitor.session, said)
        try:
            proof = await vouched(self._office, visitor, request, wanted, fields)
        except Refused as refused:
            if await self._was_said(key):
                raise AlreadyActed(f"{key} was recorded before.") from refused
            raise
        speaker = visitor.speaker(act=key, proof=proof)
        happening = await self._office.handler.handle(Act(speaker, wanted, RequestId(request.id)))
        if visitor.session:
            self._flashes.leave(visitor.session.id, self._office.in_words(happening))

    async def _was_said(self, key: str) -> bool:
        """What vouched for it is used up when it comes twice."""
        return bool(key) and await asyncio.to_thread(self._office.store.has_act, key)


def wanted_by(verb: str, fields: Mapping[str, str], office: Office) -> Command:
    """Return the command that a form of a room makes; raises `Malformed` naming the field."""
    given = {name: _value(name, value) for name, value in fields.items() if name not in OURS}
    return command(verb, given, office.directory())


def texts(form: FormData) -> dict[str, str]:
    """Return the fields of a form; files are none."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _value(name: str, value: str) -> object:
    """A form knows only text; a line that came in several is one, as it would be on IRC."""
    if name in ("live", "ran"):
        return ANSWERS.get(value, value)
    return " ".join(value.split())


def still_seen(request: Request, fields: Mapping[str, str]) -> None:
    """Raise `Refused` where a form was made of something that has changed since."""
    word = request.proposal.check_word if request.proposal else ""
    if (fields.get("status"), fields.get("word")) != (request.status, word):
        now = f"It is {request.status} now"
        raise Refused(
            [f"{request.id} has changed since you saw it, so nothing was done. {now}: look, then say it again."]
        )
