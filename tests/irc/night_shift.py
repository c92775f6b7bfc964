"""The bot's whole office without a network: people say lines, and everything that the bot says is kept."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.domain.night import BEGIN, BOTH, CHANGE, DEPLOYERS, RELENG, SECURITY, SRE, TEAMS, TWO_STEPS, WIKI
from tocsin.domain.change import Change, Task, Verdict
from tocsin.domain.commands.carrying_out import EndStep, StartStep
from tocsin.domain.commands.opening import Learn
from tocsin.domain.deployment import Fate
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Account, Directory, OnCall, Person, PersonId, RequestId, TargetId, Team
from tocsin.domain.plan import ExecutorKind, FetchProof, Recipe, Remedy
from tocsin.domain.progress import RunStep, next_step
from tocsin.domain.request import Request
from tocsin.domain.schedule import Calendar
from tocsin.domain.situation import Catalogue, Situation, Target
from tocsin.irc.announcing import Announcer
from tocsin.irc.authority import Doubt
from tocsin.irc.bot import Bot
from tocsin.irc.building import Office
from tocsin.irc.calling import Names
from tocsin.irc.desk import Desk
from tocsin.irc.events import LineHeard, RegistrationTold
from tocsin.irc.identities import Identities
from tocsin.irc.presence import IrcPresence
from tocsin.irc.sending import About
from tocsin.irc.session import Session
from tocsin.irc.where import Where
from tocsin.service.brake import Brake
from tocsin.service.carrying import RUNNER
from tocsin.service.clockwork import ITSELF
from tocsin.service.handler import Act, Handler
from tocsin.service.looking_up import LookedUp
from tocsin.service.ports import Draft
from tocsin.service.questions import Questions
from tocsin.service.requests import Requests
from tocsin.service.situating import Configuration, Neighbours, Situations
from tocsin.storage.memory import MemoryStore

OPS, PRIVATE, LOG = "#ops", "#ops-private", "#server-admin-log"
WEBAPP = TargetId("webapp")
LOG_IN = "log in to services"


class Spoken(NamedTuple):
    """One line of the bot."""

    target: str
    text: str
    urgent: bool
    merge_key: str | None
    about: About | None


class Mouth:
    """Keeps what is said, in order."""

    def __init__(self) -> None:
        self.said: list[Spoken] = []
        self.bytes_of_room = 380

    def say(
        self, target: str, text: str, *, urgent: bool = False, merge_key: str | None = None, about: About | None = None
    ) -> None:
        self.said.append(Spoken(target, text, urgent, merge_key, about))

    def room(self, target: str) -> int:
        return self.bytes_of_room


class OnTheWire(Mouth):
    """Says what it keeps in a real session too, which refuses what is no line."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def say(
        self, target: str, text: str, *, urgent: bool = False, merge_key: str | None = None, about: About | None = None
    ) -> None:
        self._session.say(target, text, urgent=urgent, merge_key=merge_key, about=about)
        super().say(target, text, urgent=urgent, merge_key=merge_key, about=about)

    def room(self, target: str) -> int:
        return self._session.room(target)


class Around:
    """Review system, tracker, calendar and rota in one, all of them answering at once."""

    def __init__(self) -> None:
        self.change_now: Change | None = CHANGE
        self.public = Verdict.YES

    async def change(self, named: str) -> Change:
        if self.change_now is None:
            raise Unreachable("code review", "no answer")
        number = named.rpartition("/")[2]
        if not number.isdecimal():
            return self.change_now
        project = "webapp" if int(number) >= 2000 else "config"
        return replace(self.change_now, number=int(number), project=project)

    async def task(self, named: str) -> Task:
        return Task(named, "Pages are corrupted", self.public)

    async def around(self, now: datetime) -> Calendar:
        return Calendar()

    async def on_call(self, now: datetime) -> OnCall:
        return OnCall(shifts=((SRE, (PersonId("bo-sre"),)),))


