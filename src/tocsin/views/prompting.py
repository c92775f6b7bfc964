"""What comes next after an act, and what to type for it: the end of a line, where people look for it."""

from collections.abc import Iterator

from tocsin.domain import events as e
from tocsin.domain.commands.staffing import those_to_call
from tocsin.domain.looking import still_to_look
from tocsin.domain.progress import RunStep, next_step
from tocsin.domain.request import Request, Status
from tocsin.domain.situation import Situation
from tocsin.domain.standing import absent_teams, is_present, required_teams
from tocsin.views.acting import Act
from tocsin.views.counting import quorum_of
from tocsin.views.lines import Said
from tocsin.views.phrases import listed, step_at
from tocsin.views.sentences.calling import how_it_goes_on, in_person, to_confirm, to_go

STILL_NEEDED = (
    e.ConfirmationGiven,
    e.ConfirmationTakenBack,
    e.ConfirmationVoided,
    e.HoldLifted,
    e.HoldLapsed,
    e.NoLongerReady,
    e.TeamWaived,
)
GOING_ON = (
    e.Paused,
    e.CauseEnded,
    e.CauseAgreed,
    e.ConfirmationGiven,
    e.HoldLifted,
    e.HoldLapsed,
    e.DeployerTaken,
    e.OutcomeTold,
)
TOGETHER = (
    (e.RollbackAsked, "Another of you must say it too, one of you a confirmer: !rollback {id}"),
    (e.ClosingSupported, "Requester or deployer, and a confirmer, close it together: !close {id} <what is true now>"),
    (e.PublicSupported, "Requester and a confirmer make it public together: !public {id}"),
    (e.LiftSupported, "One of each required team lifts it together: !lift {id} -- <why>"),
    (e.WaiverSupported, "A confirmer of each other team must say it too: !waive {id} <team> <why>"),
    (e.RefusalGiven, "It is over when the requester, or another required team, agrees: !refuse {id} <why>"),
)


def prompts(act: Act) -> Iterator[Said]:
    """Yield what is to be done next, by whom."""
    for kind, words in TOGETHER:
        if act.has(kind) and act.after.open and not _settled(act):
            yield Said((words.format(id=act.after.id),))
    match act.after.status:
        case Status.CONFIRMING if act.has(*STILL_NEEDED) and not act.has(e.PlanProposed, e.Nudged):
            yield _still_needed(act)
        case Status.READY if act.has(e.DeployerTaken):
            yield Said((f"To start: !go {act.after.id}",))
        case Status.DEPLOYING:
            yield from _while_deploying(act)
        case Status.PAUSED if act.has(*GOING_ON):
            yield Said((how_it_goes_on(act.after),))
        case Status.VERIFYING | Status.ROLLING_BACK if act.has(e.ProvingStarted, e.LiveTold):
            yield from _proof_wanted(act.after)
        case Status.EXPIRED if not act.has(e.WakeAttempted):
            yield Said((f"To ask again: !renew {act.after.id} ({act.after.requester or 'its requester'})",))
        case Status.ROLLED_BACK if act.has(e.RolledBack):
            yield Said((f"To open the target again: !unlock {act.after.id} <how the cause was addressed>",))
        case _:
            pass
    if act.after.open:
        yield from _by_hand(act)


def confirmed_words(act: Act) -> str:
    """Return what follows on *confirmed by*: who is not here, and who starts it."""
    return f"{_presence(act)}. {to_go(act.after)}"


def more_teams(act: Act) -> Iterator[Said]:
    """Call the people of a team that must confirm as well, because of what was said or found out."""
    if act.before is None or act.introduces or act.before.target != act.after.target:
        return
    for team in required_teams(act.after):
        if team not in required_teams(act.before) and act.after.open and not act.after.carrying:
            called = those_to_call(act.after, act.situation, team)
            called = called or those_to_call(act.after, act.situation, team, wide=True)
            who = f"asking {listed(called) or 'nobody, none of it is known'} for {act.after.roster.name(team)}."
            yield Said((who,), calls=called)


