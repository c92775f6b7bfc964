"""Sentences about pauses: what paused it, what ends that, and what became of a step that nobody saw end."""

from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.deployment import Cause, CauseKind
from tocsin.domain.request import Request
from tocsin.views.lines import Said, Words, free, quoted
from tocsin.views.phrases import ending, step_name


def paused(event: e.Paused) -> Said:
    """A cause to wait came up."""
    return Said(("is paused: ", *cause_words(event.cause), "."), is_of=True)


def agreed(event: e.CauseAgreed) -> Said:
    """One of those who end a cause together agrees."""
    why = (": ", *ending(event.reason)) if event.reason.strip() else (".",)
    return Said((f"{event.person} would go on after the {event.kind}", *why))


def ended(event: e.CauseEnded) -> Said:
    """A cause of the pause is over."""
    whose = f" of {event.by}" if event.by else ""
    again = "; that step runs again" if event.repeated else ""
    return Said((f"the {_called(event.kind)}{whose} is over{again}.",))


def resumed(event: e.Resumed) -> Said:
    """It goes on."""
    return Said((f"goes on, said {event.person}.",), is_of=True)


def abort_asked(event: e.AbortAsked) -> Said:
    """The running step is killed."""
    return Said((f"{event.person} has the running step killed, and pauses it; what the step did is then not known.",))


def outcome_told(event: e.OutcomeTold, request: Request) -> Said:
    """Somebody says what became of it."""
    return Said((f"{event.person} says that {unsettled(request)} {'ran' if event.ran else 'did not run'}.",))


def outcome_settled(event: e.OutcomeSettled) -> Said:
    """Two people agree on what became of it."""
    return Said((f"two of you agree that it {'ran' if event.ran else 'did not run'}.",))


def cause_words(cause: Cause) -> Words:
    """Say what a cause is; what ends it is said elsewhere."""
    by, about = cause.by or "somebody", quoted(cause.about)
    match cause.kind:
        case CauseKind.STOP:
            doubt = "" if cause.verified else ", not verified"
            return f"stopped by {by}{doubt}", *((" (", *about, ")") if cause.about.strip() else ())
        case CauseKind.HOLD:
            return f"held by {by} (", *about, ")"
        case CauseKind.ABSENCE:
            return (f"{by} is not here",)
        case CauseKind.QUORUM | CauseKind.FAILURE | CauseKind.UNKNOWN:
            return (free(cause.about),)
        case _:
            assert_never(cause.kind)


def unsettled(request: Request) -> str:
    """Return the name of the step whose outcome nobody knows."""
    deployment = request.deployment
    step = deployment.unsettled if deployment else None
    if deployment is None or step is None:
        return "the step"
    return f"undoing {step_name(request, deployment.undo[step])}" if deployment.going_back else step_name(request, step)


def _called(kind: CauseKind) -> str:
    return {CauseKind.QUORUM: "want of a yes", CauseKind.FAILURE: "failure", CauseKind.UNKNOWN: "doubt"}.get(kind, kind)
