"""Each thing that can happen to a request, in one calm sentence: the list in which no event can be forgotten."""

from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.views.lines import Said
from tocsin.views.sentences import (
    asking,
    calling,
    carrying_out,
    confirming,
    ending,
    holding,
    pausing,
    staffing,
    telling,
)


def sentence(event: e.RequestEvent, before: Request | None, after: Request) -> Said:
    """Return what happened in one sentence; `before` and `after` are the request on either side of it."""
    match event:
        case e.RequestOpened():
            return asking.introduced(after, event.on_call)
        case e.RequestAdopted():
            return asking.adopted(event)
        case e.WishStated():
            return asking.stated(event)
        case e.FactsLearned():
            return asking.learned(event, before)
        case e.TargetSettled():
            return asking.settled(event)
        case e.PlanProposed():
            return asking.proposed(event, after)
        case e.PlanWithdrawn():
            return asking.withdrawn(event)
        case e.MoreAsked():
            return asking.more_asked(event, after)
        case e.Noted():
            return asking.noted(event)
        case e.SeenNotCounted():
            return asking.seen_not_counted(event)
        case e.ConfirmationGiven():
            return confirming.given(event, after)
        case e.ConfirmationTakenBack():
            return confirming.taken_back(event)
        case e.ConfirmationVoided():
            return confirming.voided(event)
        case e.BecameReady():
            return confirming.ready(event, after)
        case e.NoLongerReady():
            return confirming.no_longer_ready(event)
        case e.HoldPlaced():
            return holding.placed(event, after)
        case e.LiftSupported():
            return holding.lift_supported(event, after)
        case e.HoldLifted():
            return holding.lifted(event)
        case e.HoldLapsed():
            return holding.lapsed(event)
        case e.ObjectionHeard():
            return holding.objected(event)
        case e.RefusalGiven():
            return holding.refusal_given(event)
        case e.RefusalAgreed():
            return holding.refusal_agreed(event)
        case e.RequestRefused():
            return holding.refused(event, after)
        case e.TeamNeeded():
            return staffing.needed(event, after)
        case e.WaiverSupported():
            return staffing.waiver_supported(event, after)
        case e.TeamWaived():
            return staffing.waived(event, after)
        case e.DeployerTaken():
            return staffing.taken(event)
        case e.PresenceShown():
            return staffing.here(event)
        case e.Nudged():
            return calling.nudged(event, after)
        case e.WakeAttempted():
            return calling.woken(event)
        case e.DeploymentStarted():
            return carrying_out.started(event, after)
        case e.StepStarted():
            return carrying_out.step_started(event, after)
        case e.StepEnded():
            return carrying_out.step_ended(event, after)
        case e.CheckpointReached():
            return carrying_out.checkpoint(event)
        case e.GoodGiven():
            return carrying_out.good(event, after)
        case e.CheckpointPassed():
            return carrying_out.passed(event, before, after)
        case e.ProvingStarted():
            return carrying_out.proving(event, after)
        case e.ProofSeen():
            return carrying_out.proof_seen(event, after)
        case e.LiveTold():
            return carrying_out.told_live(event)
        case e.RequestDone():
            return carrying_out.done(event, after)
        case e.Paused():
            return pausing.paused(event)
        case e.CauseAgreed():
            return pausing.agreed(event)
        case e.CauseEnded():
            return pausing.ended(event)
        case e.Resumed():
            return pausing.resumed(event)
        case e.AbortAsked():
            return pausing.abort_asked(event)
        case e.OutcomeTold():
            return pausing.outcome_told(event, after)
        case e.OutcomeSettled():
            return pausing.outcome_settled(event)
        case e.RollbackAsked():
            return ending.rollback_asked(event)
        case e.RollbackAgreed():
            return ending.rollback_agreed(event)
        case e.RollbackStarted():
            return ending.rollback_started(event, after)
        case e.RolledBack():
            return ending.rolled_back(event, after)
        case e.TargetUnlocked():
            return ending.unlocked(event, after)
        case e.RequestWithdrawn():
            return ending.withdrawn(event)
        case e.RequestExpired():
            return ending.expired(after)
        case e.RequestRenewed():
            return ending.renewed(event)
        case e.ClosingSupported():
            return ending.closing_supported(event)
        case e.ClosedByHand():
            return ending.closed(event, after)
        case e.StartedOutside():
            return ending.started_outside(event)
        case e.MadePrivate():
            return ending.made_private(event)
        case e.PublicSupported():
            return ending.public_supported(event)
        case e.MadePublic():
            return ending.made_public(event)
        case e.OutsideTold():
            return telling.told_outside(event, after)
        case _:
            assert_never(event)
