"""Who must look at a checkpoint, who may, and whose look is still missing.

Law: it always takes two different people, and no time that passes stands for any of them.
"""

from tocsin.domain.events import Nudge
from tocsin.domain.people import PersonId
from tocsin.domain.policy import Look
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.domain.standing import stand_ins


def may_look(request: Request) -> tuple[PersonId, ...]:
    """Return whose look counts now: deployer, requester, and others where the rules bring them in."""
    people = [request.deployer, request.requester]
    if request.policy.look is Look.EVERY_TEAM:
        people += [*request.confirmers, *(person for person, _ in request.here)]
    elif _confirmer_stands_in(request) or request.requester == request.deployer:
        people += request.confirmers
    return tuple(dict.fromkeys(person for person in people if person))


def still_to_look(request: Request, situation: Situation, goods: tuple[PersonId, ...]) -> tuple[str, ...]:
    """Return whose look is still missing, as words; nothing when it may go on."""
    good = set(goods) & set(may_look(request))
    others = good & set(request.confirmers) - {request.deployer}
    stood_in = _confirmer_stands_in(request) and bool(others)
    wanted = (request.deployer,) if stood_in else (request.deployer, request.requester)
    waiting = [str(person) for person in wanted if person not in good]
    if request.requester == request.deployer and not others:
        waiting.append("a confirmer")
    if request.policy.look is Look.EVERY_TEAM:
        waiting += [request.roster.name(team) for team in stand_ins(request, situation, good).missing_teams]
    return tuple(dict.fromkeys(waiting))


def _confirmer_stands_in(request: Request) -> bool:
    """Once people were woken for a look, a confirmer may look in the requester's stead."""
    looked = request.underway.checkpoint
    return looked is not None and request.nudged(Nudge.LOOK_WOKEN, stage=str(looked.step)) is not None
