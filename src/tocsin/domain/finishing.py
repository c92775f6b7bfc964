"""Whether it is proved that a change is live, or gone, and how a request ends then.

Law: *not so*, by anybody or anything, always counts; a word never overrules a machine.
"""

from collections.abc import Iterator

from tocsin.domain import events as e
from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Situation


def finished(request: Request, situation: Situation, saw: str) -> list[e.RequestEvent]:
    """Return the end of a request that is at its proof and proved; nothing otherwise."""
    if request.status not in (Status.VERIFYING, Status.ROLLING_BACK) or not is_proved(request):
        return []
    if request.underway.going_back:
        return [e.RolledBack(saw, tuple(_after_rollback(request)))]
    return [e.RequestDone(saw, tuple(_after_success(request)), situation.now - request.opened_at)]


def is_proved(request: Request) -> bool:
    """Say whether it is proved to be live, or on the way back to be gone."""
    deployment = request.underway
    assert request.proposal is not None, "only what was proposed can be proved"
    plan, wanted = request.proposal.plan, not deployment.going_back
    seen, words = dict(deployment.sights), dict(deployment.words)
    sights = [seen.get(proof) for proof in plan.machine_proofs]
    if not deployment.proving or not seen.keys() >= set(plan.machine_proofs):
        return False
    if any(live is not wanted for live in (*sights, *words.values()) if live is not None):
        return False
    machines_suffice = bool(sights) and None not in sights and not plan.asks_people
    return machines_suffice or _words_suffice(request, frozenset(words))


def _words_suffice(request: Request, said: frozenset[str]) -> bool:
    """It takes the requester's word, or the deployer's with that of another who confirmed."""
    by_deployer = request.deployer in said and bool(said & set(request.confirmers) - {str(request.deployer)})
    return request.requester in said or by_deployer


def _after_success(request: Request) -> Iterator[str]:
    change = request.proposal.change if request.proposal else None
    if change:
        yield f"{change.number} lands on the main branch too ({request.requester})"
    yield _review(request)


def _after_rollback(request: Request) -> Iterator[str]:
    change = request.proposal.change if request.proposal else None
    if change:
        yield f"{change.number} is still in git and goes live with the next deployment: revert it ({request.requester})"
    yield _review(request)


def _review(request: Request) -> str:
    return f"review within {request.policy.limits.review.days} days ({request.requester})"
