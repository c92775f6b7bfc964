"""What happens in each night, item by item: somebody says something, time passes, the world changes, or one waits."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.crash.installation import CHANGE, Counted
from tocsin.demo.site import BETTER_FIX
from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.commands import (
    Abort,
    Adopt,
    Ask,
    Close,
    ComeBack,
    Command,
    Confirm,
    Describe,
    EnrolPasskey,
    Go,
    Good,
    Lift,
    MakePrivate,
    MakePublic,
    Need,
    Note,
    PasskeyCommand,
    PutOnHold,
    Refuse,
    Renew,
    Restore,
    Resume,
    RollBack,
    ShowPresence,
    Stop,
    Suspend,
    Take,
    TellLive,
    TellOutcome,
    Unconfirm,
    Unlock,
    VouchForPasskey,
    Waive,
    Wake,
    Withdraw,
)
from tocsin.domain.commands.holding import Object
from tocsin.domain.commands.opening import SeeUncounted
from tocsin.domain.deployment import CauseKind
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.plan import Reason, Remedy
from tocsin.domain.request import Request, Status
from tocsin.domain.wish import WikiEdit, Wish
from tocsin.service.handler import SystemCommand

WORD: Final = "the word that is shown"
STEP_SECONDS: Final = 10.0
MINUTE: Final = timedelta(minutes=1)
SECURITY: Final = TeamId("security")


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's act; `as_stranger` when nobody can tell who it is. The check word is filled in where it is asked."""

    person: str
    command: Command | SystemCommand | PasskeyCommand
    as_stranger: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Time passes, all at once."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class Until:
    """Wait for the request to be so."""

    so: Callable[[Request], object]


@dataclass(frozen=True, slots=True)
class World:
    """Something happens outside; done twice it does no harm."""

    does: Callable[[Counted], None]


Item = Said | Later | Until | World


@dataclass(frozen=True, slots=True)
class Night:
    """One night, the status that it ends in, how often each step of it may have run: once; and people's pagers."""

    items: tuple[Item, ...]
    ends: Status
    ran: tuple[str, ...] = ()
    pagers: tuple[tuple[str, str], ...] = ()


def _is(status: Status) -> Until:
    return Until(lambda request: request.status is status)


def _nudged(nudge: e.Nudge) -> Until:
    return Until(lambda request: any(each is nudge for each, *_ in request.nudges))


def _ran(step: int) -> Until:
    return Until(lambda request: request.deployment and request.deployment.forward[step].ran)


def _logged(about: str) -> Until:
    sent = (e.Outside.ADMIN_LOG, about, e.Arrival.SENT)
    return Until(lambda request: sent in [(each.place, each.about, each.outcome) for each, _ in request.outside])


def _wish(remedy: Remedy, going_back: Verdict = Verdict.YES) -> Describe:
    return Describe(
        Wish(
            reason=Reason.DATA, remedy=remedy, sentence="pages are lost", why_not_rollback="it would lose edits",
            going_back=going_back, going_back_why="tried",
        )
    )  # fmt: skip


ASK: Final = Said("ada", Ask("help", Wish(named=CHANGE, task="T1"), "#website"))
PLANNED: Final = Until(lambda request: request.proposal)
BOTH_YES: Final = (Said("bo-sre", Confirm(WORD)), Said("kim-releng", Confirm(WORD)))
STARTS: Final = (
    _is(Status.READY),
    Said("kim-releng", Take()),
    Later(timedelta(seconds=20)),
    Said("ada", ShowPresence()),
    Said("bo-sre", ShowPresence()),
    Said("kim-releng", Go()),
)
LOOKED: Final = (
    Until(lambda request: request.deployment and request.deployment.checkpoint),
    Later(timedelta(seconds=6)),
    Said("ada", Good()),
    Said("kim-releng", Good()),
)


def _confirmed(remedy: Remedy, going_back: Verdict = Verdict.YES) -> tuple[Item, ...]:
    return (ASK, Said("ada", _wish(remedy, going_back)), PLANNED, *BOTH_YES)


def _touch(installation: Counted) -> None:
    installation.live.touch()


