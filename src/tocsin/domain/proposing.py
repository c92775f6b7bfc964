"""Drawing up what is to be confirmed, and drawing it up anew when anything of it has changed."""

from tocsin.domain import check_word as words
from tocsin.domain.errors import Refused
from tocsin.domain.events import MoreAsked, PlanProposed, PlanWithdrawn, RequestEvent
from tocsin.domain.plan import Plan
from tocsin.domain.qualifying import missing, recipe_of
from tocsin.domain.request import BEFORE_GO, Request
from tocsin.domain.situation import Situation
from tocsin.domain.wish import Proposal


def proposing(request: Request, situation: Situation, why: str = "") -> list[RequestEvent]:
    """Propose a plan when the wish is whole and differs from what is proposed; withdraw one that no longer holds."""
    if request.status not in BEFORE_GO:
        return []
    plan = missing(request, situation) or _plan(request, situation)
    if isinstance(plan, tuple):
        return _asking(request, plan, why)
    content = _digest(request, situation, plan)
    if request.proposal and request.proposal.digest == content:
        return []
    word = words.check_word(content, situation.nonce)
    if request.proposal and request.proposal.check_word == word:
        word = words.check_word(content, situation.nonce + "'")
    change, ground = request.facts.change, situation.ground
    despite = tuple(lock.request for lock in ground.locks if lock.bars(request.wish, change, plan.recipe))
    return [PlanProposed(Proposal(plan, word, content, change, ground.last, despite), why)]


def _plan(request: Request, situation: Situation) -> Plan | tuple[str, ...]:
    """Return the plan that the recipe makes of the wish, or in its own sentences why it cannot be filled in."""
    recipe = recipe_of(request, situation)
    assert recipe is not None, "nothing is missing"
    try:
        return recipe.plan(_facts(request), dict(request.wish.values))
    except Refused as refused:
        return refused.reasons


def _asking(request: Request, lacking: tuple[str, ...], why: str) -> list[RequestEvent]:
    """Ask for what is missing, each time that it differs; what was proposed without it is taken back."""
    withdrawn: list[RequestEvent] = [PlanWithdrawn(why or "something of it is missing now")] if request.proposal else []
    return [*withdrawn, MoreAsked(lacking)] if lacking != request.lacking else withdrawn


def _facts(request: Request) -> dict[str, str]:
    change = request.facts.change
    named = {"task": request.wish.task}
    if change is None:
        return named
    shown = {"sha": change.sha, "change": str(change.number), "patchset": str(change.patchset), "branch": change.branch}
    return {**named, **shown}


def _digest(request: Request, situation: Situation, plan: Plan) -> str:
    change = request.facts.change
    lock = tuple(lock.request for lock in situation.ground.locks)
    return words.digest(
        {
            "id": request.id,
            "plan": plan,
            "change": (change.number, change.patchset, change.sha, change.project, change.branch) if change else None,
            "merged as": change.merged_as if change and change.merged_as != change.sha else "",
            "brings": change.brings if change else (),
            "wish": request.wish,
            "policy": request.policy,
            "needed": request.needed,
            "waived": request.waived,
            "after": situation.ground.last,
            "locked by": lock,
        }
    )
