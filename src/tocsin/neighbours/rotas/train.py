"""Who conducts the train: its task is named by an address for programs, and the owner of that task is the conductor.

Laws: whoever the directory does not know in that team is nobody's conductor; a week without a train has none, and that
is no fault; while something is silent the last answer stays, for a day.
"""

import re
from asyncio import timeout
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, OnCall, PersonId, TeamId
from tocsin.neighbours.asking.web import Site
from tocsin.neighbours.tasks.conduit import Conduit, Json

log = structlog.get_logger()

TRAIN_SECONDS: Final = 4.5
FRESH: Final = timedelta(minutes=5)
LONGEST_KEPT: Final = timedelta(days=1)
"""Conductors change by the week, and who acts on a day-old answer finds them nearby; an older one names the wrong."""
WEEK: Final = timedelta(weeks=1)
NO_TRAIN: Final = "declined"
MOST_BACKUPS: Final = 10

_TASK: Final = re.compile(r"[Tt]?([1-9][0-9]{0,8})", re.ASCII)
_PHID: Final = "PHID-USER-"


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """The address that names the current train's task, the team its conductor speaks for, and where backups stand."""

    blockers: str
    team: TeamId
    backup_field: str = "custom.train.backup"

    @property
    def system(self) -> str:
        """Return what people call it when it does not answer."""
        return self.blockers.partition("://")[2].partition("/")[0]


@dataclass(slots=True)
class TrainRota:
    """The conductor's shift and backups for one team, and nothing else of a rota."""

    settings: TrainSettings
    conduit: Conduit
    directory: Directory
    seconds: float = TRAIN_SECONDS
    _site: Site = field(init=False, repr=False)
    _kept: OnCall | None = field(default=None, init=False, repr=False)
    _at: datetime | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        self._site = Site(self.settings.system, self.settings.blockers, self.seconds)

    async def on_call(self, now: datetime) -> OnCall:
        """Return who conducts now, as of the last five minutes; raises `Unreachable` where nothing is known."""
        age = now - self._at if self._at else LONGEST_KEPT
        if self._kept is not None and age < FRESH:
            return self._kept
        try:
            async with timeout(self.seconds):
                self._kept, self._at = await self._asked(now), now
        except (Unreachable, TimeoutError) as silent:
            why = silent if isinstance(silent, Unreachable) else self._slow()
            if self._kept is None or age >= LONGEST_KEPT:
                raise why from None
            log.warning("the last known conductor stays: a system did not answer", system=why.system, why=why.why)
        return self._kept

    def _slow(self) -> Unreachable:
        return Unreachable("train", f"did not answer within {self.seconds:g} s")

    async def _asked(self, now: datetime) -> OnCall:
        number = self._number(await self._site.ask(""), now)
        if number is None:
            return OnCall()
        found = await self.conduit.search("maniphest.search", ids=[number])
        if not found:
            raise Unreachable(self.conduit.settings.system, f"it does not show us T{number}, the task of the train")
        try:
            return await self._conducted(found[0]["fields"])
        except (TypeError, AttributeError) as other:
            raise self.conduit.unfamiliar("no task of a train") from other

    def _number(self, told: Any, now: datetime) -> int | None:  # noqa: ANN401 - foreign JSON
        """Return the number of the current train's task; nothing where none runs this week."""
        try:
            row = told["current"]
            if row is None or row.get("status") == NO_TRAIN or _is_over(row.get("date"), now):
                return None
            found = _TASK.fullmatch(str(row["task_id"]))
        except (KeyError, TypeError, AttributeError):
            found = None
        if found is None:
            raise Unreachable(self.settings.system, "it does not tell in the known way which train is the current one")
        return int(found[1])

    async def _conducted(self, fields: Json) -> OnCall:
        status = fields.get("status")
        if status is not None and status.get("value") == NO_TRAIN:
            return OnCall()
        owner, backups = fields.get("ownerPHID"), _listed(fields.get(self.settings.backup_field))
        people = await self._known([owner, *backups] if owner else backups)
        conductor = people.get(owner) if owner else None
        behind = tuple(
            dict.fromkeys(person for each in backups if (person := people.get(each)) and person != conductor)
        )
        team = self.settings.team
        return OnCall(((team, (conductor,)),) if conductor else (), ((team, behind),) if behind else ())

    async def _known(self, names: Sequence[str]) -> dict[str, PersonId]:
        """Return who of the team is meant by each name: by the name itself, else by those that its account bears."""
        known = {name: person for name in names if (person := self._person(name))}
        unknown = [name for name in names if name not in known and name.startswith(_PHID)]
        for each in await self.conduit.search("user.search", phids=unknown) if unknown else ():
            for key in ("username", "realName"):
                if person := self._person(str(each["fields"].get(key) or "")):
                    known.setdefault(str(each.get("phid")), person)
        if strangers := [name for name in names if name not in known]:
            log.info("a conductor is not known here: add the name to known_as", names=strangers)
        return known

    def _person(self, name: str) -> PersonId | None:
        folded = name.casefold()
        for person in self.directory.people:
            if self.settings.team in person.teams and folded in map(str.casefold, person.known_as):
                return person.id
        return None


def _is_over(day: object, now: datetime) -> bool:
    """A train has the date of its Tuesday; one that is left standing after its week conducts nobody."""
    try:
        return now.date() - date.fromisoformat(str(day)[:10]) > WEEK
    except ValueError:
        return False


def _listed(told: object) -> list[str]:
    """The field holds one name or several, and may be empty."""
    several = told if isinstance(told, list) else str(told or "").split(",")
    return [name for each in several[:MOST_BACKUPS] if isinstance(each, str) and (name := each.strip())]