def _began(installation: Counted) -> None:
    """Wait for the step to have done something: what is killed before that has not run."""
    deadline = time.monotonic() + STEP_SECONDS
    while not installation.ran.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def _hide_reviews(installation: Counted) -> None:
    if installation.site.reviews.exists():
        installation.site.reviews.rename(_hidden(installation))


def _show_reviews(installation: Counted) -> None:
    if _hidden(installation).exists():
        _hidden(installation).rename(installation.site.reviews)


def _hidden(installation: Counted) -> Path:
    return installation.folder / "hidden.git"


def _better_patchset(installation: Counted) -> None:
    installation.site.upload(BETTER_FIX)


NIGHTS: Final = {
    "woken": Night(
        (ASK, Until(lambda request: request.wakings and not request.to_wake(5)), Said("ada", Withdraw())),
        Status.WITHDRAWN,
        pagers=(("lin-sec", "json://127.0.0.1:1/"),),
    ),
    "carried out": Night(
        (
            ASK,
            Said("ada", _wish(Remedy.FIX)),
            PLANNED,
            Said("lin-sec", Note("seen in Asia too")),
            Said("mo", SeeUncounted("confirm"), as_stranger=True),
            Said("bo-sre", Confirm(WORD)),
            Said("bo-sre", Unconfirm()),
            *BOTH_YES,
            _is(Status.READY),
            Said("kim-releng", PutOnHold("who watches?")),
            Said("mo-sre", Object("not yet")),
            Said("kim-releng", Lift()),
            _is(Status.READY),
            Later(6 * MINUTE),
            _nudged(e.Nudge.READY),
            Said("kim-releng", Take()),
            Said("ada", ShowPresence()),
            Said("bo-sre", ShowPresence()),
            Said("kim-releng", Go()),
            *LOOKED,
            Said("bo-sre", Stop("wait")),
            Until(lambda request: request.deployment and request.deployment.running is None),
            Said("bo-sre", Resume()),
            Said("kim-releng", Resume()),
            _is(Status.VERIFYING),
            Said("ada", TellLive(live=True)),
            _is(Status.DONE),
            _logged("done"),
        ),
        Status.DONE,
        ("first", "last"),
    ),
    "undone": Night(
        (
            *_confirmed(Remedy.DISABLE, Verdict.UNKNOWN),
            *STARTS,
            _ran(0),
            World(_began),
            Said("bo-sre", Abort()),
            Until(lambda request: request.underway.unsettled is not None),
            Said("ada", TellOutcome(ran=True)),
            Said("kim-releng", TellOutcome(ran=True)),
            Said("kim-releng", RollBack()),
            Said("bo-sre", RollBack()),
            Until(lambda request: request.underway.proving),
            Said("ada", TellLive(live=False)),
            _is(Status.ROLLED_BACK),
            Said("bo-sre", Unlock("the cause is gone")),
        ),
        Status.ROLLED_BACK,
        ("slow", "undo"),
    ),
    "closed by hand": Night(
        (
            *_confirmed(Remedy.BLOCK),
            *STARTS,
            _is(Status.PAUSED),
            Said("kim-releng", Resume("it failed before it did anything")),
            Said("kim-releng", Close("nothing was changed")),
            Said("bo-sre", Close("nothing was changed")),
        ),
        Status.CLOSED,
        ("fails",),
    ),
    "refused": Night(
        (ASK, Said("ada", _wish(Remedy.FIX)), PLANNED, Said("bo-sre", Refuse("no")), Said("ada", Refuse())),
        Status.REFUSED,
    ),
    "withdrawn": Night(
        (
            ASK,
            Said("ada", _wish(Remedy.FIX)),
            PLANNED,
            Said("ada", Need(SECURITY)),
            PLANNED,
            *BOTH_YES,
            Said("ada", MakePrivate()),
            Said("ada", MakePublic()),
            Said("bo-sre", MakePublic()),
            Said("ada", Wake()),
            Later(16 * MINUTE),
            Said("bo-sre", Waive(SECURITY, "nobody answers")),
            Said("kim-releng", Waive(SECURITY, "nobody answers")),
            Said(
                "ada",
                Describe(Wish(remedy=Remedy.WIKI_EDIT)),
            ),
            Said("ada", Describe(Wish(wiki=WikiEdit("enwiki", "Main", "yes")))),
            Said("ada", Withdraw()),
        ),
        Status.WITHDRAWN,
    ),
    "expired": Night(
        (
            ASK,
            Said("ada", _wish(Remedy.FIX)),
            PLANNED,
            Said("bo-sre", Confirm(WORD)),
            Later(5 * 60 * MINUTE),
            _is(Status.EXPIRED),
            Said("ada", Renew()),
            PLANNED,
            *BOTH_YES,
            _is(Status.READY),
        ),
        Status.READY,
    ),
    "a stranger's": Night(
        (
            Said("visitor", Ask("help", Wish(named=CHANGE, task="T1"), "#website"), as_stranger=True),
            Later(6 * MINUTE),
            _nudged(e.Nudge.ADOPTION),
            Said("ada", Adopt()),
            Said("ada", _wish(Remedy.FIX)),
            PLANNED,
            Said("mo-sre", PutOnHold("wait"), as_stranger=True),
            Later(4 * MINUTE),
            Until(lambda request: not request.holds),
            *BOTH_YES,
            Said("rei-releng", PutOnHold("let me look")),
            Later(16 * MINUTE),
            Said("bo-sre", Lift("all is well", PersonId("rei-releng"))),
            Said("kim-releng", Lift("all is well", PersonId("rei-releng"))),
            _is(Status.READY),
        ),
        Status.READY,
    ),
    "changed under way": Night(
        (
            ASK,
            Said("ada", _wish(Remedy.FIX)),
            PLANNED,
            Said("bo-sre", Confirm(WORD)),
            World(_better_patchset),
            Later(MINUTE),
            Until(lambda request: request.facts.change and request.facts.change.patchset == BETTER_FIX.patchset),
            *BOTH_YES,
            _is(Status.READY),
            Said("mo-sre", Suspend(PersonId("bo-sre"), "stolen laptop")),
            _is(Status.CONFIRMING),
            Said("kim-releng", Restore(PersonId("bo-sre"))),
            Said("rei-releng", Restore(PersonId("bo-sre"))),
            Said("bo-sre", Confirm(WORD)),
            _is(Status.READY),
        ),
        Status.READY,
    ),
    "passkeys": Night(
        (
            ASK,
            Said("bo-sre", EnrolPasskey("lost", "its key", "telephone")),
            Said("mo-sre", VouchForPasskey(PersonId("bo-sre"), "lost their telephone")),
            Said("bo-sre", EnrolPasskey("new", "its key", "new telephone")),
            Said("mo-sre", Suspend(PersonId("bo-sre"), "stolen laptop")),
            Said("bo-sre", ComeBack("new")),
            Said("kim-releng", Restore(PersonId("bo-sre"))),
            Said("ada", Withdraw()),
        ),
        Status.WITHDRAWN,
    ),
    "settled late": Night(
        (
            World(_hide_reviews),
            ASK,
            World(_show_reviews),
            Later(MINUTE),
            Until(lambda request: request.target and request.facts.change),
            Said("ada", _wish(Remedy.FIX)),
            PLANNED,
            *BOTH_YES,
            _is(Status.READY),
        ),
        Status.READY,
    ),
    "started outside": Night(
        (
            ASK,
            Said("ada", _wish(Remedy.FIX)),
            PLANNED,
            Later(2 * MINUTE),
            Until(lambda request: request.sights_before),
            World(_touch),
            Later(2 * MINUTE),
            _is(Status.STARTED_OUTSIDE),
        ),
        Status.STARTED_OUTSIDE,
    ),
    "paused long": Night(
        (
            *_confirmed(Remedy.BLOCK),
            *STARTS,
            _is(Status.PAUSED),
            Later(31 * MINUTE),
            _nudged(e.Nudge.ASKED_AGAIN),
            *BOTH_YES,
            Said("ada", ShowPresence()),
            Said("kim-releng", Resume("the step is not needed")),
            Said("bo-sre", Resume("the step is not needed")),
            Until(lambda request: not request.underway.cause(CauseKind.FAILURE)),
            Said("kim-releng", Resume()),
            _is(Status.VERIFYING),
            Said("ada", TellLive(live=True)),
            _is(Status.DONE),
        ),
        Status.DONE,
        ("fails", "last"),
    ),
}
