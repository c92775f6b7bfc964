"""Proof: nothing is done until it was seen from outside, by machines or by people who looked."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.deployment import Direction
from tocsin.domain.errors import Refused
from tocsin.domain.evolving import evolve
from tocsin.domain.objecting import not_a_role, unknown_speaker, wrong_status
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class TellLive:
    """Say what you see yourself: it is live, or it is not."""

    live: bool

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep the word, and finish when it completes the proof."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return _finished(request, situation, e.LiveTold(situation.person, self.live), f"{situation.person}'s word")

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from unknown_speaker(situation)
        yield from not_a_role(request, situation)
        yield from wrong_status(request, Status.VERIFYING, Status.ROLLING_BACK, Status.PAUSED, Status.DONE)
        if request.deployment and not request.deployment.proving:
            yield f"{request.id} is not at its proof yet."


@dataclass(frozen=True, slots=True)
class ReportSight:
    """Report what a proof showed (the system's own act); the same sight again is no news."""

    proof: int
    live: bool | None
    saw: str

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Keep what is new, and finish when it completes the proof."""
        seen = e.ProofSeen(self.proof, self.live, self.saw)
        if request.status in BEFORE_GO:
            return self._before_go(request, seen)
        known = dict(request.deployment.sights) if request.deployment else {}
        if self.proof in known and known[self.proof] is self.live:
            return []
        if request.deployment is None or not request.deployment.proving or not request.carrying:
            raise Refused([f"{request.id} is {request.status}: nothing is to be proved."])
        return _finished(request, situation, seen, self.saw)

    def _before_go(self, request: Request, seen: e.ProofSeen) -> list[e.RequestEvent]:
        """Live, after it was seen not to be, and nobody said go: somebody started it outside."""
        known = dict(request.sights_before)
        if self.proof in known and known[self.proof] is self.live:
            return []
        turned = known.get(self.proof) is False and self.live is True
        return [seen, e.StartedOutside(self.saw)] if turned else [seen]


def is_proved(request: Request) -> bool:
    """Say whether it is proved to be live, or on the way back to be gone. *Not so* by anybody always counts."""
    assert request.proposal is not None, "only what was proposed can be proved"
    plan, wanted = request.proposal.plan, request.underway.direction is Direction.FORWARD
    sights = [dict(request.underway.sights).get(proof) for proof in plan.machine_proofs]
    words = dict(request.underway.words)
    if any(live is not wanted for live in (*sights, *words.values()) if live is not None):
        return False
    machines_suffice = bool(sights) and None not in sights and not plan.asks_people
    return machines_suffice or _words_suffice(request, frozenset(words))


def _finished(
    request: Request, situation: Situation, event: e.LiveTold | e.ProofSeen, saw: str
) -> list[e.RequestEvent]:
    after = evolve(request, event, situation.stamp)
    if after.status not in (Status.VERIFYING, Status.ROLLING_BACK) or not is_proved(after):
        return [event]
    if after.underway.direction is Direction.BACK:
        return [event, e.RolledBack(saw)]
    return [event, e.RequestDone(saw, tuple(_follow_ups(after)), situation.now - after.opened_at)]


def _words_suffice(request: Request, said: frozenset[str]) -> bool:
    by_deployer = request.deployer in said and bool(said & set(request.confirmers) - {str(request.deployer)})
    return request.requester in said or by_deployer


def _follow_ups(request: Request) -> Iterator[str]:
    change = request.proposal.change if request.proposal else None
    if change:
        yield f"{change.number} lands on the main branch too ({request.requester})"
    yield f"review within {request.policy.limits.review.days} days ({request.requester})"
