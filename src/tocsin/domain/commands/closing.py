"""Ending a request, or asking it anew: withdrawn, renewed, closed by hand."""

from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.domain import events as e
from tocsin.domain.commands.opening import with_proposal
from tocsin.domain.commands.pausing import Stop
from tocsin.domain.errors import Refused
from tocsin.domain.objecting import not_a_role, not_the_requester, uncounted_speaker, wrong_status
from tocsin.domain.people import PersonId
from tocsin.domain.request import BEFORE_GO, Request, Status
from tocsin.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take your request back; once it is being deployed, this is a stop."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """End it before go; afterwards pause it, and leave going back to its own word."""
        if request.carrying and situation.person == request.requester:
            return Stop("the requester would withdraw it").decide(request, situation)
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        return [e.RequestWithdrawn(situation.person)]

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_the_requester(request, situation)
        yield from wrong_status(request, *BEFORE_GO)


@dataclass(frozen=True, slots=True)
class Renew:
    """Ask again after your request expired; earlier confirmations are gone."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Open it again under the policy and the teams of today, with a new check word."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        target = situation.catalogue.target(request.target)
        policy = target.policy if target else request.policy
        renewed = e.RequestRenewed(situation.person, policy, situation.directory.roster(request.target))
        return with_proposal(request, situation, [renewed], why="asked anew")

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_the_requester(request, situation)
        yield from wrong_status(request, Status.EXPIRED)
        if situation.twin:
            yield f"{situation.twin} was opened for the same meanwhile: !status {situation.twin}"


@dataclass(frozen=True, slots=True)
class Close:
    """End a paused deployment by hand, saying what is true now; requester or deployer, and a confirmer."""

    what: str

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]:
        """Close it when the second of the two says so; the target stays locked."""
        if reasons := list(self._objections(request, situation)):
            raise Refused(reasons)
        assert situation.person is not None
        said = e.ClosingSupported(situation.person, self.what)
        asking = tuple(dict.fromkeys((*request.underway.closing_asked, situation.person)))
        if not _both_sides(request, asking):
            return [said]
        return [said, e.ClosedByHand(asking, self.what)]

    def _objections(self, request: Request, situation: Situation) -> Iterator[str]:
        yield from uncounted_speaker(situation)
        yield from not_a_role(request, situation)
        yield from wrong_status(request, Status.PAUSED)
        if request.deployment and request.deployment.running is not None:
            yield f"A step still runs: wait, or !abort {request.id} now"
        if not self.what.strip():
            yield f"Say what is true now: !close {request.id} canaries run 1234/3, the rest the old version"


def _both_sides(request: Request, asking: tuple[PersonId, ...]) -> bool:
    """One is requester or deployer, another is a confirmer: two people."""
    return any(
        a != b and a in (request.requester, request.deployer) and b in request.confirmers
        for a in asking
        for b in asking
    )