class Notebook:
    """A journal of stops in memory."""

    def __init__(self) -> None:
        self.kept: list[Draft] = []

    def keep(self, draft: Draft) -> None:
        self.kept.append(draft)

    def settle(self, draft: Draft) -> None:
        self.kept.remove(draft)

    def pending(self) -> tuple[Draft, ...]:
        return tuple(self.kept)


class NightShift:
    """Everybody of the invented night; each has an account of their own name, pinned."""

    def __init__(self, mouth: Mouth | None = None) -> None:
        self.clock_at = BEGIN
        self.mouth, self.around, self.store = mouth or Mouth(), Around(), MemoryStore(lambda request, position: None)
        self.requests = Requests()
        people = tuple(self._person(name) for name in TEAMS)
        teams = (Team(RELENG, "Release Engineering"), Team(SRE, "SRE"), Team(SECURITY, "Security"))
        recipe = Recipe(
            "config", WIKI, frozenset(Remedy), ExecutorKind.REHEARSAL, TWO_STEPS, (FetchProof("https://e.org", "x"),)
        )
        catalogue = Catalogue(
            (
                Target(WIKI, OPS, PRIVATE, BOTH, (recipe,), (("config", "*"),)),
                Target(WEBAPP, OPS, PRIVATE, BOTH, (replace(recipe, target=WEBAPP),), (("webapp", "*"),)),
            )
        )
        self.configuration = Configuration(Directory(people, teams), catalogue)
        self.registered = {name: f"id-of-{name}" for name in TEAMS}
        self.accounts: dict[str, str] = {}
        self.asked_services: list[str] = []
        self.services_answer = True
        self.identities = Identities(lambda: self.configuration.directory, self._ask_services, str.casefold)
        self.presence = IrcPresence(self._person_of, lambda person: False)
        neighbours = Neighbours(self.around, self.around, self.around, self.around, self.presence)
        self.situations = Situations(neighbours, self.requests, self.configuration, lambda: "a nonce")
        self.brake = Brake(Notebook())
        self.handler = Handler(self.store, self.requests, self.situations, self, self.brake)
        self.questions = Questions(self.requests, self.situations, self, self.store)
        self.where = Where(lambda: self.configuration.catalogue, lambda a, b: a.casefold() == b.casefold())
        self.desk = Desk(self.requests, self.questions, self.where, lambda: self.configuration.directory, self.mouth)
        self.bot = Bot(self.handler, self.desk, self.identities, self.presence, self)
        self._names = Names(frozenset(TEAMS), str)
        self.desk.names_in = lambda _: self._names
        self.announcer = Announcer(self.where, self.mouth, lambda _: self._names, self._situation, "")
        self._following = Requests()
        self._ids = 0

    def now(self) -> datetime:
        return self.clock_at

    def later(self, seconds: float) -> None:
        self.clock_at += timedelta(seconds=seconds)

    def request(self, request: str = "E1") -> Request:
        found = self.requests.find(RequestId(request))
        assert found is not None
        return found

    def word_of(self, request: str) -> str:
        proposal = self.request(request).proposal
        assert proposal is not None
        return proposal.check_word

    @property
    def word(self) -> str:
        return self.word_of("E1")

    def office(self) -> Office:
        """The same office for a bot that is on a network."""
        return Office(
            handler=self.handler,
            requests=self.requests,
            questions=self.questions,
            configuration=lambda: self.configuration,
            clock=self,
            situation_of=self._situation,
            public_url="https://tocsin.example.org",
            log_channel=LOG,
        )

    async def says(
        self, nick: str, text: str, channel: str | None = OPS, doubt: Doubt | None = None, **different: object
    ) -> list[str]:
        """Let somebody say a line, signed in to the account of their nick; return what the bot says to it."""
        return await self.hears(self.line(nick, text, channel, doubt, **different))

    async def mutters(self, nick: str, text: str, channel: str | None = OPS) -> list[str]:
        """Let somebody say a line without being signed in."""
        return await self.says(nick, text, channel, account=None, doubt=Doubt(LOG_IN))

    async def hears(self, *lines: LineHeard) -> list[str]:
        """Let the bot hear lines at once; return what it says to them, and what the record then tells."""
        before = len(self.mouth.said)
        for line in lines:
            await self.bot.on_event(line)
        await self.bot.finish()
        await self.follows()
        return [f"{each.target} {each.text}".replace("\u2060", "") for each in self.mouth.said[before:]]

    async def follows(self) -> None:
        """Let the announcer hear what is new in the record."""
        for happening in self._following.catch_up(self.store):
            await self.announcer.announce(happening)

    async def learns(self, request: str = "E1") -> None:
        await self.handler.handle(Act(ITSELF, Learn(), RequestId(request)))

    async def asked(self, change: str = "1234") -> str:
        """Ada asked and said all that is needed; return the check word."""
        await self.says("ada", f"help! I'd like to do an emergency deploy for {change} -- context is T1234")
        request = self.requests.all()[-1].id
        why = "pages are corrupted; a rollback loses paints; going back is safe"
        await self.says("ada", f"!{request} data disable -- {why}")
        return self.word_of(request)

    async def deploying(self, change: str = "1234") -> None:
        """Confirmed by two, taken and started."""
        word = await self.asked(change)
        request = self.requests.all()[-1].id
        await self.says("bo-sre", f"!confirm {request} {word}")
        await self.says("kim-releng", f"!confirm {request} {word}")
        self.later(16)
        await self.says("kim-releng", f"!take {request}")
        await self.says("kim-releng", f"!go {request}")
        assert self.request(request).carrying, self.mouth.said[-3:]

    async def runs(self, request: str = "E1") -> None:
        """The next step runs to a good end."""
        due = next_step(self.request(request))
        assert isinstance(due, RunStep)
        work = (due.direction, due.step, due.attempt)
        await self.handler.handle(Act(RUNNER, StartStep(*work), RequestId(request)))
        ended = EndStep(*work, Fate.ENDED, 0, timedelta(seconds=41))
        await self.handler.handle(Act(RUNNER, ended, RequestId(request)))
        await self.follows()

    def line(
        self, nick: str, text: str, channel: str | None = OPS, doubt: Doubt | None = None, **different: object
    ) -> LineHeard:
        self._ids += 1
        usual: dict[str, object] = {
            "channel": channel,
            "nick": nick,
            "user": nick,
            "host": f"{nick}.example.org",
            "account": nick,
            "text": text,
            "message_id": f"m{self._ids}",
            "find_doubt": lambda: doubt,
        }
        self.accounts[nick] = str(different.get("account", nick))
        return LineHeard(**{**usual, **different})  # type: ignore[arg-type]  # the fields of a line, by name

    def _person(self, name: str) -> Person:
        deploys = frozenset({WIKI, WEBAPP}) if name in DEPLOYERS else frozenset()
        account = Account(name, f"id-of-{name}")
        return Person(PersonId(name), frozenset(TEAMS[name]), deploys, (account,), (name,))

    def _ask_services(self, nick: str) -> None:
        self.asked_services.append(nick)
        if self.services_answer:
            account = self.accounts[nick]
            self.identities.told(RegistrationTold(account, self.registered.get(account, "id-of-somebody"), None))

    def _person_of(self, account: str | None) -> PersonId | None:
        found = self.identities.person_of_account(account)
        return found.id if found else None

    def _situation(self, request: Request) -> Situation:
        return self.situations.situation(self.clock_at, ITSELF, request, LookedUp())


def to(channel: str, said: Iterable[str]) -> list[str]:
    """Return what was said to one place."""
    return [each.removeprefix(f"{channel} ") for each in said if each.startswith(f"{channel} ")]
