"""A small world for walking through every state: four people with overlapping teams, two teams, two patchsets.

The one who asks and the one who wrote the second patchset are in a team too, one person is in both teams, and one has
a nick that somebody else bears. Times are reduced to *before* and *after* each limit: those named here come, all
others never do.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache

from tocsin.domain.change import Change, Task, Verdict
from tocsin.domain.commands import Ask
from tocsin.domain.evolving import evolve
from tocsin.domain.people import (
    Directory,
    Marks,
    Person,
    PersonId,
    Presence,
    RequestId,
    Speaker,
    Surface,
    TargetId,
    Team,
    TeamId,
)
from tocsin.domain.plan import ExecutorKind, FetchProof, Reason, Recipe, Remedy, Step
from tocsin.domain.policy import Demand, Limits, Policy
from tocsin.domain.request import Request
from tocsin.domain.situation import Catalogue, Situation, Target
from tocsin.domain.wish import Wish

NOW = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
NEVER = timedelta(days=1000)
SHORT, LONG = timedelta(seconds=15), timedelta(hours=2)
"""The limits that a moment can lie before or behind: a yes is fresh; a yes, or a pause, is old."""
PASSING = (timedelta(seconds=20), timedelta(hours=2, minutes=1))
"""The steps in which time passes: over the one limit, and over both."""

RED, BLUE = TeamId("red"), TeamId("blue")
ASKER, BOTH, BLUEST, DRIVER = (PersonId(name) for name in ("asker", "both", "bluest", "driver"))
TEAMS = {
    ASKER: frozenset({RED}),
    BOTH: frozenset({RED, BLUE}),
    BLUEST: frozenset({BLUE}),
    DRIVER: frozenset({RED}),
}
PEOPLE = tuple(TEAMS)
HERE = Presence(tuple((person, NOW) for person in PEOPLE))
"""Everybody is here: who comes and goes is left to other tests, so that this world stays small."""

LIMITS = Limits(
    go_after_yes=SHORT,
    yes_lasts=LONG,
    unverified_pause=LONG,
    ask_again=LONG,
    rollback_open=LONG,
    good_after=timedelta(0),
    **dict.fromkeys(
        "act_expires go_after_objection presence on_call_answers holder_answers team_answers all_answer remind widen "
        "wake adopt remind_ready remind_look wake_look propose_rollback absence stopper_answers remind_pause "
        "wake_pause "
        "proof review".split(),
        NEVER,
    ),
)
POLICY = Policy("both", "1", (Demand(RED), Demand(BLUE)), limits=LIMITS)
STEPS = (
    Step("canary", ("deploy", "{sha}", "canary"), undo=("undeploy", "canary"), look="canary"),
    Step("everywhere", ("deploy", "{sha}"), undo=("undeploy",)),
)
TARGET = TargetId("site")
RECIPE = Recipe(
    "fix", TARGET, frozenset({Remedy.FIX}), ExecutorKind.REHEARSAL, STEPS, (FetchProof("https://example.org", "fixed"),)
)
CATALOGUE = Catalogue((Target(TARGET, "#site", "#site-private", POLICY, (RECIPE,), (("site", "*"),)),))
AUTHORS = {1: PersonId("outsider"), 2: DRIVER}
PATCHSETS = {
    patchset: Change(
        7, patchset, f"{patchset}" * 40, "site", "main", "Mend it", frozenset({author}), author, public=Verdict.YES
    )
    for patchset, author in AUTHORS.items()
}
TASK = Task("T7", "It is broken", Verdict.YES)
CRY = Wish(named="7", task="T7", reason=Reason.AVAILABILITY, remedy=Remedy.FIX, sentence="down", why_not_rollback="no",
           going_back=Verdict.YES)  # fmt: skip
OTHER_WORDS = replace(CRY, sentence="down everywhere")


class Staff(StrEnum):
    """What became of the teams since the request opened; no two of it in one night, so that this world stays small."""

    AS_OPENED = "everybody is where they were"
    LEFT = "bluest leaves the team"
    SUSPENDED = "bluest is suspended"
    JOINED = "driver joins blue"


CHANGES = (Staff.LEFT, Staff.SUSPENDED, Staff.JOINED)


@dataclass(frozen=True, slots=True)
class State:
    """A request, the facts around it, and what is kept by hand for the invariant, apart from the rules.

    `said` has who, verified, said yes to exactly what is shown now, and for which team if they named one; `held` who,
    verified, said "not yet" and has not let it go on.
    """

    request: Request
    patchset: int = 1
    staff: Staff = Staff.AS_OPENED
    said: frozenset[tuple[PersonId, TeamId | None]] = frozenset()
    held: frozenset[PersonId] = frozenset()


def opened() -> State:
    """Return the night's first state: the asker has cried for help."""
    seen = situation(1, Staff.AS_OPENED, voice(ASKER))
    first, *more = Ask("help", CRY, "#site").decide(None, seen)
    request = evolve(None, first, seen.stamp)
    for event in more:
        request = evolve(request, event, seen.stamp)
    return State(request)


@cache
def situation(patchset: int, staff: Staff, speaker: Speaker) -> Situation:
    """Return what the rules are shown: people as they are now, and the change as it is now."""
    people = tuple(_person(person, staff) for person in PEOPLE)
    suspended = frozenset({BLUEST} if staff is Staff.SUSPENDED else ())
    return Situation(
        now=NOW,
        speaker=speaker,
        directory=Directory(people, (Team(RED, "Red"), Team(BLUE, "Blue")), suspended),
        catalogue=CATALOGUE,
        presence=HERE,
        change=PATCHSETS[patchset],
        task=TASK,
        nonce="nonce",
        id=RequestId("E1"),
    )


def voice(person: PersonId) -> Speaker:
    """Return a verified person's voice."""
    return Speaker(person, Surface.IRC, person)


def impostor(person: PersonId) -> Speaker:
    """Return the voice of somebody who only bears a person's nick."""
    return Speaker(person, Surface.IRC, None, claimed=person, marks=Marks(nick=person), doubt="log in")


def _person(person: PersonId, staff: Staff) -> Person:
    teams = TEAMS[person]
    if staff is Staff.LEFT and person == BLUEST:
        teams = frozenset()
    elif staff is Staff.JOINED and person == DRIVER:
        teams = frozenset({RED, BLUE})
    return Person(person, teams, frozenset({TARGET}) if person == DRIVER else frozenset())
