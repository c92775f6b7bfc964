"""How each event moves a request: the state machine on one page.

Law: `evolve` never refuses. What it is given has happened.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from tocsin.domain import events as e
from tocsin.domain.copying import altered
from tocsin.domain.deployment import Deployment, StepStatus
from tocsin.domain.people import TeamId
from tocsin.domain.request import Confirmation, Hold, Request, Stamp, Status, Waking


def evolve(request: Request | None, event: e.RequestEvent, stamp: Stamp) -> Request:
    """Return the request after an event; the first event of all opens it."""
    if isinstance(event, e.RequestOpened):
        return _opened(event, stamp.at).with_act(stamp)
    assert request is not None, "the first event of a request opens it"
    return _moved(request, event, stamp.at).with_act(stamp)


def evolve_all(request: Request, events: Iterable[e.RequestEvent], stamp: Stamp) -> Request:
    """Return the request after several events of one moment."""
    for event in events:
        request = evolve(request, event, stamp)
    return request


def _opened(event: e.RequestOpened, at: datetime) -> Request:
    return Request(
        id=event.id,
        status=Status.ASKED,
        opened_at=at,
        wording=event.wording,
        channel=event.channel,
        private=event.private,
        name=event.name,
        requester=event.requester,
        marks=event.marks,
        target=event.target,
        policy=event.policy,
        roster=event.roster,
        wish=event.wish,
        asked=event.asked,
        acted_at=at,
        since=at,
    )


def _moved(request: Request, event: e.RequestEvent, at: datetime) -> Request:
    match event:
        case e.RequestOpened() | e.Noted() | e.SeenNotCounted() | e.AbortAsked() | e.RefusalAgreed():
            return request
        case e.RequestAdopted():
            return request.with_requester(event.person)
        case e.WishStated():
            return request.with_wish(event.wish)
        case e.FactsLearned():
            return altered(request, facts=event.facts)
        case e.TargetSettled():
            return _settled(request, event)
        case e.PlanProposed():
            return _proposed(request, event).moved(Status.CONFIRMING, at)
        case e.PlanWithdrawn():
            return altered(_unconfirmed(request), proposal=None).moved(Status.ASKED, at)
        case e.MoreAsked():
            return altered(request, lacking=event.missing)
        case e.ConfirmationGiven():
            return request.with_yes(Confirmation(event.person, event.teams, event.on_call_for, at))
        case e.ConfirmationTakenBack() | e.ConfirmationVoided():
            return request.without_yes(event.person)
        case e.BecameReady():
            return request.moved(Status.READY, at)
        case e.NoLongerReady():
            return request.moved(Status.CONFIRMING, at)
        case e.HoldPlaced():
            return request.with_hold(Hold(event.person, event.reason, at, event.verified))
        case e.LiftSupported():
            return request.with_lift(event.holder, event.person, event.team)
        case e.HoldLifted() | e.HoldLapsed():
            return request.lifted(event.holder)
        case e.ObjectionHeard():
            return altered(request, objections=(*request.objections, (event.person, at)))
        case e.RefusalGiven():
            return altered(request, refusals=(*request.refusals, event.person), refusal_reason=event.reason)
        case e.RequestRefused():
            return request.moved(Status.REFUSED, at)
        case e.TeamNeeded():
            return request.with_need(event.team, at)
        case e.WaiverSupported():
            return altered(request, waivers=(*request.waivers, (event.team, event.person)))
        case e.TeamWaived():
            return altered(request, waived=(*request.waived, event.team), needed=_without(request.needed, event.team))
        case e.DeployerTaken():
            return altered(request, deployer=event.person)
        case e.PresenceShown():
            return request.with_here(event.person, at)
        case e.Nudged():
            return _nudged(request, event, at)
        case e.WakeAttempted():
            return request.with_tried(event.person, event.called_at)
        case e.DeploymentStarted():
            return _started(request, event, at)
        case e.StepStarted():
            return request.with_deployment(request.underway.with_step(event.step, StepStatus.RUNNING, event.attempt))
        case e.StepEnded():
            return request.with_deployment(request.underway.with_ended(event.step, event.fate, event.exit_code))
        case e.CheckpointReached():
            return request.with_deployment(request.underway.at_checkpoint(event.step, event.name, at))
        case e.GoodGiven():
            return request.with_deployment(request.underway.with_good(event.person))
        case e.CheckpointPassed():
            return request.carried(checkpoint=None)
        case e.ProvingStarted():
            return _proving(request, at)
        case e.ProofSeen():
            return request.with_sight(event.proof, live=event.live)
        case e.LiveTold():
            return request.with_deployment(request.underway.with_word(event.person, live=event.live))
        case e.RequestDone():
            return request.moved(Status.DONE, at)
        case e.Paused():
            return request.moved(Status.PAUSED, at).with_cause(event.cause)
        case e.CauseAgreed():
            return request.with_deployment(request.underway.with_agreed(event.kind, event.by, event.person))
        case e.CauseEnded():
            return request.with_deployment(request.underway.after_cause(event.kind, event.by, repeated=event.repeated))
        case e.Resumed():
            return request.moved(request.paused_from, at).carried(closing_asked=())
        case e.OutcomeTold():
            return request.with_deployment(request.underway.with_telling(event.person, ran=event.ran))
        case e.OutcomeSettled():
            return request.with_deployment(request.underway.with_outcome(ran=event.ran))
        case e.RollbackAsked():
            return request.carried(rollback_asked=(*request.underway.rollback_asked, event.person))
        case e.RollbackAgreed():
            return request.carried(rollback_agreed=True)
        case e.RollbackStarted():
            return request.moved(Status.ROLLING_BACK, at).with_deployment(request.underway.turned_back(event.steps))
        case e.RolledBack():
            return request.moved(Status.ROLLED_BACK, at)
        case e.TargetUnlocked():
            return altered(request, unlocked=True)
        case e.RequestWithdrawn():
            return request.moved(Status.WITHDRAWN, at)
        case e.RequestExpired():
            return _unconfirmed(request).moved(Status.EXPIRED, at)
        case e.RequestRenewed():
            return _renewed(request, event, at)
        case e.ClosingSupported():
            return request.carried(closing_asked=(*request.underway.closing_asked, event.person))
        case e.ClosedByHand():
            return request.moved(Status.CLOSED, at)
        case e.StartedOutside():
            return request.moved(Status.STARTED_OUTSIDE, at)
        case e.MadePrivate():
            return altered(request, private=True, published=False, public_asked=())
        case e.PublicSupported():
            return altered(request, public_asked=(*request.public_asked, event.person))
        case e.MadePublic():
            return altered(request, private=False, published=True, public_asked=())
        case e.OutsideTold():
            return request.with_told(event, at)
        case _:
            assert_never(event)


def _settled(request: Request, event: e.TargetSettled) -> Request:
    return altered(request, target=event.target, channel=event.channel, policy=event.policy, roster=event.roster)


def _proposed(request: Request, event: e.PlanProposed) -> Request:
    """Who said `here`, and what a proof showed, was about another plan."""
    return altered(_unconfirmed(request), proposal=event.proposal, here=(), sights_before=(), lacking=())


def _unconfirmed(request: Request) -> Request:
    return altered(request, confirmations=())


def _nudged(request: Request, event: e.Nudged, at: datetime) -> Request:
    nudged = altered(request, nudges=(*request.nudges, (event.nudge, event.team, event.stage, at)))
    wakes = event.nudge in e.WAKING and event.people
    return altered(nudged, wakings=(*request.wakings, Waking(at, event.people, event.team))) if wakes else nudged


def _started(request: Request, event: e.DeploymentStarted, at: datetime) -> Request:
    assert request.proposal is not None, "only what was proposed is carried out"
    deployment = Deployment.of(request.proposal.plan, at, frozen=request.facts.freeze is not None)
    return altered(request.moved(Status.DEPLOYING, at), deployment=deployment, deployer=event.deployer)


def _proving(request: Request, at: datetime) -> Request:
    """Going back is proved while still rolling back; going forward has a status of its own for it."""
    proving = altered(request.carried(proving=True), since=at)
    return proving if request.status is Status.ROLLING_BACK else proving.moved(Status.VERIFYING, at)


def _renewed(request: Request, event: e.RequestRenewed, at: datetime) -> Request:
    """Everything is asked anew, with a new check word, of waived teams too; only a hold stays: no time lifts one."""
    kept = altered(request, policy=event.policy, roster=event.roster, opened_at=at, acted_at=at, nudges=(), wakings=())
    anew = altered(_unconfirmed(kept), proposal=None, ended_at=None, here=(), waivers=(), objections=())
    asked = altered(anew, needed=(*request.needed, *request.waived), waived=(), public_asked=())
    return altered(asked, holds=tuple(hold for hold in request.holds if hold.verified)).moved(Status.ASKED, at)


def _without(things: tuple[TeamId, ...], thing: TeamId) -> tuple[TeamId, ...]:
    return tuple(each for each in things if each != thing)
