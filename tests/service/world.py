"""One installation around a record: the real handler, requests, brake and carrying, with people who answer at once."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from tests.domain.night import (
    BEGIN,
    BOTH,
    CHANGE,
    DEPLOYERS,
    RELENG,
    SECURITY,
    SRE,
    TEAMS,
    TWO_STEPS,
    WIKI,
    WISH,
    verified,
)
from tests.domain.night import WORDS as BY_WORD
from tocsin.domain.change import Change, Task, Verdict
from tocsin.domain.commands import Command
from tocsin.domain.commands.carrying_out import Go
from tocsin.domain.commands.confirming import Confirm
from tocsin.domain.commands.opening import Ask, Learn
from tocsin.domain.commands.staffing import Take
from tocsin.domain.deployment import Fate
from tocsin.domain.errors import StepFailed
from tocsin.domain.people import Directory, OnCall, Person, PersonId, Presence, RequestId, Team
from tocsin.domain.plan import ExecutorKind, Proof, Recipe, Remedy, Step
from tocsin.domain.recorded import StreamId
from tocsin.domain.request import Request
from tocsin.domain.schedule import Calendar
from tocsin.domain.situation import Catalogue, Target
from tocsin.executors.rehearsal import RehearsalExecutor
from tocsin.service.brake import Brake
from tocsin.service.carrying import Carrying
from tocsin.service.clockwork import ITSELF, Clockwork
from tocsin.service.handler import Act, Handler
from tocsin.service.ports import Executor, Journal, Outcome, Sight, Store
from tocsin.service.requests import Happening, Requests
from tocsin.service.situating import Configuration, Neighbours, Situations

E1 = RequestId("E1")
LAST = Outcome(Fate.ENDED, 0, timedelta(seconds=1), "0" * 64, 0, "done")


class PlayedClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        return self.at


class Neighbourhood:
    """Every system around, answering at once; `change` may be replaced."""

    def __init__(self) -> None:
        self.known = CHANGE

    async def change(self, named: str) -> Change:
        return self.known

    async def task(self, named: str) -> Task:
        return Task(named, "Pages are corrupted", Verdict.YES)

    async def around(self, now: datetime) -> Calendar:
        return Calendar()

    async def on_call(self, now: datetime) -> OnCall:
        return OnCall()

    def presence(self) -> Presence:
        return Presence()


class HeldExecutor:
    """Carries out each attempt once, and holds it until it is told how it ended."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.carried: list[str] = []
        self.killed: list[str] = []
        self._ends: dict[str, asyncio.Future[Outcome]] = {}

    async def carry(self, attempt: str, step: Step) -> Outcome:
        self.carried.append(attempt)
        if attempt not in self._ends:
            self.began.append(attempt)
        return await asyncio.shield(self._end_of(attempt))

    async def kill(self, attempt: str) -> None:
        self.killed.append(attempt)
        self.end(attempt, Outcome(Fate.KILLED, None, timedelta(), "0" * 64, 0, ""))

    def end(self, attempt: str, outcome: Outcome = LAST) -> None:
        self._end_of(attempt).set_result(outcome)

    def never_began(self, attempt: str) -> None:
        self._end_of(attempt).set_exception(StepFailed("deploy: No such file or directory; it did not run."))

    def _end_of(self, attempt: str) -> "asyncio.Future[Outcome]":
        return self._ends.setdefault(attempt, asyncio.get_running_loop().create_future())


class Prover:
    """Sees what it is told to see."""

    def __init__(self) -> None:
        self.sight = Sight(None, "nothing yet")
        self.looks = 0

    async def look(self, proof: Proof) -> Sight:
        self.looks += 1
        return self.sight


class World:
    """The parts, joined as in a server."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        steps: tuple[Step, ...] = TWO_STEPS,
        executors: Mapping[ExecutorKind, Executor] | None = None,
        proofs: tuple[Proof, ...] = BY_WORD,
    ) -> None:
        kind = ExecutorKind.SHELL if executors and ExecutorKind.SHELL in executors else ExecutorKind.REHEARSAL
        recipe = Recipe("config", WIKI, frozenset(Remedy), kind, steps, proofs)
        target = Target(WIKI, "#ops", "#ops-private", BOTH, (recipe,), (("config", "*"),))
        around = Neighbourhood()
        self.neighbours = around
        self.store = store
        self.clock = PlayedClock()
        self.requests = Requests()
        self.situations = Situations(
            Neighbours(around, around, around, around, around),
            self.requests,
            Configuration(everybody(), Catalogue((target,))),
            lambda: "a nonce",
        )
        self.brake = Brake(journal)
        self.handler = Handler(store, self.requests, self.situations, self.clock, self.brake)
        self.prover = Prover()
        self.carrying = Carrying(
            self.handler,
            self.requests,
            executors or {ExecutorKind.REHEARSAL: RehearsalExecutor()},
            self.prover,
            self.brake,
            look_every=timedelta(milliseconds=10),
        )
        self.clockwork = Clockwork(
            self.handler, self.requests, self.situations, self.prover, self.brake, store, self.clock
        )
        self._aside: set[asyncio.Task[None]] = set()
        self.brake.killed = self._kill

    @property
    def request(self) -> Request:
        found = self.requests.find(E1)
        assert found is not None
        return found

    @property
    def stored(self) -> list[str]:
        """Return the names of what the record holds of the request."""
        return [type(each.event).__name__ for each in self.store.read(StreamId(E1))]

    def later(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)

    async def says(self, person: str, command: Command, act: str = "") -> Happening:
        return await self.handler.handle(Act(replace(verified(person), act=act), command, E1))

    async def ready(self) -> None:
        """Ask and confirm; kim-releng takes it on, and the last yes is old enough."""
        await self.situations.refresh(self.clock.now())
        await self.handler.start()
        if self.requests.find(E1):
            return
        await self.handler.handle(Act(verified("ada"), Ask("help!", WISH, "#ops")))
        await self.handler.handle(Act(ITSELF, Learn(), E1))
        assert self.request.proposal is not None
        for person in ("bo-sre", "kim-releng"):
            await self.says(person, Confirm(self.request.proposal.check_word))
        self.later(15)
        await self.says("kim-releng", Take())

    async def go(self) -> None:
        await self.ready()
        await self.says("kim-releng", Go())

    async def carry_all(self) -> None:
        """Do pieces of work until nothing more is to be done."""
        for _ in range(100):
            if not await self.carrying.carry(E1):
                return
        raise AssertionError("it never comes to an end")

    def _kill(self, request: RequestId) -> None:
        task = asyncio.get_running_loop().create_task(self.carrying.kill(request))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)


def everybody() -> Directory:
    people = tuple(
        Person(PersonId(name), frozenset(teams), frozenset({WIKI}) if name in DEPLOYERS else frozenset(), nicks=(name,))
        for name, teams in TEAMS.items()
    )
    return Directory(people, (Team(RELENG, "Release Engineering"), Team(SRE, "SRE"), Team(SECURITY, "Security")))


async def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something, with a bound."""
    for _ in range(int(seconds / 0.01)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")
