"""Who is on call in Splunk On-Call (VictorOps), over its public API; policies that list everybody are no rota.

Law: what has another shape than documented is no answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Final

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import OnCall
from tocsin.neighbours.asking.web import Site
from tocsin.neighbours.rotas.people import Names, RotaPeople
from tocsin.neighbours.rotas.sources import ON_CALL_SECONDS, SplunkSettings

SPLUNK: Final = "Splunk On-Call"
CURRENT: Final = "/api-public/v1/oncall/current"


@dataclass(frozen=True, slots=True)
class SplunkOnCall:
    """One team of it."""

    settings: SplunkSettings
    people: RotaPeople
    seconds: float = ON_CALL_SECONDS
    _site: Site = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        keys = (("X-VO-Api-Id", self.settings.api_id), ("X-VO-Api-Key", self.settings.api_key))
        object.__setattr__(self, "_site", Site(SPLUNK, self.settings.address, self.seconds, headers=keys))

    async def on_call(self, now: datetime) -> OnCall:
        """Return who is on call for the team now; raises `Unreachable`."""
        told = await self._site.ask(CURRENT)
        if told is None:
            raise Unreachable(SPLUNK, "it does not show our key who is on call")
        try:
            return self.people.on_call(list(self._users(told)))
        except (KeyError, TypeError, AttributeError) as other:
            why = f"it answered in a shape that we do not know ({type(other).__name__}: {other})"
            raise Unreachable(SPLUNK, why) from other

    def _users(self, told: Any) -> Iterator[Names]:  # noqa: ANN401 - foreign JSON
        there = [each for each in told["teamsOnCall"] if _is_called(each["team"], self.settings.vo_team)]
        policies = [each for team in there for each in team["oncallNow"]]
        if not there:
            self.people.say_once(
                "nobody is on call for a team, or there is no such team", vo_team=self.settings.vo_team
            )
        for policy in self._in_order(policies):
            users = [(_text(each["onCalluser"]["username"]),) for each in policy["users"]]
            if len(users) <= self.settings.most_people:
                yield from users
            else:
                name, most = policy["escalationPolicy"]["name"], self.settings.most_people
                self.people.say_once("a policy lists too many people to be a rota", policy=name, most_people=most)

    def _in_order(self, policies: list[Any]) -> list[Any]:
        """Return the policies that are the rota, in the order in which they were written down."""
        rota = [each for each in policies if not self._is_everybody(each["escalationPolicy"])]
        wanted = self.settings.policies
        if wanted:
            rota = [each for name in wanted for each in rota if _is_called(each["escalationPolicy"], name)]
        if policies and not rota:
            there = [_text(each["escalationPolicy"]["name"]) for each in policies]
            self.people.say_once("no policy of the team is its rota", policies=list(wanted), there=there)
        return rota

    def _is_everybody(self, policy: Any) -> bool:  # noqa: ANN401 - foreign JSON
        names = [_text(policy[key]).casefold() for key in ("name", "slug")]
        return any(fnmatchcase(name, each.casefold()) for each in self.settings.not_on_call for name in names)


def _is_called(named: Any, word: str) -> bool:  # noqa: ANN401 - foreign JSON
    return word.casefold() in (_text(named["name"]).casefold(), _text(named["slug"]).casefold())


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a name that is no text")
    return value
