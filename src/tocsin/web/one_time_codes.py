"""One-time codes of an authenticator app (RFC 6238), for who has no passkey at hand: each good once, tries limited.

Law: a secret counts only after one code of it was shown to be right; until then it is in memory alone.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType

import structlog

from tocsin.domain.errors import Refused
from tocsin.domain.people import Person
from tocsin.service.credentials import Session
from tocsin.service.devices import CodeSecret
from tocsin.web.office import Office
from tocsin.web.tries import in_minutes

log = structlog.get_logger()
PENDING_LASTS = timedelta(minutes=15)
MOST_PENDING = 1000
MOST_WRONG = 5
AROUND = (-1, 0, 1)
"""Steps of 30 s before and after now whose codes are taken: clocks differ, and people type slowly."""
NOT_GOOD = "That code is not good: it was used, is too old, or has a slip. Wait for the next one, then type it."
BEGIN_ANEW = "That took more than 15 minutes, or the server began anew: begin again at /me/codes"


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret that does not count yet: for an app, as an address and as letters to be typed."""

    secret: str
    address: str

    @property
    def in_groups(self) -> str:
        """Return the secret as it is read from one screen and typed on another."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


@dataclass(frozen=True, slots=True)
class _Pending:
    secret: str
    ends: datetime


class AppCodes:
    """The one-time codes of everybody."""

    def __init__(self, office: Office) -> None:
        """Take what it works with."""
        self._office = office
        self._pending: OrderedDict[str, _Pending] = OrderedDict()

    async def since(self, person: Person) -> datetime | None:
        """Return since when somebody's codes count; nothing where they have none."""
        kept = await asyncio.to_thread(self._office.devices.secret, person.id)
        return kept.since if kept else None

    def offer(self, session: Session, person: Person) -> Offer:
        """Begin with a new secret, in this session alone."""
        secret: str = _library().random_base32()
        self._pending[session.id] = _Pending(secret, self._office.clock.now() + PENDING_LASTS)
        self._pending.move_to_end(session.id)
        while len(self._pending) > MOST_PENDING:
            self._pending.popitem(last=False)
        return self._offered(secret, person)

    def offered(self, session: Session, person: Person) -> Offer | None:
        """Return the secret that this session began with and has not shown to be right yet."""
        pending = self._pending.get(session.id)
        in_time = pending is not None and pending.ends > self._office.clock.now()
        return self._offered(pending.secret, person) if pending and in_time else None

    async def accept(self, session: Session, person: Person, typed: str) -> None:
        """Let the secret that was offered count from now on, in place of any before; raises `Refused`."""
        offered = self.offered(session, person)
        if offered is None:
            raise Refused([BEGIN_ANEW])
        step = self._right(person, offered.secret, typed)
        del self._pending[session.id]
        kept = CodeSecret(offered.secret, self._office.clock.now())
        await asyncio.to_thread(self._office.devices.keep_secret, person.id, kept, step)

    async def forget(self, person: Person) -> None:
        """Let somebody's codes count no more."""
        await asyncio.to_thread(self._office.devices.forget_secret, person.id)

    async def use(self, person: Person, typed: str) -> str:
        """Use a code up, and return what the record keeps of it; raises `Refused`."""
        kept = await asyncio.to_thread(self._office.devices.secret, person.id)
        if kept is None:
            raise Refused(["You have no one-time codes here yet: /me/codes"])
        step = self._right(person, kept.secret, typed)
        if not await asyncio.to_thread(self._office.devices.use_step, person.id, step):
            raise Refused([NOT_GOOD])
        return "one-time code"

    def _right(self, person: Person, secret: str, typed: str) -> int:
        """Return the step whose code this is; a wrong one is counted."""
        now = self._office.clock.now()
        if wait := self._office.wrong_codes.wait(person.id, now, MOST_WRONG):
            raise Refused([f"Too many codes of yours were wrong: {in_minutes(wait)}, or use a passkey."])
        step = _step_of(secret, "".join(typed.split()), now)
        if step is None:
            self._office.wrong_codes.note(person.id, now)
            log.warning("a one-time code was wrong", person=person.id)
            raise Refused([NOT_GOOD])
        return step

    def _offered(self, secret: str, person: Person) -> Offer:
        site = self._office.settings.name or self._office.settings.host_name
        return Offer(secret, _library().TOTP(secret).provisioning_uri(name=str(person.id), issuer_name=site))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    library = _library()
    made = library.TOTP(secret)
    middle = int(made.timecode(now))
    around = (middle + offset for offset in AROUND)
    return next((each for each in around if library.utils.strings_equal(made.generate_otp(each), code)), None)


def _library() -> ModuleType:
    """Load it where somebody has codes at all."""
    import pyotp
    import pyotp.utils

    return pyotp
