"""Sentences of the clock: who is called, why, and what to type; it never grants anything."""

from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.commands.pausing import remedy_of
from tocsin.domain.deployment import CauseKind
from tocsin.domain.events import Nudge
from tocsin.domain.request import Request
from tocsin.views.lines import Said, free, harmless
from tocsin.views.phrases import lasting, listed, step_name


def nudged(event: e.Nudged, request: Request) -> Said:
    """Say whom the clock calls and what they are to type."""
    return Said((_sentence(event, request),), calls=event.people)


def called(event: e.Nudged, request: Request) -> Said:
    """Say whom the clock calls for a team, where another call in the same line says what to type."""
    return Said((_called(event, request),), calls=event.people)


def woken(event: e.WakeAttempted) -> Said:
    """Say what came of waking somebody; whom it did not reach may still be reading along."""
    person, at = event.person, f"{event.called_at:%H:%M} UTC"
    match event.outcome:
        case e.WakeOutcome.SENT:
            others = (" (", free(event.detail), ")") if event.detail else ()
            return Said((f"{person} was paged by ", free(listed(event.via)), *others, "."))
        case e.WakeOutcome.FAILED:
            return Said((f"{person} could not be paged (", free(event.detail), ")."), calls=(person,))
        case e.WakeOutcome.NOBODY:
            return Said((f"{person} has no pager here.",), calls=(person,))
        case e.WakeOutcome.LATE:
            return Said((f"{person} was to be woken at {at}, and was not.",), calls=(person,))
        case _:
            assert_never(event.outcome)


def to_confirm(request: Request) -> str:
    """Return what a confirmer types, or how they see what is missing."""
    if request.proposal:
        return f"!confirm {request.id} {request.proposal.check_word}"
    return f"!status {request.id}"


def to_go(request: Request) -> str:
    """Return what starts a ready request, and who types it."""
    if request.deployer:
        return f"{request.deployer} starts it: !go {request.id}"
    return f"Deployer wanted: !take {request.id}, then !go {request.id}"


def in_person(request: Request) -> str:
    """Return how people say what they see themselves."""
    return f"!live {request.id}, or !not live {request.id}"


def _sentence(event: e.Nudged, request: Request) -> str:
    match event.nudge:
        case Nudge.REMINDED | Nudge.WIDENED | Nudge.WOKEN | Nudge.UNANSWERED | Nudge.ADOPTION | Nudge.ASKED_AGAIN:
            return _for_a_yes(event, request)
        case Nudge.LOOK | Nudge.LOOK_WOKEN | Nudge.LOOK_ROLLBACK:
            return _for_a_look(event, request)
        case Nudge.PAUSE | Nudge.PAUSE_WOKEN:
            waking = f" Waking {listed(event.people)}." if event.nudge is Nudge.PAUSE_WOKEN and event.people else ""
            return f"still paused.{waking} {how_it_goes_on(request)}"
        case Nudge.READY:
            since = lasting(request.policy.limits.remind_ready)
            open_to_all = f" The place is open: !take {request.id}." if request.deployer else ""
            return f"confirmed for {since} and not started.{open_to_all} {to_go(request)}"
        case Nudge.PROOF_MISSING:
            return _for_proof(request)
        case Nudge.REVIEW:
            return (
                f"{listed(event.people) or 'all'}, the review of it is due, {lasting(request.policy.limits.review)} on."
            )
        case _:
            assert_never(event.nudge)


def how_it_goes_on(request: Request) -> str:
    """Say what ends each cause of a pause, or who says the word when none is left."""
    causes = request.deployment.causes if request.deployment else ()
    if not causes:
        return f"To go on: !resume {request.id} ({request.deployer or 'its deployer'})"
    undo = [f"To undo what ran: !rollback {request.id}"] if _may_go_back(request) else []
    return "; ".join([*(remedy_of(request, cause) for cause in causes), *undo])


def _for_a_yes(event: e.Nudged, request: Request) -> str:
    limits, people = request.policy.limits, listed(event.people) or "nobody"
    match event.nudge:
        case Nudge.REMINDED | Nudge.WIDENED | Nudge.WOKEN:
            return f"{_called(event, request)} {_act(request)}"
        case Nudge.ADOPTION:
            return f"nobody known has taken it on for {lasting(limits.adopt)}. Whoever knows of it: !adopt {request.id}"
        case Nudge.ASKED_AGAIN:
            paused = lasting(limits.ask_again)
            return f"paused for {paused}, so each yes is asked for again, of {people}: {to_confirm(request)}"
        case _:
            return (
                f"all were woken, and nobody has answered for {lasting(limits.all_answer)}. Tocsin will not start this."
                f" The source's way by hand is yours; write down afterwards what was done: !note {request.id} <what>"
            )


def _called(event: e.Nudged, request: Request) -> str:
    limits, people = request.policy.limits, listed(event.people) or "nobody"
    team = request.roster.name(event.team) if event.team else "every team"
    if event.nudge is Nudge.REMINDED:
        return f"no answer from {team} for {lasting(limits.remind)}; asking {people} again."
    if event.nudge is Nudge.WIDENED:
        return f"no answer from {team} for {lasting(limits.widen)}; asking {people} too."
    return f"waking {people} for {team}{f', {harmless(event.why)}' if event.why else ''}."


def _for_a_look(event: e.Nudged, request: Request) -> str:
    limits, people = request.policy.limits, listed(event.people) or "people"
    place = int(event.stage) if event.stage.isascii() and event.stage.isdigit() else 0
    looked = request.deployment.checkpoint if request.deployment else None
    name = looked.name if looked else step_name(request, place)
    match event.nudge:
        case Nudge.LOOK:
            return f"it waits at {name} for {people} to look, for {lasting(limits.remind_look)} now: !good {request.id}"
        case Nudge.LOOK_WOKEN:
            instead = "a confirmer may look now in the requester's stead"
            return f"waking {people} to look at {name}; {instead}: !good {request.id}"
        case _:
            waited, back = lasting(limits.propose_rollback), f"To go back: !rollback {request.id}"
            return f"{name} was not called good for {waited}. {back}. To go on: !good {request.id}"


def _for_proof(request: Request) -> str:
    waited = lasting(request.policy.limits.proof)
    if request.deployment and request.deployment.going_back:
        return f"not seen to be gone for {waited}. Look at it, then say what you see: {in_person(request)}"
    return (
        f"not seen live for {waited}. To go back: !rollback {request.id}. What you see yourself: {in_person(request)}"
    )


def _act(request: Request) -> str:
    return (
        f"To confirm: {to_confirm(request)}" if request.open and not request.carrying else f"See !status {request.id}"
    )


def _may_go_back(request: Request) -> bool:
    """Where a step failed, going back is offered; a doubt's own words do so."""
    causes = request.deployment.causes if request.deployment else ()
    failed = any(cause.kind is CauseKind.FAILURE for cause in causes)
    return failed and not request.underway.going_back
