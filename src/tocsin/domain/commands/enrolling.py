"""Enrolling, removing and vouching for passkeys: what a person's fresh yes on the page is told by.

Law: who ever had a passkey gets another only with one of theirs, or on the word of somebody of the same team; a stolen
session alone is not enough. That an older passkey was really used, the page has seen: `with_passkey` names it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.errors import Refused
from tocsin.domain.house import House, Vouch
from tocsin.domain.objecting import uncounted_speaker, unknown_speaker
from tocsin.domain.people import PersonId
from tocsin.domain.situation import Situation

MOST_PASSKEYS = 10
LONGEST_NAME = 40
VOUCHING = "/me/vouch"
"""The page on which one vouches for somebody."""


@dataclass(frozen=True, slots=True)
class EnrolPasskey:
    """Let one more passkey of yours count."""

    credential: str
    public_key: str
    name: str
    with_passkey: str = ""

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Enrol it with an older one, or on somebody's word, which ends the older ones, or as the first."""
        if reasons := list(self._objections(house, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        person, vouch = situation.person, house.vouch_for(situation.person, situation.now)
        if self.with_passkey:
            return [self._enrolled(person, e.Enrolment.WITH_OLDER)]
        if vouch is None:
            return [self._enrolled(person, e.Enrolment.FIRST)]
        older = [_removed(house, person, each.credential, replaced=True) for each in house.passkeys_of(person)]
        return [*older, self._enrolled(person, e.Enrolment.VOUCHED, vouch.by)]

    def _enrolled(self, person: PersonId, how: e.Enrolment, by: PersonId | None = None) -> e.PasskeyEnrolled:
        return e.PasskeyEnrolled(person, self.credential, self.public_key, self.name, how, by)

    def _objections(self, house: House, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        mine = house.passkeys_of(situation.person)
        vouched = house.vouch_for(situation.person, situation.now) is not None and not self.with_passkey
        if self.with_passkey:
            yield from _not_yours(house, situation, self.with_passkey)
        elif situation.person in house.enrolled and not vouched:
            yield f"Use a passkey that you have, or let somebody of your team vouch for you: {VOUCHING}"
        if len(mine) >= MOST_PASSKEYS and not vouched:
            yield f"You have {len(mine)} passkeys, and there may be {MOST_PASSKEYS}: remove one first."
        if house.passkey(self.credential):
            yield "This passkey is enrolled already."
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            yield f"Give it a name by which you know it, such as telephone, of at most {LONGEST_NAME} characters."
        elif not vouched and any(each.name.casefold() == self.name.casefold() for each in mine):
            yield f"You have a passkey named {self.name} already: give this one another name."


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    """Let a passkey of yours count no more."""

    credential: str
    with_passkey: str = ""

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Remove it when any of yours says so, that one included."""
        if reasons := list(self._objections(house, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return [_removed(house, situation.person, self.credential)]

    def _objections(self, house: House, situation: Situation) -> Iterator[str]:
        """Who is suspended may still take one away: it may be the one that was stolen."""
        yield from unknown_speaker(situation)
        if self.credential not in _credentials(house, situation):
            yield "You have no such passkey; perhaps it was removed already."
        elif not self.with_passkey:
            yield "Use one of your passkeys to remove it."
        else:
            yield from _not_yours(house, situation, self.with_passkey)


@dataclass(frozen=True, slots=True)
class VouchForPasskey:
    """Say that somebody of your team lost their passkeys and may enrol anew: you have spoken with them."""

    whom: PersonId
    reason: str = ""
    with_passkey: str = ""

    def decide(self, house: House, situation: Situation) -> list[e.HouseEvent]:
        """Take the word of one who shares a team; who has a passkey gives it with that."""
        if reasons := list(self._objections(house, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return [e.PasskeyVouched(self.whom, situation.person, self.reason)]

    def _objections(self, house: House, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from self._not_for_them(situation)
        if self.with_passkey:
            yield from _not_yours(house, situation, self.with_passkey)
        elif house.passkeys_of(situation.person):
            yield "You have a passkey: give your word with it."
        if not self.reason.strip():
            yield "Say why, such as: lost their telephone, we spoke on the phone."
        if standing := house.vouch_for(self.whom, situation.now):
            yield _stands(standing)

    def _not_for_them(self, situation: Situation) -> Iterator[str]:
        me, them = situation.directory.person(situation.person), situation.directory.person(self.whom)
        if them is None:
            yield f"The directory knows nobody named {self.whom}."
        elif situation.person == self.whom:
            yield "Nobody vouches for themselves: ask somebody of your team."
        elif me and not me.teams & them.teams:
            yield f"Only somebody of a team that {self.whom} is in can vouch for them."
        if self.whom in situation.directory.suspended:
            yield f"{self.whom} is suspended; first others restore them: !restore {self.whom}"


def _removed(house: House, person: PersonId, credential: str, *, replaced: bool = False) -> e.PasskeyRemoved:
    passkey = house.passkey(credential)
    assert passkey is not None
    return e.PasskeyRemoved(person, credential, passkey.name, replaced)


def _credentials(house: House, situation: Situation) -> frozenset[str]:
    return frozenset(each.credential for each in house.passkeys_of(situation.person))


def _not_yours(house: House, situation: Situation, credential: str) -> Iterator[str]:
    if credential not in _credentials(house, situation):
        yield "The passkey that you used is none of yours now."


def _stands(vouch: Vouch) -> str:
    return f"{vouch.by} vouched for {vouch.person} already, at {vouch.at:%H:%M} UTC: they can enrol anew."
