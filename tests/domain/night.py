"""One emergency played from the cry to its end: who says what when, what the runner and the clock do, what follows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from tocsin.domain import events as e
from tocsin.domain.change import Change, Task, Verdict
from tocsin.domain.commands.carrying_out import EndStep, Go, Good, StartStep
from tocsin.domain.commands.confirming import Confirm
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.commands.proving import ReportSight
from tocsin.domain.commands.staffing import Take
from tocsin.domain.commands.watching import LookAgain
from tocsin.domain.deployment import CauseKind, Fate
from tocsin.domain.errors import Refused
from tocsin.domain.evolving import evolve
from tocsin.domain.people import (
    Directory,
    Marks,
    OnCall,
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
from tocsin.domain.plan import ExecutorKind, FetchProof, Proof, Reason, Recipe, Remedy, Step, WordProof
from tocsin.domain.policy import Demand, Look, Policy
from tocsin.domain.progress import RunStep, next_step
from tocsin.domain.request import Request, Stamp, Status
from tocsin.domain.schedule import Calendar
from tocsin.domain.situation import Catalogue, Ground, Situation, Target
from tocsin.domain.wish import Wish

BEGIN = datetime(2026, 1, 10, 2, 0, tzinfo=UTC)
SRE, RELENG, SECURITY = TeamId("sre"), TeamId("releng"), TeamId("security")
WIKI = TargetId("mediawiki-config")
TEAMS = {
    "ada": (),
    "lin": (),
    "bo-sre": (SRE,),
    "mo-sre": (SRE,),
    "kim-releng": (RELENG,),
    "rei-releng": (RELENG,),
    "pat-both": (SRE, RELENG),
    "sam-sec": (SECURITY,),
    "dee": (),
}
DEPLOYERS = ("ada", "kim-releng", "mo-sre", "pat-both", "dee")
CANARY = Step("canaries", ("deploy", "{sha}", "canary"), undo=("undeploy", "canary"), look="canaries")
EVERYWHERE = Step("everywhere", ("deploy", "{sha}"), undo=("undeploy",))
TWO_STEPS = (CANARY, EVERYWHERE)
FETCH: tuple[Proof, ...] = (FetchProof("https://example.org/", "fixed"),)
WORDS: tuple[Proof, ...] = (WordProof(),)
CHANGE = Change(
    1234,
    3,
    "8f3ac21" + "0" * 33,
    "config",
    "main",
    "Stop caching painted pages",
    frozenset({PersonId("lin")}),
    "lin",
    public=Verdict.YES,
)
BOTH = Policy("both", "1", (Demand(RELENG), Demand(SRE)), informed=(SECURITY,))
WISH = Wish(
    named="1234",
    task="T1234",
    reason=Reason.DATA,
    remedy=Remedy.DISABLE,
    sentence="painted pages are cached corrupted",
    why_not_rollback="it would lose today's paints",
    going_back=Verdict.YES,
    going_back_why="the old pages are kept",
)
TASK = Task("T1234", public=Verdict.YES)
RUNNER = Speaker("the runner", Surface.RUNNER)
CLOCK = Speaker("tocsin", Surface.TOCSIN)


class Command(Protocol):
    """Anything that can be decided about a request that is there."""

    def decide(self, request: Request, situation: Situation) -> list[e.RequestEvent]: ...


class Night:
    """The world around one request; every method that acts returns the events that followed, already taken in."""

    def __init__(
        self,
        steps: tuple[Step, ...] = TWO_STEPS,
        proofs: tuple[Proof, ...] = FETCH,
        policy: Policy = BOTH,
        wish: Wish = WISH,
        change: Change | None = CHANGE,
    ) -> None:
        remedies = frozenset(Remedy)
        recipe = Recipe("config", WIKI, remedies, ExecutorKind.REHEARSAL, steps, proofs)
        self.catalogue = Catalogue((Target(WIKI, "#ops", "#ops-private", policy, (recipe,), (("config", "*"),)),))
        self.now = BEGIN
        self.wish = wish
        self.change = change
        self.teams = {person: frozenset(teams) for person, teams in TEAMS.items()}
        self.deployers = set(DEPLOYERS)
        self.suspended: set[str] = set()
        self.gone: dict[str, datetime] = {}
        self.joined: frozenset[str] = frozenset()
        self.seen_people: dict[str, datetime] = {}
        self.unknown: tuple[str, ...] = ()
        self.as_of: tuple[tuple[str, datetime], ...] = ()
        self.refusal = ""
        self.ground = Ground()
        self.calendar = Calendar()
        self.on_call = OnCall()
        self.task: Task | None = TASK
        self.nonce = "a nonce"
        self.twin: RequestId | None = None
        self.open_by_speaker = 0
        self.began: Request | None = None
        self.history: list[e.RequestEvent] = []

    # --- what is the case -----------------------------------------------------------------------------------------

    @property
    def request(self) -> Request:
        assert self.began is not None
        return self.began

    def stands(self, status: Status) -> bool:
        return self.request.status is status

    @property
    def word(self) -> str:
        assert self.request.proposal is not None
        return self.request.proposal.check_word

    @property
    def causes(self) -> list[tuple[CauseKind, str | None]]:
        return [(cause.kind, cause.by) for cause in self.request.underway.causes]

    @property
    def waits(self) -> bool:
        """Say whether the runner may start nothing now."""
        due = next_step(self.request)
        return not (isinstance(due, RunStep) and not due.started)

    def situation(self, speaker: Speaker) -> Situation:
        people = tuple(
            Person(
                PersonId(person),
                teams,
                frozenset({WIKI}) if person in self.deployers else frozenset(),
                nicks=(person,),
            )
            for person, teams in self.teams.items()
        )
        named = (Team(RELENG, "Release Engineering"), Team(SRE, "SRE"), Team(SECURITY, "Security"))
        return Situation(
            now=self.now,
            speaker=speaker,
            directory=Directory(people, named, frozenset(PersonId(person) for person in self.suspended)),
            catalogue=self.catalogue,
            presence=Presence(signs(self.seen_people), signs(self.gone), frozenset(map(PersonId, self.joined))),
            calendar=self.calendar,
            ground=self.ground,
            change=self.change,
            on_call=self.on_call,
            task=self.task,
            unknown=self.unknown,
            as_of=self.as_of,
            refusal=self.refusal,
            nonce=self.nonce,
            id=RequestId("E17"),
            twin=self.twin,
            open_by_speaker=self.open_by_speaker,
        )

    @property
    def target(self) -> Target:
        return self.catalogue.targets[0]

    def with_recipes(self, *recipes: Recipe) -> Self:
        """The one target has these recipes."""
        self.catalogue = Catalogue((replace(self.target, recipes=recipes),))
        return self

    @property
    def recipe(self) -> Recipe:
        return self.target.recipes[0]

    # --- what people do -------------------------------------------------------------------------------------------

    def later(self, seconds: int = 0, minutes: int = 0, hours: int = 0) -> Self:
        self.now += timedelta(seconds=seconds, minutes=minutes, hours=hours)
        return self

    def says(self, person: str, command: Command) -> list[e.RequestEvent]:
        """A verified person says it."""
        return self.acts(verified(person), command)

    def refused(self, person: str, command: Command) -> str:
        """A verified person says it and is refused; return all the reasons."""
        return self.refused_to(verified(person), command)

    def refused_to(self, speaker: Speaker, command: Command) -> str:
        try:
            events = command.decide(self.request, self.situation(speaker))
        except Refused as refused:
            return " ".join(refused.reasons)
        raise AssertionError(f"not refused, but {events}")

    def acts(self, speaker: Speaker, command: Command) -> list[e.RequestEvent]:
        return self.taken_in(command.decide(self.request, self.situation(speaker)), speaker)

    def looks(self) -> list[e.RequestEvent]:
        """The clock looks again."""
        return self.acts(CLOCK, LookAgain())

    def looks_with(self, *people: str) -> list[e.RequestEvent]:
        """The clock looks again; these people were seen just now, somewhere."""
        self.seen_people |= dict.fromkeys(people, self.now)
        return self.looks()

    def taken_in(self, events: list[e.RequestEvent], speaker: Speaker) -> list[e.RequestEvent]:
        for event in events:
            self.began = evolve(self.began, event, Stamp(self.now, speaker.person))
        self.history += events
        return events

    def cries(self, speaker: Speaker, ask: Ask | None = None) -> list[e.RequestEvent]:
        """Somebody cries for help: for the wish of this night, unless they say otherwise."""
        asked = ask or Ask("help!", self.wish, "#ops")
        return self.taken_in(asked.decide(None, self.situation(speaker)), speaker)

    def not_opened(self, speaker: Speaker, ask: Ask | None = None) -> str:
        """A cry that opens nothing; return all the reasons."""
        try:
            events = self.cries(speaker, ask)
        except Refused as refused:
            return " ".join(refused.reasons)
        raise AssertionError(f"not refused, but {events}")

    # --- chapters of the story ------------------------------------------------------------------------------------

    def asked(self, requester: str = "ada") -> Self:
        """The cry, and what the systems around said of it."""
        self.cries(verified(requester))
        self.acts(CLOCK, Learn())
        return self

    def confirmed(self, *people: str, requester: str = "ada") -> Self:
        """Asked for and confirmed by these people, or by one of each team; the last yes is 15 s old."""
        self.asked(requester)
        for person in people or ("bo-sre", "kim-releng"):
            self.says(person, Confirm(self.word))
        return self.later(seconds=15)

    def deploying(self, deployer: str = "kim-releng", requester: str = "ada") -> Self:
        """Confirmed and started."""
        self.confirmed(requester=requester)
        self.says(deployer, Take())
        self.says(deployer, Go())
        assert self.stands(Status.DEPLOYING)
        return self

    def at_checkpoint(self, deployer: str = "kim-releng", requester: str = "ada") -> Self:
        """The first step ran, and its checkpoint was announced long enough ago."""
        self.deploying(deployer, requester)
        self.runs()
        assert self.request.underway.checkpoint
        return self.later(seconds=5)

    def verifying(self, deployer: str = "kim-releng", requester: str = "ada") -> Self:
        """Every step ran; it is to be proved."""
        self.deploying(deployer, requester)
        return self.finishes()

    def finishes(self) -> Self:
        """Everything that is left runs, and people find every checkpoint good."""
        for _ in range(20):
            if self.request.underway.checkpoint:
                self.later(seconds=5)
                self.says(str(self.request.requester), Good())
                self.says(str(self.request.deployer), Good())
            elif not self.waits:
                self.runs()
        assert self.request.underway.proving
        return self

    def starts(self) -> RunStep:
        """The runner claims what comes next."""
        due = next_step(self.request)
        assert isinstance(due, RunStep) and not due.started, due
        self.acts(RUNNER, StartStep(due.direction, due.step, due.attempt))
        return due

    def ends(self, code: int | None = 0, fate: Fate = Fate.ENDED) -> list[e.RequestEvent]:
        """The step that runs comes to an end."""
        due = next_step(self.request)
        assert isinstance(due, RunStep) and due.started, due
        ended = EndStep(due.direction, due.step, due.attempt, fate, code, timedelta(seconds=41))
        return self.acts(RUNNER, ended)

    def runs(self, code: int | None = 0, fate: Fate = Fate.ENDED) -> list[e.RequestEvent]:
        """The next step starts and ends."""
        self.starts()
        return self.ends(code, fate)

    def seen(self, live: bool | None, proof: int = 0) -> list[e.RequestEvent]:
        """A proof was looked at."""
        return self.acts(CLOCK, ReportSight(proof, live, "seen on example.org"))


def signs(when: dict[str, datetime]) -> tuple[tuple[PersonId, datetime], ...]:
    return tuple((PersonId(person), at) for person, at in when.items())


def verified(person: str) -> Speaker:
    return Speaker(person, Surface.IRC, PersonId(person), marks=Marks(nick=person))


def unverified(person: str) -> Speaker:
    """Somebody who only bears a person's nick."""
    return Speaker(person, Surface.IRC, None, claimed=PersonId(person), doubt="Log in to services first.")


def stranger(name: str = "passer-by", host: str = "host.example.org") -> Speaker:
    """Somebody whom the directory does not know."""
    return Speaker(name, Surface.IRC, None, marks=Marks(nick=name, host=host), doubt="The directory does not know you.")


def kinds(events: Iterable[e.RequestEvent]) -> list[type[e.RequestEvent]]:
    """Return what happened, without what is in it."""
    return [type(event) for event in events]


def nudges(events: Iterable[e.RequestEvent]) -> list[e.Nudge]:
    return [event.nudge for event in events if isinstance(event, e.Nudged)]


def called(events: Iterable[e.RequestEvent]) -> list[tuple[e.Nudge, tuple[PersonId, ...]]]:
    """Return who was called for what."""
    return [(event.nudge, event.people) for event in events if isinstance(event, e.Nudged)]


def every_team_looks() -> Policy:
    return replace(BOTH, look=Look.EVERY_TEAM)
