"""Whatever is said by whomever, in whatever order: nothing breaks, and no step runs without a quorum of people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.night import CHANGE, CLOCK, RELENG, RUNNER, SRE, TEAMS, Command, Night, unverified
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import (
    Abort,
    Close,
    Confirm,
    Describe,
    Give,
    Go,
    Good,
    Lift,
    Need,
    PutOnHold,
    Refuse,
    Renew,
    Resume,
    RollBack,
    ShowPresence,
    Stop,
    Take,
    TellLive,
    TellOutcome,
    Unconfirm,
    Unlock,
    Wake,
    Withdraw,
)
from tocsin.domain.commands.carrying_out import EndStep, StartStep
from tocsin.domain.commands.holding import Object
from tocsin.domain.commands.opening import Learn
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.deployment import Direction, Fate
from tocsin.domain.errors import Refused
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.progress import RunStep, next_step
from tocsin.domain.request import Request, Status
from tocsin.domain.schedule import Calendar, Freeze
from tocsin.domain.wish import Wish

PEOPLE = sorted(TEAMS)
TABLE = {
    (Status.ASKED, Status.CONFIRMING),
    (Status.CONFIRMING, Status.ASKED),
    (Status.CONFIRMING, Status.READY),
    (Status.READY, Status.CONFIRMING),
    (Status.READY, Status.ASKED),
    *((before, over) for before in (Status.ASKED, Status.CONFIRMING, Status.READY)
      for over in (Status.WITHDRAWN, Status.REFUSED, Status.EXPIRED, Status.STARTED_OUTSIDE)),
    (Status.EXPIRED, Status.ASKED),
    (Status.READY, Status.DEPLOYING),
    (Status.DEPLOYING, Status.VERIFYING),
    (Status.VERIFYING, Status.DONE),
    *((before, Status.ROLLING_BACK)
      for before in (Status.DEPLOYING, Status.PAUSED, Status.VERIFYING, Status.DONE)),
    (Status.ROLLING_BACK, Status.ROLLED_BACK),
    *((moving, Status.PAUSED) for moving in (Status.DEPLOYING, Status.ROLLING_BACK, Status.VERIFYING)),
    *((Status.PAUSED, moving) for moving in (Status.DEPLOYING, Status.ROLLING_BACK, Status.VERIFYING)),
    (Status.PAUSED, Status.CLOSED),
}  # fmt: skip
"""The table of process.md, and two rows more: a stop also pauses the proof; asking anew begins at the beginning."""

SENSIBLE: tuple[tuple[str, Command], ...] = (
    ("bo-sre", Confirm("the word")),
    ("kim-releng", Confirm("the word")),
    ("kim-releng", Take()),
    ("kim-releng", Go()),
    ("kim-releng", Go()),
    ("ada", Good()),
    ("kim-releng", Good("canaries")),
    ("bo-sre", Resume("fine")),
    ("kim-releng", Resume("fine")),
    ("kim-releng", Resume("fine")),
    ("mo-sre", Good()),
    ("ada", ShowPresence()),
    ("mo-sre", ShowPresence()),
    ("bo-sre", ShowPresence()),
    ("mo-sre", Confirm("the word")),
    ("lin", Confirm("the word")),
)
ANYTHING: tuple[Command, ...] = (
    *(command for _, command in SENSIBLE),
    Stop(),
    Unconfirm(),
    PutOnHold("wait"),
    Lift("fine"),
    RollBack(),
    Abort(),
    TellOutcome(ran=True),
    TellOutcome(ran=False),
    TellLive(live=True),
    TellLive(live=False),
    Close("as it is"),
    Withdraw(),
    Renew(),
    Refuse("no"),
    Object("wait"),
    Wake(),
    Unlock("mended"),
    Need(TeamId("security")),
    Give(PersonId("dee")),
    Describe(Wish(sentence="worse now")),
    Describe(Wish(going_back=Verdict.NO)),
)
HAPPENINGS = ("run", "run", "run", "run", "fail", "lose", "live", "not live", "look", "look", "learn")
RARE = ("leave", "remove", "remove", "patch", "suspend", "freeze")
PASSING = (
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(seconds=60),
    timedelta(minutes=11),
    timedelta(minutes=40),
)
STAGES: tuple[Callable[[Night, str], Night], ...] = (
    lambda night, requester: night.asked(requester),
    lambda night, requester: night.confirmed(requester=requester),
    lambda night, requester: night.deploying(requester=requester),
    lambda night, requester: night.at_checkpoint(requester=requester),
    lambda night, requester: night.verifying(requester=requester),
)
FATES: dict[str, tuple[Fate, int | None]] = {
    "run": (Fate.ENDED, 0),
    "fail": (Fate.ENDED, 1),
    "lose": (Fate.UNKNOWN, None),
}
ACTS = 60


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_in_whatever_order_nothing_breaks_and_no_step_runs_without_a_quorum(seed: int) -> None:
    dice = Random(seed)
    night = a_night(dice)
    for _ in range(ACTS):
        before, already = night.request, len(night.history)
        live(night, dice)
        judged(before, night, night.history[already:])


def a_night(dice: Random) -> Night:
    """Begin somewhere; the author is a member of a required team, and so is the requester at times."""
    night = Night()
    night.teams["lin"] = frozenset({RELENG})
    return dice.choice(STAGES)(night, dice.choice(("ada", "mo-sre")))


def live(night: Night, dice: Random) -> None:
    """Let one thing happen, sensible or not; a refusal gives reasons in sentences."""
    try:
        _live(night, dice)
    except Refused as refused:
        assert refused.reasons and all(reason.strip() for reason in refused.reasons)


def _live(night: Night, dice: Random) -> None:
    match dice.choices(("sensible", "anything", "doubtful", "happens", "passes", "rare"), (35, 18, 4, 30, 8, 5))[0]:
        case "sensible":
            person, command = dice.choice(SENSIBLE)
            night.says(person, worded(night, command))
        case "anything":
            night.says(dice.choice(PEOPLE), worded(night, dice.choice(ANYTHING)))
        case "doubtful":
            night.acts(unverified(dice.choice(PEOPLE)), worded(night, dice.choice(ANYTHING)))
        case "happens":
            _happen(night, dice.choice(HAPPENINGS))
        case "passes":
            night.now += dice.choice(PASSING)
        case _:
            _change(night, dice.choice(RARE))


def worded(night: Night, command: Command) -> Command:
    return Confirm(night.word) if isinstance(command, Confirm) and night.request.proposal else command


def _happen(night: Night, what: str) -> None:
    due = next_step(night.request)
    if what in ("live", "not live") and night.request.deployment:
        night.acts(CLOCK, ReportSight(0, what == "live", "seen"))
    elif what in ("look", "learn"):
        night.acts(CLOCK, LookAgain() if what == "look" else Learn())
    elif isinstance(due, RunStep) and not due.started:
        night.acts(RUNNER, StartStep(due.direction, due.step, due.attempt))
    elif isinstance(due, RunStep) and what in FATES:
        night.acts(RUNNER, EndStep(due.direction, due.step, due.attempt, *FATES[what], timedelta(seconds=1)))


def _change(night: Night, what: str) -> None:
    match what:
        case "leave":
            night.gone["ada"] = night.now
        case "remove":
            night.teams["bo-sre"] = frozenset()
        case "suspend":
            night.suspended.add("kim-releng")
        case "freeze":
            night.calendar = Calendar(freezes=(Freeze("holiday", night.now, night.now + timedelta(days=1)),))
        case _:
            night.change = replace(CHANGE, patchset=4, sha="d" * 40)


def judged(before: Request, night: Night, events: list[e.RequestEvent]) -> None:
    """Look at one act from outside, by rules of our own."""
    after = night.request
    if before.status is not after.status:
        assert (before.status, after.status) in TABLE or passed_through(before, events), (before.status, after.status)
    for event in events:
        if isinstance(event, e.DeploymentStarted):
            assert different_people(dict(event.counted), before)
        if isinstance(event, e.StepStarted):
            assert any(isinstance(each, e.DeploymentStarted) for each in night.history)
            assert before.status in (Status.DEPLOYING, Status.ROLLING_BACK)
            if event.direction is Direction.FORWARD:
                said = {each.person: each.teams for each in before.confirmations}
                assert stands(night, said, before)
                assert not before.holds


def passed_through(before: Request, events: list[e.RequestEvent]) -> bool:
    """Several moves in one act are each in the table."""
    moves = {e.BecameReady: Status.READY, e.DeploymentStarted: Status.DEPLOYING, e.Resumed: before.paused_from,
             e.ProvingStarted: Status.VERIFYING, e.RequestDone: Status.DONE, e.RolledBack: Status.ROLLED_BACK,
             e.Paused: Status.PAUSED, e.PlanProposed: Status.CONFIRMING, e.RequestRenewed: Status.ASKED,
             e.RollbackStarted: Status.ROLLING_BACK, e.StartedOutside: Status.STARTED_OUTSIDE,
             e.NoLongerReady: Status.CONFIRMING, e.RequestRefused: Status.REFUSED}  # fmt: skip
    status = before.status
    for event in events:
        proving_back = isinstance(event, e.ProvingStarted) and event.direction is Direction.BACK
        then = moves.get(type(event), status) if not proving_back else status
        if then is not status and (status, then) not in TABLE:
            return False
        status = then
    return True


def different_people(counted: dict[PersonId, TeamId], request: Request) -> bool:
    return set(counted.values()) >= {SRE, RELENG} and len(counted) >= 2 and request.requester not in counted


def stands(night: Night, said: dict[PersonId, frozenset[TeamId]], request: Request) -> bool:
    """Two different people, neither requester nor author, members still, said yes for the two teams."""
    members = {
        person: teams & night.teams[person]
        for person, teams in said.items()
        if person not in (request.requester, "lin", *night.suspended)
    }
    return any(
        SRE in mine and RELENG in theirs and one != other
        for one, mine in members.items()
        for other, theirs in members.items()
    )
