"""Looking whether what was sent to the admin log has arrived there: nobody gives a receipt for it."""

from asyncio import Event, timeout
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from tocsin.domain import events as e
from tocsin.domain.errors import Unreachable
from tocsin.domain.people import RequestId
from tocsin.service.lately import Lately
from tocsin.service.noting import Noting, Paces
from tocsin.service.ports import LogPage

log = structlog.get_logger()
PAGE_SECONDS: Final = 30.0
LONGEST_WAIT_SECONDS: Final = 5.0
"""A clock that is set while we wait is noticed after so long."""
Key = tuple[RequestId, str]


@dataclass(frozen=True, slots=True)
class Look:
    """When to look for which line next."""

    at: datetime
    request: RequestId
    line: e.OutsideTold

    @property
    def key(self) -> Key:
        """Return which line it is."""
        return self.request, self.line.about


@dataclass(slots=True)
class ReadingBack:
    """Looks for each line a few times, and records that it was seen, or that it never was."""

    lately: Lately
    noting: Noting
    page: LogPage
    paces: Paces
    _looked: dict[Key, int] = field(default_factory=dict)

    async def run(self) -> None:
        """Look until cancelled."""
        news = self.lately.news()
        while True:
            news.clear()
            look = min(self._looks(), key=lambda each: each.at, default=None)
            if look is None:
                await news.wait()
                continue
            wait = (look.at - self.lately.clock.now()).total_seconds()
            if wait > 0:
                await _first_of(news, min(wait, LONGEST_WAIT_SECONDS))
            else:
                await self._look(look)

    def _looks(self) -> list[Look]:
        return [
            Look(at + self.paces.looks[self._looks_before(request.id, told, at)], request.id, told)
            for request in self.lately.all()
            for told, at in request.outside
            if told.place is e.Outside.ADMIN_LOG and told.outcome is e.Arrival.SENT
        ]

    def _looks_before(self, request: RequestId, told: e.OutsideTold, at: datetime) -> int:
        """Return how often it was looked for; of the looks that a restart missed, the last one is made up for."""
        now = self.lately.clock.now()
        missed = sum(at + each <= now for each in self.paces.looks)
        return self._looked.setdefault((request, told.about), max(missed - 1, 0))

    async def _look(self, look: Look) -> None:
        seen, trouble = await self._seen(look.line.text)
        if not seen and self._looked[look.key] < len(self.paces.looks) - 1:
            self._looked[look.key] += 1
            return
        told = look.line
        outcome = e.Arrival.SEEN if seen else e.Arrival.MISSING
        await self.noting.note(look.request, e.OutsideTold(told.place, told.about, told.text, outcome, trouble))

    async def _seen(self, line: str) -> tuple[bool, str]:
        """Return whether a line is there, or why nobody can say."""
        try:
            async with timeout(PAGE_SECONDS):
                return await self.page.shows(line), ""
        except Unreachable as silent:
            return False, str(silent)
        except TimeoutError:
            return False, f"its page did not answer within {PAGE_SECONDS:g} s"
        except Exception as error:  # the top of the loop: a page that we cannot bear must not end the looking
            log.exception("the admin log could not be read")
            return False, f"a mistake of ours, {type(error).__name__}; the log has it"


async def _first_of(news: Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with timeout(seconds):
            await news.wait()
