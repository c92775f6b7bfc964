"""The state of one request, as values that move themselves on; which event moves what is left to `evolving`."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from tocsin.domain.copying import altered
from tocsin.domain.deployment import Cause, Deployment
from tocsin.domain.events import Nudge, Outside, OutsideTold
from tocsin.domain.people import Marks, PersonId, RequestId, Roster, TargetId, TeamId
from tocsin.domain.policy import Policy
from tocsin.domain.wish import Facts, Proposal, Wish


class Status(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    CONFIRMING = "confirming"
    READY = "ready"
    DEPLOYING = "deploying"
    PAUSED = "paused"
    VERIFYING = "verifying"
    ROLLING_BACK = "rolling back"
    DONE = "done"
    ROLLED_BACK = "rolled back"
    CLOSED = "closed by hand"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    EXPIRED = "expired"
    STARTED_OUTSIDE = "started outside"


BEFORE_GO = frozenset({Status.ASKED, Status.CONFIRMING, Status.READY})
CARRYING = frozenset({Status.DEPLOYING, Status.PAUSED, Status.VERIFYING, Status.ROLLING_BACK})
OPEN = BEFORE_GO | CARRYING


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A yes that stands: what it may be counted for, and when it was given."""

    person: PersonId
    teams: frozenset[TeamId]
    on_call_for: frozenset[TeamId]
    at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A "not yet" that stands, and who would lift it in its holder's stead."""

    person: PersonId
    reason: str
    at: datetime
    verified: bool = True
    lifts: tuple[tuple[PersonId, TeamId], ...] = ()


@dataclass(frozen=True, slots=True)
class Waking:
    """A call that is to wake people, best first, and for whom of them that was tried."""

    at: datetime
    people: tuple[PersonId, ...]
    team: TeamId | None = None
    tried: tuple[PersonId, ...] = ()


