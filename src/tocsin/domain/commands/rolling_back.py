"""Going back: undoing the steps that ran, and unlocking a target when what went wrong was addressed."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands.carrying_out import to_undo
from tocsin.domain.consequences import settled
from tocsin.domain.errors import Refused
from tocsin.domain.objecting import not_a_role, not_required, uncounted_speaker, wrong_status
from tocsin.domain.people import PersonId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.request import CARRYING, Request, Status
from tocsin.domain.situation import Situation

BACK_AND_FORTH = frozenset({Remedy.ROLLBACK, Remedy.REVERT})


@dataclass(frozen=True, slots=True)
class RollBack:
    """Undo the steps that ran, last first; where going back is not known to be safe, a second person says it too."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Begin at once, or when the running step has ended, or when a second person agrees."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        if self._second_wanted(request, situation.person):
            return [e.RollbackAsked(situation.person)]
        if request.underway.running is not None:
            return [e.RollbackAgreed(situation.person)]
        return settled(request, situation, [e.RollbackAgreed(situation.person), e.RollbackStarted(to_undo(request))])

    def _second_wanted(self, request: Request, person: PersonId) -> bool:
        """It takes two, one of them a confirmer, where going back may do harm."""
        if not takes_two(request):
            return False
        asking = {*request.underway.rollback_asked, person}
        return len(asking) < 2 or not asking & set(request.confirmers)

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_a_role(request, situation)
        if request.status is Status.DONE:
            yield from _too_late(request, situation)
        elif request.carrying and request.underway.going_back:
            yield f"{request.id} is being rolled back already."
        else:
            yield from wrong_status(request, *CARRYING)
        deployment = request.deployment
        if deployment and deployment.rollback_agreed:
            yield f"{request.id} is rolled back as soon as the running step ends; !abort {request.id} now kills it."
        elif deployment and situation.person in deployment.rollback_asked:
            yield f"You said so; another of you must say it too, one of you a confirmer: !rollback {request.id}"
        elif deployment and not to_undo(request):
            yield f"No step of {request.id} that ran can be undone by itself: !stop and !close it by hand, or ask anew."


@dataclass(frozen=True, slots=True)
class Unlock:
    """After a rollback: say that the cause is addressed, and how; the target is open again."""

    why: str

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Let a member of a required team who did not ask for it unlock the target."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return [e.TargetUnlocked(situation.person, self.why)]

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_required(request, situation)
        if situation.person and situation.person in (request.requester, *request.requesters_before):
            yield f"You asked for {request.id}, so somebody else must unlock its target."
        if not request.locks_target:
            yield f"{request.id} locks nothing; it is {request.status}."
        if not self.why.strip():
            yield f"How was the cause addressed? e.g.  !unlock {request.id} the cache key carries the version now"


def takes_two(request: Request) -> bool:
    """Say whether going back needs a second person: unsafe or unknown, back and forth, or a matter of security."""
    wish = request.wish
    return wish.going_back is not Verdict.YES or wish.remedy in BACK_AND_FORTH or wish.reason is Reason.SECURITY


def _too_late(request: Request, situation: Situation) -> Iterator[str]:
    ended = request.ended_at or situation.now
    if situation.now - ended > request.policy.limits.rollback_open:
        hours = int(request.policy.limits.rollback_open.total_seconds() // 3600)
        yield f"{request.id} was done more than {hours} h ago; going back is a new request, remedy rollback: !emergency"
    if situation.ground.last not in (None, request.id):
        yield f"{situation.ground.last} was deployed to {request.target} since; going back is a new request: !emergency"
    if situation.ground.running not in (None, request.id):
        yield f"{situation.ground.running} is being carried out on {request.target}; one at a time."
