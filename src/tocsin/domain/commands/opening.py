"""Opening a request and saying what is wanted: the cry, what it lacked, and who takes it on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.domain import events as e
from tocsin.domain.calling import called
from tocsin.domain.change import ChangeStatus, Task
from tocsin.domain.consequences import settled
from tocsin.domain.errors import Refused
from tocsin.domain.evolving import evolve, evolve_all
from tocsin.domain.objecting import not_the_requester, uncounted_speaker, wrong_status
from tocsin.domain.people import Marks, Roster
from tocsin.domain.proposing import proposing
from tocsin.domain.qualifying import no_emergency
from tocsin.domain.request import BEFORE_GO, CARRYING, Request
from tocsin.domain.situation import CALENDAR, CODE_REVIEW, Situation, Target
from tocsin.domain.standing import unfillable
from tocsin.domain.wish import Facts, Wish

LONGEST_WORDING = 2000
MOST_OPEN = 5
EXAMPLE = "!emergency 1234 T1234 data -- what is broken, and for whom"


@dataclass(frozen=True, slots=True)
class Ask:
    """Cry for help: open a request for an emergency deployment of a change, or by a recipe's name.

    `other_reason` is a reason that is none of the five, in the person's own words; `channel` is empty off IRC.
    """

    wording: str
    wish: Wish
    channel: str = ""
    private: bool = False
    told: str = ""
    other_reason: str = ""

    def decide(self, request: Request | None, situation: Situation) -> list[e.RequestEvent]:
        """Open it whoever asks: attention comes first, and the first answer names whom it calls."""
        assert request is None, "asking opens a new request"
        target = self._target(situation)
        if reasons := list(self._objections(situation, target)):
            raise Refused(reasons)
        assert target is not None
        opened = self._opened(target, situation)
        request = evolve(None, opened, situation.stamp)
        if not self._all_answered(situation):
            return [opened]
        learned = Learn().decide(request, situation)
        known = evolve_all(request, learned, situation.stamp)
        return [replace(opened, warnings=tuple(_warnings(known, situation))), *learned]

    def _all_answered(self, situation: Situation) -> bool:
        """Whether it may be said aloud is not settled on a first silence: it is asked again, and longer, at once."""
        change_known = situation.change is not None or not self.wish.named
        return change_known and (situation.task is not None or not self.wish.task)

    def _opened(self, target: Target, situation: Situation) -> e.RequestOpened:
        roster = situation.directory.roster(target.id)
        settles = situation.change or (self.wish.recipe and not self.wish.named)
        counts = situation.person not in situation.directory.suspended
        asked = called(target.policy, self.wish, roster, situation)
        return e.RequestOpened(
            id=situation.id,
            wording=self.wording,
            name=situation.speaker.name,
            requester=situation.person if counts else None,
            marks=Marks() if situation.person and counts else situation.speaker.marks,
            channel=target.channel,
            private=self.private or self.wish.secret,
            target=target.id if settles else None,
            policy=target.policy,
            roster=roster,
            wish=self.wish,
            asked=asked,
            told=self.told,
            on_call=tuple(each for team, people in asked for each in people if each in situation.on_call.of(team)),
            beside=situation.ground.beside,
        )

    def _target(self, situation: Situation) -> Target | None:
        if situation.change:
            return situation.catalogue.for_change(situation.change)
        named = situation.catalogue.for_recipe(self.wish.recipe) if self.wish.recipe else None
        return named or situation.catalogue.for_channel(self.channel)

    def _objections(self, situation: Situation, target: Target | None) -> Iterator[str]:
        if situation.twin:
            part = f"you may still confirm or take part: !status {situation.twin}"
            yield f"{situation.twin} is open for that already; {part}"
        if not self.wish.named and not self.wish.recipe:
            yield f"Which change, or which recipe? Say e.g.  {EXAMPLE}"
        if self.wish.recipe and not self.wish.named and not situation.catalogue.for_recipe(self.wish.recipe):
            yield f"No target has a recipe named {self.wish.recipe}. Name a change, or a recipe that !help lists."
        elif target is None:
            yield "No target is configured that takes this change; an administrator must add it."
        if situation.change and situation.change.status is ChangeStatus.ABANDONED:
            yield f"{situation.change.number} is abandoned: restore it first, or ask for the change in its place."
        if self.other_reason:
            yield no_emergency(situation, self.other_reason)
        if len(self.wording) > LONGEST_WORDING:
            yield f"That is {len(self.wording)} characters; say it in at most {LONGEST_WORDING}."
        if situation.open_by_speaker >= MOST_OPEN:
            yield f"You have {MOST_OPEN} requests open; withdraw one first: !list"


@dataclass(frozen=True, slots=True)
class Adopt:
    """Become the requester of a request that somebody unknown opened."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Let anybody known take it on; their own yes can then not count."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return with_proposal(request, situation, [e.RequestAdopted(situation.person)])

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from wrong_status(request, *BEFORE_GO)
        if request.requester:
            yield f"{request.id} has a requester: {request.requester}."