def lookers(request: Request, situation: Situation) -> tuple[str, ...]:
    """Return whose look at the checkpoint is still missing, the requester first: whether it helps is theirs to see."""
    looked = request.underway.checkpoint
    waiting = still_to_look(request, situation, looked.goods if looked else ())
    return tuple(sorted(waiting, key=lambda name: name != request.requester))


def _by_hand(act: Act) -> Iterator[Said]:
    """Where people are woken, or could not be, say how anybody pages them by hand."""
    request, klaxon = act.after, act.situation.catalogue.klaxon
    nudges = [moment.event for moment in act.moments if isinstance(moment.event, e.Nudged)]
    calls = [nudge for nudge in nudges if nudge.nudge in e.WAKING]
    if calls and klaxon:
        teams = request.roster.named(nudge.team for nudge in calls if nudge.team)
        yield Said((f"Or page {teams or 'them'} by hand: {klaxon}",))
    outcomes = {moment.event.outcome for moment in act.moments if isinstance(moment.event, e.WakeAttempted)}
    if outcomes & {e.WakeOutcome.FAILED, e.WakeOutcome.NOBODY}:
        yield Said((f"Call them, or page them by hand: {klaxon}" if klaxon else "Call them, by telephone.",))
    elif e.WakeOutcome.LATE in outcomes:
        yield Said((f"To wake them now: !wake {request.id}",))


def _settled(act: Act) -> bool:
    return act.has(e.RollbackStarted, e.RollbackAgreed, e.MadePublic, e.HoldLifted, e.TeamWaived, e.RequestRefused)


def _still_needed(act: Act) -> Said:
    request, lacking = act.after, quorum_of(act.after).missing_teams
    holders = listed(hold.person for hold in request.holds)
    held = f"on hold by {holders}: !lift {request.id}" if holders else ""
    if not lacking:
        return Said((f"Nobody is missing{f'; {held}' if held else ''}.",))
    typed = "" if act.has(e.ConfirmationGiven) else f" To confirm: {to_confirm(request)}"
    return Said((f"Still needed: {request.roster.named(lacking)}{f'; {held}' if held else '.'}{typed}",))


def _while_deploying(act: Act) -> Iterator[Said]:
    looked = act.after.underway.checkpoint
    if looked and act.has(e.CheckpointReached, e.GoodGiven, e.Resumed):
        waiting = lookers(act.after, act.situation)
        people = tuple(p for p in (act.after.requester, act.after.deployer) if p and p in waiting)
        start = "Still to look" if act.has(e.GoodGiven) else "Look at it, then"
        words = f"{start}: !good {act.after.id}" if act.has(e.GoodGiven) else f"{start} !good {act.after.id}"
        yield Said((f"{words} ({', '.join(waiting)})",), calls=people)
        return
    due = next_step(act.after)
    if isinstance(due, RunStep) and act.has(e.DeploymentStarted, e.Resumed, e.CheckpointPassed):
        step = step_at(act.after, due.step)
        stop = f" To pause it: !stop {act.after.id}" if act.has(e.DeploymentStarted) else ""
        yield Said((f"{step[0].upper()}{step[1:]}.{stop}",))


def _proof_wanted(request: Request) -> Iterator[Said]:
    """Where people's words are part of the proof they are asked for it, and one who sees it not live may go back."""
    if request.proposal is None:
        return
    against = [person for person, live in request.underway.words if live is request.underway.going_back]
    if against and not request.underway.going_back:
        yield Said((f"To go back: !rollback {request.id}",))
    elif request.proposal.plan.asks_people or request.underway.words:
        asked = (request.requester,) if request.requester else ()
        who = f"{request.requester or 'somebody'}, what do you see? "
        yield Said((f"{who}{in_person(request)}",), calls=asked)


def _presence(act: Act) -> str:
    """Say who of those needed is not here; nothing where nobody could see that."""
    if not act.looked_up:
        return ""
    away = list(_away(act.after, act.situation))
    return f"; not here now: {', '.join(away)}, who say !here {act.after.id}" if away else "; all are here"


def _away(request: Request, situation: Situation) -> Iterator[str]:
    for person in dict.fromkeys(filter(None, (request.requester, request.deployer))):
        if not is_present(request, situation, person):
            yield person
    yield from (request.roster.name(team) for team in absent_teams(request, situation))