Said = TypeVar("Said", Confirmation, Hold)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an event happened, and which verified person did it, if one did."""

    at: datetime
    person: PersonId | None = None


@dataclass(frozen=True)  # without slots: `altered` copies it as a whole, once an event
class Request:
    """Everything about one request that a rule may ask."""

    id: RequestId
    status: Status
    opened_at: datetime
    wording: str
    channel: str
    private: bool
    name: str
    requester: PersonId | None
    marks: Marks
    target: TargetId | None
    policy: Policy
    roster: Roster
    wish: Wish
    asked: tuple[tuple[TeamId, tuple[PersonId, ...]], ...]
    acted_at: datetime
    since: datetime
    paused_from: Status = Status.DEPLOYING
    requesters_before: tuple[PersonId, ...] = ()
    deployer: PersonId | None = None
    facts: Facts = field(default_factory=Facts)
    proposal: Proposal | None = None
    lacking: tuple[str, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    holds: tuple[Hold, ...] = ()
    objections: tuple[tuple[PersonId, datetime], ...] = ()
    refusals: tuple[PersonId, ...] = ()
    refusal_reason: str = ""
    needed: tuple[TeamId, ...] = ()
    needed_at: tuple[tuple[TeamId, datetime], ...] = ()
    waivers: tuple[tuple[TeamId, PersonId], ...] = ()
    waived: tuple[TeamId, ...] = ()
    acts: tuple[tuple[PersonId, datetime], ...] = ()
    here: tuple[tuple[PersonId, datetime], ...] = ()
    doubted: tuple[PersonId, ...] = ()
    nudges: tuple[tuple[Nudge, TeamId | None, str, datetime], ...] = ()
    wakings: tuple[Waking, ...] = ()
    deployment: Deployment | None = None
    sights_before: tuple[tuple[int, bool | None], ...] = ()
    ended_at: datetime | None = None
    unlocked: bool = False
    public_asked: tuple[PersonId, ...] = ()
    published: bool = False
    outside: tuple[tuple[OutsideTold, datetime], ...] = ()

    @property
    def open(self) -> bool:
        """Say whether anything can still happen before it is over."""
        return self.status in OPEN

    @property
    def carrying(self) -> bool:
        """Say whether a deployment is under way, paused or not."""
        return self.status in CARRYING

    @property
    def locks_target(self) -> bool:
        """Say whether this request left its target locked."""
        left_in_doubt = self.status in (Status.ROLLED_BACK, Status.CLOSED)
        return left_in_doubt and not self.unlocked

    @property
    def asked_again_at(self) -> datetime | None:
        """Return when each yes was asked for again, in a long pause; an older one no longer counts for going on."""
        return max((at for nudge, _, _, at in self.nudges if nudge is Nudge.ASKED_AGAIN), default=None)

    @property
    def confirmers(self) -> tuple[PersonId, ...]:
        """Return everybody whose yes stands."""
        return tuple(each.person for each in self.confirmations)

    @property
    def underway(self) -> Deployment:
        """Return the carrying out; asking for it before go is a mistake of ours."""
        assert self.deployment is not None, "nothing is carried out before go"
        return self.deployment

    def confirmation(self, person: PersonId | None) -> Confirmation | None:
        """Return a person's yes, if it stands."""
        return next((each for each in self.confirmations if each.person == person), None)

    def hold(self, person: PersonId | None) -> Hold | None:
        """Return a person's hold, if it stands."""
        return next((each for each in self.holds if each.person == person), None)

    def told(self, place: Outside, about: str) -> OutsideTold | None:
        """Return what became of telling others about something, as far as it is known."""
        return next((each for each, _ in self.outside if (each.place, each.about) == (place, about)), None)

    def acted(self, person: PersonId) -> datetime | None:
        """Return when a person last did something about this request, verified."""
        return next((at for each, at in self.acts if each == person), None)

    def asked_since(self, team: TeamId) -> datetime:
        """Return since when a team is asked: since the opening, unless it was needed later."""
        return max((at for each, at in self.needed_at if each == team and at > self.opened_at), default=self.opened_at)

    def nudged(self, nudge: Nudge, team: TeamId | None = None, stage: str = "") -> datetime | None:
        """Return when the clock said this last, if it did."""
        said = (at for each, of, about, at in self.nudges if each is nudge and of == team and about == stage)
        return max(said, default=None)

    def to_wake(self, most: int) -> tuple[tuple[PersonId, Waking], ...]:
        """Return whom to wake still, of each call the first few, each by the newest; who has acted since is awake."""
        found: dict[PersonId, Waking] = {}
        for waking in self.wakings:
            for person in waking.people[:most]:
                acted = self.acted(person)
                if person not in waking.tried and (acted is None or acted < waking.at):
                    found[person] = waking
        return tuple(found.items())

    def moved(self, status: Status, at: datetime) -> "Request":
        """Return this in another status, from now on; a pause keeps what it interrupted."""
        if status is self.status:
            return self
        before = self.status if status is Status.PAUSED else self.paused_from
        ended = None if status in OPEN else at
        return altered(self, status=status, since=at, paused_from=before, ended_at=ended)

    def with_deployment(self, deployment: Deployment) -> "Request":
        """Return this with the carrying out further on."""
        return altered(self, deployment=deployment)

    def carried(self, **changes: object) -> "Request":
        """Return this with parts of the carrying out changed."""
        return self.with_deployment(altered(self.underway, **changes))  # type: ignore[arg-type]  # names are ours

    def with_sight(self, proof: int, *, live: bool | None) -> "Request":
        """Return this with the newest sight of one proof, kept apart when seen before go."""
        if self.deployment is not None:
            return self.with_deployment(self.deployment.with_sight(proof, live=live))
        others = tuple(each for each in self.sights_before if each[0] != proof)
        return altered(self, sights_before=(*others, (proof, live)))

    def without_yes(self, person: PersonId) -> "Request":
        """Return this without a person's yes."""
        return altered(self, confirmations=_without(self.confirmations, person))

    def lifted(self, holder: PersonId) -> "Request":
        """Return this after a hold was lifted, or lapsed; a no that it stood for is gone with it."""
        refusals = tuple(person for person in self.refusals if person != holder)
        return altered(self, holds=_without(self.holds, holder), refusals=refusals)

    def with_wish(self, wish: Wish) -> "Request":
        """Return this with another wish; what was found out about another task vouches for nothing."""
        if wish.task == self.wish.task:
            return altered(self, wish=wish)
        return altered(self, wish=wish, facts=replace(self.facts, task=None), published=False)

    def with_need(self, team: TeamId, at: datetime) -> "Request":
        """Return this with one more team needed; that some would do without it is forgotten."""
        waived = tuple(each for each in self.waived if each != team)
        waivers = tuple(each for each in self.waivers if each[0] != team)
        since = (*self.needed_at, (team, at))
        return altered(self, needed=(*self.needed, team), needed_at=since, waived=waived, waivers=waivers)

    def with_hold(self, hold: Hold) -> "Request":
        """Return this with one more hold; one person has one, and a doubtful voice weakens none."""
        known = self.hold(hold.person)
        if known and known.verified and not hold.verified:
            return self.with_doubted(hold.person)
        held = altered(self, holds=(*_without(self.holds, hold.person), hold))
        return held if hold.verified else held.with_doubted(hold.person)

    def with_doubted(self, person: PersonId) -> "Request":
        """Return this with the one unverified pause of a person used up."""
        return altered(self, doubted=(*self.doubted, person))

    def with_cause(self, cause: Cause) -> "Request":
        """Return this with one more cause to pause."""
        paused = self.with_deployment(self.underway.with_cause(cause))
        return paused if cause.verified or cause.by is None else paused.with_doubted(cause.by)

    def with_yes(self, given: Confirmation) -> "Request":
        """Return this with one more yes; a second one by the same person replaces the first."""
        return altered(self, confirmations=(*_without(self.confirmations, given.person), given))

    def with_lift(self, holder: PersonId, person: PersonId, team: TeamId) -> "Request":
        """Return this with one more person who would lift somebody's hold."""
        lifted = (replace(each, lifts=(*each.lifts, (person, team))) for each in self.holds if each.person == holder)
        return self.with_hold(next(lifted)) if self.hold(holder) else self

    def with_requester(self, person: PersonId) -> "Request":
        """Return this with another requester; whoever was one before stays excluded from confirming."""
        before = (*self.requesters_before, self.requester) if self.requester else self.requesters_before
        return altered(self, requester=person, requesters_before=before).without_yes(person)

    def with_here(self, person: PersonId, at: datetime) -> "Request":
        """Return this with somebody's word that they are here."""
        return altered(self, here=(*(each for each in self.here if each[0] != person), (person, at)))

    def with_tried(self, person: PersonId, called_at: datetime) -> "Request":
        """Return this after waking somebody was tried: for that call, and for any before it."""
        wakings = (
            replace(each, tried=(*each.tried, person)) if each.at <= called_at and person in each.people else each
            for each in self.wakings
        )
        return altered(self, wakings=tuple(wakings))

    def with_told(self, told: OutsideTold, at: datetime) -> "Request":
        """Return this with the newest of what became of telling others about one thing, in the place of older news."""
        others = tuple(each for each in self.outside if each[0] != self.told(told.place, told.about))
        return altered(self, outside=(*others, (told, at)))

    def with_act(self, stamp: Stamp) -> "Request":
        """Return this with a verified person's act noticed."""
        if stamp.person is None or self.acts[-1:] == ((stamp.person, stamp.at),):
            return self  # an act of several events is one act
        acts = (*(each for each in self.acts if each[0] != stamp.person), (stamp.person, stamp.at))
        return altered(self, acts=acts, acted_at=stamp.at)


def _without(said: tuple[Said, ...], person: PersonId) -> tuple[Said, ...]:
    return tuple(each for each in said if each.person != person)