@dataclass(frozen=True, slots=True)
class Describe:
    """Say what is missing, or change what was said: reason, remedy, recipe, and why. A change voids confirmations."""

    wish: Wish
    other_reason: str = ""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep what is said, and draw up the plan once nothing is missing; a reason that is no emergency ends it."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        if self.other_reason:
            return [e.RequestRefused(no_emergency(situation, self.other_reason))]
        wish = request.wish.with_more(self.wish)
        if wish == request.wish:
            raise Refused([f"{request.id} says just that already."])
        stated: list[e.RequestEvent] = [e.WishStated(wish)]
        if wish.secret and not request.wish.secret and not request.private:
            stated.append(e.MadePrivate(None, "a matter of security, with no task that the public may read"))
        stated += _settling(evolve_all(request, stated, situation.stamp), situation)
        return with_proposal(request, situation, stated, why="what is asked for changed")

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_the_requester(request, situation)
        yield from wrong_status(request, *BEFORE_GO)
        if len(self.wish.sentence) > LONGEST_WORDING:
            yield f"That is {len(self.wish.sentence)} characters; say it in at most {LONGEST_WORDING}."
        if self.other_reason and request.wish.reason:
            stays = f"{request.id} stays one of {request.wish.reason}"
            yield f"That is none of the five reasons, and {stays}; to take it back: !withdraw {request.id}"
        if self.wish.named and request.wish.named and self.wish.named != request.wish.named:
            anew = f"another change is a request of its own: !emergency {self.wish.named}"
            yield f"{request.id} is for {request.wish.named}; {anew}"


@dataclass(frozen=True, slots=True)
class Learn:
    """Take in what the systems around say now (the system's own act)."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep the facts; what changes the change voids every confirmation, what hides it makes the request private."""
        if request.status not in BEFORE_GO | CARRYING:
            return []
        facts = _facts(request, situation)
        known: list[e.RequestEvent] = []
        if facts != request.facts:
            known.append(e.FactsLearned(facts, _news(request, facts)))
        known += _settling(evolve_all(request, known, situation.stamp), situation)
        if _hides(request, facts):
            known.append(e.MadePrivate(None, "what it is about may not be readable by the public"))
        return with_proposal(request, situation, known, why=_news(request, facts))


@dataclass(frozen=True, slots=True)
class Note:
    """Add a remark; it voids nothing."""

    text: str

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep anybody's remark, by the name they bear."""
        if not self.text.strip():
            raise Refused([f"Note what? e.g.  !note {request.id} users in Asia see it too"])
        if len(self.text) > LONGEST_WORDING:
            raise Refused([f"That is {len(self.text)} characters; note at most {LONGEST_WORDING}."])
        return [e.Noted(situation.speaker.name, self.text)]


@dataclass(frozen=True, slots=True)
class SeeUncounted:
    """Keep that somebody unverified tried to act (the system's own act)."""

    verb: str

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Show it as seen, not counted."""
        return [e.SeenNotCounted(situation.speaker.name, self.verb, situation.speaker.doubt)]


def with_proposal(
    request: Request, situation: Situation, events: list[e.RequestEvent], why: str = ""
) -> list[e.RequestEvent]:
    """Return events with the plan that they complete, change or take away, and what follows from that."""
    after = evolve_all(request, events, situation.stamp)
    return settled(request, situation, [*events, *proposing(after, situation, why)])


def _settling(request: Request, situation: Situation) -> list[e.RequestEvent]:
    """Settle which target it is by the change; while nobody shows that, by the recipe, or by there being only one."""
    if request.target or (request.facts.change is None and CODE_REVIEW not in request.facts.unknown):
        return []
    catalogue = situation.catalogue
    if request.facts.change:
        target = catalogue.for_change(request.facts.change)
    else:
        only = catalogue.targets[0] if len(catalogue.targets) == 1 else None
        target = catalogue.for_recipe(request.wish.recipe) if request.wish.recipe else only
    if target is None:
        return []
    kept = _kept(request, situation.directory.roster(target.id))
    return [e.TargetSettled(target.id, target.channel, target.policy, kept)]


def _warnings(request: Request, situation: Situation) -> Iterator[str]:
    """Say what a rollback left on the target, and which team has nobody left who could confirm."""
    for team in unfillable(request, situation):
        name = request.roster.name(team)
        yield f"nobody of {name} is left who could confirm: wake somebody else, an administrator can add them"
    for lock in situation.ground.locks:
        minutes = int((situation.now - lock.at).total_seconds() // 60)
        yield f"{lock.request} was rolled back {minutes} min ago: {lock.label}"


def _facts(request: Request, situation: Situation) -> Facts:
    """Put together what is known now; a system that did not answer takes nothing away that was known."""
    return Facts(
        change=situation.change or request.facts.change,
        task=_told_of(request.wish.task, situation.task) or request.facts.task,
        window=situation.calendar.open_at(situation.now),
        next_window=situation.calendar.next_after(situation.now),
        freeze=situation.calendar.freeze_at(situation.now),
        unknown=situation.unknown,
        as_of=(*situation.as_of, *_stale(situation)),
        refused=situation.refusal,
    )


def _stale(situation: Situation) -> Iterator[tuple[str, datetime]]:
    calendar = situation.calendar
    if calendar.as_of and calendar.stale(situation.now):
        yield CALENDAR, calendar.as_of


def _told_of(named: str, task: Task | None) -> Task | None:
    """An answer about a task that was named before says nothing about the one named now."""
    return task if task and task.id.casefold() == named.casefold() else None


def _hides(request: Request, facts: Facts) -> bool:
    """What the public may not read is private; where two people have shown it all the same, until that is news."""
    if request.private or facts.readable(request.wish):
        return False
    return not request.published or facts.public != request.facts.public


def _kept(request: Request, roster: Roster) -> Roster:
    """Nobody is added after the opening: of the teams, keep who was there then."""
    members = tuple((team, people & request.roster.of(team)) for team, people in roster.members)
    return replace(roster, members=members)


def _news(request: Request, facts: Facts) -> str:
    before, now = request.facts.change, facts.change
    if before is None or now is None or before == now:
        return ""
    if now.patchset != before.patchset:
        return f"patchset {now.patchset} replaced {before.patchset}"
    if now.sha != before.sha:
        return "the change was replaced"
    if now.brings != before.brings:
        return "what else would go live with it changed"
    return f"the change is {now.status} now" if now.status is not before.status else ""
