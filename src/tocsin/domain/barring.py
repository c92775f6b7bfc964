"""What stands against starting, and against going on after a pause: each thing is named, with whose it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from tocsin.domain.change import Change, ChangeStatus
from tocsin.domain.lapsing import why_void
from tocsin.domain.people import PersonId
from tocsin.domain.proposing import proposing
from tocsin.domain.request import Request
from tocsin.domain.situation import CODE_REVIEW, Situation
from tocsin.domain.standing import absent_teams, is_present, quorum, required_teams


def barriers_to_start(request: Request, situation: Situation) -> Iterator[str]:
    """Say everything that stands against go: what it was confirmed for is compared with what is now, from scratch."""
    assert request.proposal is not None, "only what was proposed can be started"
    yield from _too_soon(request, situation)
    if request.proposal.change:
        yield from _changed_outside(request.proposal.change, situation)
    elif request.wish.named and situation.change:
        yield f"{situation.change.label} is seen now, and was not when this was confirmed: in a moment it is shown."
    if situation.ground.last != request.proposal.after:
        yield f"{situation.ground.last} was deployed to {request.target} meanwhile; this must be confirmed anew."
    elif proposing(request, situation):
        yield f"What is to be confirmed has changed; it must be confirmed anew: !status {request.id}"
    yield from barriers(_in_freeze(request, situation), situation)


def barriers(request: Request, situation: Situation) -> Iterator[str]:
    """Say everything that stands against running steps: quorum, holds, presence, the target's lock.

    Going back, and looking for the proof, need none of it: the way back was confirmed with the plan.
    """
    if request.deployment and not request.deployment.going_forward:
        return
    yield from _quorum(request, situation)
    for hold in request.holds:
        yield f"{hold.person} holds it: {hold.reason}. They lift it with !lift {request.id}"
    yield from _absences(request, situation)
    if situation.ground.running not in (None, request.id):
        yield f"{situation.ground.running} is being carried out on {request.target}; one at a time."
    yield from _locks(request, situation)


def _quorum(request: Request, situation: Situation) -> Iterator[str]:
    counted = quorum(request, situation)
    for given in request.confirmations:
        if why := why_void(request, situation, given):
            yield f"The yes of {given.person} no longer counts: {why}."
    if not counted.met:
        yield f"{request.roster.named(counted.missing_teams or required_teams(request))} must still confirm."


def _absences(request: Request, situation: Situation) -> Iterator[str]:
    minutes = int(request.policy.limits.presence.total_seconds() // 60)
    roles: dict[PersonId | None, str] = {request.deployer: "deployer", request.requester: "requester"}
    for person, role in roles.items():
        if person and not is_present(request, situation, person):
            yield f"{person} ({role}) has not been here for {minutes} min: {person} says !here {request.id}"
    for team in absent_teams(request, situation):
        yield f"Nobody of {request.roster.name(team)} is here who confirmed: one of them says !here {request.id}"


def _locks(request: Request, situation: Situation) -> Iterator[str]:
    """Whoever confirmed was shown the locks of that time, and opened them; one that came later is still closed."""
    assert request.proposal is not None, "only what was proposed can be started"
    proposal = request.proposal
    for lock in situation.ground.locks:
        shown = lock.request in proposal.despite
        if not shown and lock.bars(request.wish, proposal.change, proposal.plan.recipe):
            unlock = f"!unlock {lock.request} <why>"
            yield f"{lock.label} was rolled back as {lock.request} and does not start again before {unlock}"


def _too_soon(request: Request, situation: Situation) -> Iterator[str]:
    limits = request.policy.limits
    latest = max((each.at for each in request.confirmations), default=None)
    if latest and situation.now - latest < limits.go_after_yes:
        left = _seconds_left(latest + limits.go_after_yes, situation)
        yield f"The last yes is not {limits.go_after_yes.seconds} s old; say it again in {left} s."
    for person, at in request.objections:
        if situation.now - at < limits.go_after_objection:
            left = _seconds_left(at + limits.go_after_objection, situation)
            yield f"{person} objected in plain words: ask; say it again in {left} s, or they say !hold {request.id}"


def _seconds_left(until: datetime, situation: Situation) -> int:
    return max(1, round((until - situation.now).total_seconds()))


def _changed_outside(confirmed: Change, situation: Situation) -> Iterator[str]:
    """A review system that is silent keeps nobody from starting: it is named. One that answers must show the same."""
    now = situation.change
    if now is None:
        if CODE_REVIEW not in situation.unknown:
            yield f"The review system no longer shows {confirmed.label}."
        return
    if not now.is_as_confirmed(confirmed):
        shown = f"{now.label} {now.sha[:7]}"
        yield f"The change is no longer {confirmed.label} {confirmed.sha[:7]} as confirmed, but {shown}."
    if now.branch != confirmed.branch:
        yield f"{now.number} is for the branch {now.branch} now, not {confirmed.branch}."
    if now.brings != confirmed.brings:
        brings = ", ".join(now.brings) or "nothing"
        yield f"What else goes live with {now.number} is no longer what was confirmed: {brings}."
    yield from _ended_outside(confirmed, now)


def _ended_outside(confirmed: Change, now: Change) -> Iterator[str]:
    if now.status not in (ChangeStatus.OPEN, ChangeStatus.MERGED):
        yield f"{now.number} is {now.status} now."
    elif now.status is ChangeStatus.MERGED and now.merged_as not in ("", confirmed.sha, confirmed.merged_as):
        yield f"{now.number} was merged as {now.merged_as[:7]}, which was not what was confirmed."


def _in_freeze(request: Request, situation: Situation) -> Request:
    """A freeze that began just now adds its teams though nobody has taken it in yet."""
    freeze = request.facts.freeze or situation.calendar.freeze_at(situation.now)
    return replace(request, facts=replace(request.facts, freeze=freeze))
