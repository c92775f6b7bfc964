"""What vouches for an act on the page beside the session: a fresh passkey or a one-time code, used for that very act.

Law: the session alone changes nothing of that by which a person is known, once there is something.
"""

from collections.abc import Mapping

from tocsin.domain.check_word import same_word
from tocsin.domain.commands import Command, Confirm
from tocsin.domain.errors import Refused
from tocsin.domain.people import Person
from tocsin.domain.policy import Fresh
from tocsin.domain.request import Request
from tocsin.record.passkeys import Bound
from tocsin.service.credentials import Session
from tocsin.web.office import Office
from tocsin.web.one_time_codes import AppCodes
from tocsin.web.passkeys import Passkeys, Proven
from tocsin.web.visitors import Visitor

OR_A_CODE = " Without it: type a one-time code."


async def vouched(
    office: Office, visitor: Visitor, request: Request, wanted: Command, fields: Mapping[str, str]
) -> str:
    """Return what vouches for a yes, as the record keeps it; empty where the session is enough.

    Raises `Refused` in words when what the policy asks for is missing or does not hold.
    """
    fresh, person, session = request.policy.fresh, visitor.person, visitor.session
    if not isinstance(wanted, Confirm) or fresh is Fresh.NONE or person is None or session is None:
        return ""
    if fresh is Fresh.PASSKEY_OR_CODE and fields.get("code", "").strip():
        return await AppCodes(office).use(person, fields["code"])
    if answer := fields.get("assertion"):
        return (await Passkeys(office).proven(session, bound_yes(office, person, request, wanted), answer)).proof
    way = OR_A_CODE if fresh is Fresh.PASSKEY_OR_CODE else ""
    irc = f"!confirm {request.id} {wanted.check_word}"
    raise Refused(
        [
            f"Your yes needs your passkey here: press the button again, with scripts switched on, and use it.{way}"
            f" You have none? /me/passkeys, or say it on IRC: {irc}"
        ]
    )


def bound_yes(office: Office, person: Person, request: Request, wanted: Confirm) -> Bound:
    """Return what a passkey must sign for a yes: the check word is the one that the form shows."""
    in_force = request.proposal.check_word if request.proposal else ""
    word = in_force if same_word(wanted.check_word, in_force) else wanted.check_word
    return Passkeys(office).bound(person, "confirm", request.id, word, wanted.team or "")


async def known_anew(office: Office, session: Session, bound: Bound, fields: Mapping[str, str]) -> Proven | None:
    """Return what vouches for somebody who changes that by which they are known; nothing where there is nothing yet.

    A colleague's word stands for what was lost. Raises `Refused`.
    """
    house, person = office.requests.house, office.directory().person(bound.person)
    assert person is not None, "who has a session is in the directory"
    codes = AppCodes(office)
    if answer := fields.get("assertion"):
        return await Passkeys(office).proven(session, bound, answer)
    if house.vouch_for(person.id, office.clock.now()):
        return None
    if fields.get("code", "").strip():
        return Proven("", await codes.use(person, fields["code"]))
    if house.passkeys_of(person.id):
        raise Refused(["Use a passkey that you have: press the button again, with scripts switched on."])
    if await codes.since(person):
        raise Refused(["Type a one-time code of yours too, so that it is surely you."])
    return None
