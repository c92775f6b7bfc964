"""Proof: nothing is done until it was seen from outside, by machines or by people who looked."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.errors import Refused
from tocsin.domain.evolving import evolve
from tocsin.domain.finishing import finished
from tocsin.domain.objecting import not_a_role, uncounted_speaker, wrong_status
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
        told = e.LiveTold(situation.person, self.live)
        return [told, *finished(evolve(request, told, situation.stamp), situation, f"{situation.person}'s word")]

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
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
        if not request.carrying or not request.underway.proving:
            raise Refused([f"{request.id} is {request.status}: nothing is to be proved."])
        if self._is_no_news(request.underway.sights):
            return []
        saw = "people's word" if self.live is None else self.saw
        return [seen, *finished(evolve(request, seen, situation.stamp), situation, saw)]

    def _before_go(self, request: Request, seen: e.ProofSeen) -> list[e.RequestEvent]:
        """Live, after it was seen not to be, and nobody said go: somebody started it outside."""
        if request.proposal is None or self._is_no_news(request.sights_before):
            return []
        before = dict(request.sights_before)
        now = {**before, self.proof: self.live}
        live = all(now.get(proof) for proof in request.proposal.plan.machine_proofs)
        turned = before.get(self.proof) is False and live
        return [seen, e.StartedOutside(self.saw)] if turned else [seen]

    def _is_no_news(self, sights: tuple[tuple[int, bool | None], ...]) -> bool:
        return (self.proof, self.live) in sights
