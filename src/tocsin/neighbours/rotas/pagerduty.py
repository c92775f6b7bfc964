"""Who is on call in PagerDuty, over its REST API: the first level of the schedules, and the second to stand in.

Law: what has another shape than documented is no answer, and neither is one page of several.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import OnCall
from tocsin.neighbours.asking.web import Site
from tocsin.neighbours.rotas.people import Names, RotaPeople
from tocsin.neighbours.rotas.sources import ON_CALL_SECONDS, PagerDutySettings

PAGERDUTY: Final = "PagerDuty"
ACCEPT: Final = "application/vnd.pagerduty+json;version=2"
MOST_ENTRIES: Final = 100
"""The longest page that it gives."""
MOMENT: Final = timedelta(minutes=1)
FIRST, SECOND = 1, 2


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """Some schedules of it, as those of one team."""

    settings: PagerDutySettings
    people: RotaPeople
    seconds: float = ON_CALL_SECONDS
    _site: Site = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        headers = (("Authorization", f"Token token={self.settings.token}"), ("Accept", ACCEPT))
        object.__setattr__(self, "_site", Site(PAGERDUTY, self.settings.address, self.seconds, headers=headers))

    async def on_call(self, now: datetime) -> OnCall:
        """Return who is on call for the schedules now; raises `Unreachable`."""
        told = await self._site.ask(f"/oncalls?{self._question(now)}")
        if told is None:
            raise Unreachable(PAGERDUTY, "it does not show these schedules to our token")
        try:
            if told.get("more"):
                raise Unreachable(PAGERDUTY, f"more than {MOST_ENTRIES} people are on call: name fewer schedules")
            return self.people.on_call(*(list(_users(told["oncalls"], level, now)) for level in (FIRST, SECOND)))
        except (KeyError, TypeError, AttributeError, ValueError) as other:
            why = f"it answered in a shape that we do not know ({type(other).__name__}: {other})"
            raise Unreachable(PAGERDUTY, why) from other

    def _question(self, now: datetime) -> str:
        asked = [("schedule_ids[]", each) for each in self.settings.schedules]
        asked += [("since", now.isoformat()), ("until", (now + MOMENT).isoformat()), ("earliest", "true")]
        return urlencode([*asked, ("include[]", "users"), ("limit", str(MOST_ENTRIES))])


def _users(entries: Any, level: int, now: datetime) -> Iterator[Names]:  # noqa: ANN401 - foreign JSON
    for each in entries:
        if each["escalation_level"] == level and _holds(each, now):
            user = each["user"]
            names = (user.get("email"), user["id"], user.get("name"), user.get("summary"))
            yield tuple(name for name in names if name)


def _holds(entry: Any, now: datetime) -> bool:  # noqa: ANN401 - foreign JSON
    """Say whether it is so now; without a beginning and an end somebody is on call at all times."""
    starts, ends = (datetime.fromisoformat(at) if (at := entry.get(key)) else None for key in ("start", "end"))
    return (starts is None or starts <= now) and (ends is None or now < ends)
