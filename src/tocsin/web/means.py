"""A person's own pages: their passkeys, their one-time codes, their tokens, and their word for a colleague."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tocsin.domain.commands import EnrolPasskey, PasskeyCommand, RemovePasskey, VouchForPasskey
from tocsin.domain.errors import Malformed, TocsinError
from tocsin.domain.people import Directory, Person, PersonId
from tocsin.record.passkeys import Bound
from tocsin.service.credentials import Session
from tocsin.service.handler import Act
from tocsin.service.tokens import MEANINGS, Scope
from tocsin.web.acting import texts
from tocsin.web.flashes import Flashes
from tocsin.web.office import Office
from tocsin.web.one_time_codes import AppCodes
from tocsin.web.passkeys import Passkeys, Proven, credential_in
from tocsin.web.proving import known_anew
from tocsin.web.refusals import told
from tocsin.web.sections import NOTHING_TYPED
from tocsin.web.templating import page
from tocsin.web.visitors import NOBODY_DOUBT, Visitor, visitor_of

MOST_FIELDS = 20
DAYS = re.compile(r"[0-9]{1,3}", re.ASCII)
CODES = "one-time codes"
"""What a passkey is asked about when it vouches for a change of them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody who is signed in sent."""

    visitor: Visitor
    person: Person
    session: Session
    fields: Mapping[str, str]

    def field(self, name: str) -> str:
        """Return a field as one line."""
        return " ".join(self.fields.get(name, "").split())


async def sent(office: Office, asked: HttpRequest) -> Sent | None:
    """Return what was sent, or nothing where nobody is signed in."""
    visitor = await visitor_of(office, asked)
    if visitor.person is None or visitor.session is None:
        return None
    form = await asked.form(max_files=0, max_fields=MOST_FIELDS)
    return Sent(visitor, visitor.person, visitor.session, texts(form))


def bound_change(office: Office, form: Sent) -> Bound:
    """Return what a passkey must sign for the change that a form asks for; raises `Malformed` or `Refused`."""
    about = {
        "enrol": lambda: credential_in(form.fields.get("credential", "")),
        "remove": lambda: form.field("passkey"),
        "vouch": lambda: form.field("whom"),
        "codes": lambda: CODES,
        "tokens": lambda: f"{form.field('do')} the token {form.field('name')}",
        "restore": lambda: str(form.person.id),
    }.get(form.field("change"))
    if about is None:
        raise Malformed("There is no such change.")
    return Passkeys(office).bound(form.person, form.field("change"), about())


class Means:
    """Answers for these pages."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office
        self._passkeys = Passkeys(office)
        self._codes = AppCodes(office)
        self._flashes = Flashes()
        self._changes = {
            "passkeys": self._change_passkeys,
            "codes": self._change_codes,
            "tokens": self._change_tokens,
            "vouch": self._vouch,
        }

    def routes(self) -> list[Route]:
        """Return the addresses."""
        routes = [Route(f"/me/{name}", self.show, methods=["GET"]) for name in self._changes]
        return [*routes, *(Route(f"/me/{name}", self.change, methods=["POST"]) for name in self._changes)]

    async def show(self, asked: HttpRequest) -> Response:
        """Show one of the pages."""
        visitor = await visitor_of(self._office, asked)
        flashes = self._flashes.take(visitor.session.id) if visitor.session else ()
        return await self._page(visitor, _name(asked), flashes=flashes)

    async def change(self, asked: HttpRequest) -> Response:
        """Change what a form asks for, and lead back; what is refused is told on the page, with what was typed."""
        form, name = await sent(self._office, asked), _name(asked)
        if form is None:
            return await self._page(await visitor_of(self._office, asked), name, 422, (NOBODY_DOUBT,))
        try:
            self._flashes.leave(form.session.id, await self._changes[name](form))
        except TocsinError as error:
            status, reasons = told(error)
            return await self._page(form.visitor, name, status, reasons, typed=form.fields)
        return RedirectResponse(f"/me/{name}", status_code=303)

    async def _change_passkeys(self, form: Sent) -> list[str]:
        bound = bound_change(self._office, form)
        if form.field("change") == "remove":
            proven = await known_anew(self._office, form.session, bound, form.fields)
            await self._record(form, RemovePasskey(bound.about, proven.credential if proven else ""), proven)
            return ["The passkey is removed: it confirms nothing any more."]
        told_of = await self._passkeys.enrolled(form.session, form.person, form.fields["credential"])
        bound = self._passkeys.bound(form.person, "enrol", told_of.credential)
        proven = await known_anew(self._office, form.session, bound, form.fields)
        with_passkey = proven.credential if proven else ""
        wanted = EnrolPasskey(told_of.credential, told_of.public_key, form.field("name"), with_passkey)
        await self._record(form, wanted, proven)
        await asyncio.to_thread(self._office.devices.counted, told_of.credential, told_of.count)
        return [f"The passkey {wanted.name} is enrolled: your yes can be given with it from now on."]

    async def _change_codes(self, form: Sent) -> list[str]:
        if typed := form.field("first"):
            await self._codes.accept(form.session, form.person, typed)
            return ["Your one-time codes count from now on."]
        await known_anew(self._office, form.session, bound_change(self._office, form), form.fields)
        if form.field("do") == "end":
            await self._codes.forget(form.person)
            return ["Your one-time codes count no more."]
        self._codes.offer(form.session, form.person)
        return []

    async def _change_tokens(self, form: Sent) -> list[str]:
        """Revoking only makes things safer, so the session alone is enough for it."""
        desk, person, days = self._office.tokens, form.person.id, form.field("days")
        fields = {
            "name": form.field("name"),
            "scopes": sorted(_asked_scopes(form.fields)),
            "days": int(days) if DAYS.fullmatch(days) else 0,
        }
        if form.field("do") == "revoke":
            return await asyncio.to_thread(desk.answer, "token-revoke", person, fields)
        await known_anew(self._office, form.session, bound_change(self._office, form), form.fields)
        return await asyncio.to_thread(desk.answer, "token-make", person, fields)

    async def _vouch(self, form: Sent) -> list[str]:
        proven = await known_anew(self._office, form.session, bound_change(self._office, form), form.fields)
        whom, with_passkey = PersonId(form.field("whom")), proven.credential if proven else ""
        await self._record(form, VouchForPasskey(whom, form.field("reason"), with_passkey), proven)
        return [f"Your word is given: {whom} can enrol a passkey anew within 1 h, at /me/passkeys"]

    async def _record(self, form: Sent, wanted: PasskeyCommand, proven: Proven | None) -> None:
        speaker = form.visitor.speaker(proof=proven.proof if proven else "")
        await self._office.handler.handle(Act(speaker, wanted))

    async def _page(  # noqa: PLR0913 - what a page may show beside what is the case
        self,
        visitor: Visitor,
        name: str,
        status: int = 200,
        reasons: Sequence[str] = (),
        flashes: Sequence[str] = (),
        typed: Mapping[str, str] = NOTHING_TYPED,
    ) -> Response:
        person, house = visitor.person, self._office.requests.house
        kept = {
            "mine": house.passkeys_of(person.id) if person else (),
            "vouch": house.vouch_for(person.id, self._office.clock.now()) if person else None,
            "had_one": person is not None and person.id in house.enrolled,
            "codes_since": await self._codes.since(person) if person else None,
            "offered": self._codes.offered(visitor.session, person) if person and visitor.session else None,
            "tokens": await asyncio.to_thread(self._office.tokens.of, person.id) if person else (),
            "scopes": MEANINGS,
            "asked_scopes": _asked_scopes(typed),
            "colleagues": _colleagues(self._office.directory(), person) if person else (),
        }
        return page(
            self._office,
            visitor,
            f"me_{name}.html",
            status=status,
            reasons=reasons,
            flashes=flashes,
            typed=typed,
            **kept,
        )


def _asked_scopes(typed: Mapping[str, str]) -> frozenset[str]:
    """A form that was never sent asks for looking alone."""
    return frozenset(each for each in Scope if typed.get(f"may-{each}")) if typed else frozenset({Scope.READ})


def _name(asked: HttpRequest) -> str:
    return asked.url.path.rpartition("/")[2]


def _colleagues(directory: Directory, person: Person) -> tuple[str, ...]:
    return tuple(sorted(each.id for each in directory.people if each.teams & person.teams and each.id != person.id))
