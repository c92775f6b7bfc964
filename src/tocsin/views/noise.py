"""What is left unsaid in a channel: what nobody needs to hear, and what another event of the same act says already."""

from collections.abc import Mapping
from types import MappingProxyType

from tocsin.domain import events as e
from tocsin.domain.people import Surface
from tocsin.domain.request import Request
from tocsin.domain.wish import Facts
from tocsin.views.acting import Act, Moment
from tocsin.views.sentences.asking import begins_freeze, first_told_of_task, silent_systems

NEVER_SAID = (
    e.RequestOpened,  # its introduction says it
    e.MoreAsked,  # has a line of its own, to the requester
    e.TargetSettled,
    e.ObjectionHeard,  # who said it is answered
    e.SeenNotCounted,  # and so is this one
    e.StepStarted,  # how it ends is said
)

SAID_BY: Mapping[type[e.RequestEvent], tuple[type[e.RequestEvent], ...]] = MappingProxyType(
    {
        e.NoLongerReady: (
            e.HoldPlaced,
            e.RefusalGiven,
            e.ConfirmationTakenBack,
            e.ConfirmationVoided,
            e.PlanProposed,
            e.PlanWithdrawn,
            e.TeamNeeded,
        ),
        e.BecameReady: (e.DeploymentStarted,),
        e.DeployerTaken: (e.DeploymentStarted,),
        e.HoldPlaced: (e.RefusalGiven,),
        e.RefusalGiven: (e.RequestRefused,),
        e.RefusalAgreed: (e.RequestRefused,),
        e.LiftSupported: (e.HoldLifted,),
        e.WaiverSupported: (e.TeamWaived,),
        e.CheckpointReached: (e.StepEnded,),
        e.GoodGiven: (e.CheckpointPassed,),
        e.OutcomeTold: (e.OutcomeSettled,),
        e.CauseAgreed: (e.CauseEnded,),
        e.CauseEnded: (e.OutcomeSettled, e.HoldLifted, e.HoldLapsed),
        e.Resumed: (e.RequestDone, e.RolledBack),
        e.LiveTold: (e.RequestDone, e.RolledBack),
        e.RollbackAgreed: (e.RollbackStarted,),
        e.ClosingSupported: (e.ClosedByHand,),
        e.PublicSupported: (e.MadePublic,),
    }
)


def is_unsaid(moment: Moment, act: Act) -> bool:
    """Say whether an event of an act needs no words of its own."""
    event = moment.event
    if isinstance(event, NEVER_SAID) or act.has(*SAID_BY.get(type(event), ())):
        return True
    match event:
        case e.ConfirmationGiven():
            return act.has(e.BecameReady) and not event.remark
        case e.WishStated():
            return act.surface is Surface.IRC
        case e.FactsLearned():
            return _is_no_news(event, moment.before, act)
        case e.ProofSeen():
            return act.has(e.RequestDone, e.RolledBack, e.StartedOutside) or not _is_against(event, moment.after)
        case e.Paused():
            return act.has(e.AbortAsked)
        case e.WakeAttempted():
            return event.outcome is e.WakeOutcome.SENT or not moment.after.open
        case e.OutsideTold():
            return event.outcome is not e.Arrival.MISSING  # all else shows in the status
        case _:
            return False


def _is_no_news(event: e.FactsLearned, before: Request | None, act: Act) -> bool:
    """Change and task are told when they are seen first; later only what is new, unless the new plan says so."""
    if before is None or act.has(e.RequestOpened):
        return True
    first_time = before.facts.change is None and event.facts.change is not None
    first_time = first_time or bool(first_told_of_task(event, before))
    silent = bool(silent_systems(event)) and before.facts == Facts()
    fresh = bool(event.news) and not act.has(e.PlanProposed, e.PlanWithdrawn)
    return not (silent or (first_time and not act.introduces) or fresh or begins_freeze(event, before))


def _is_against(event: e.ProofSeen, after: Request) -> bool:
    """While it is to be proved, only what speaks against it is worth a line."""
    if after.deployment is None or not after.deployment.proving:
        return False
    return event.live is after.deployment.going_back
