"""Who has a room open in front of them: the page says so every 15 s while it is seen and in focus, and taps count too.

Law: a page that says nothing for a minute shows nobody; a telephone that sleeps is not somebody who looks.
"""

from datetime import datetime, timedelta

from tocsin.domain.people import PersonId, Presence
from tocsin.service.ports import Clock

SILENT_AFTER = timedelta(seconds=60)
MOST_PAGES = 20
"""Pages of one person that are remembered."""


class PagePresence:
    """The last sign of life of each person's pages, and since when none of them is in front of them."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._pages: dict[PersonId, dict[str, datetime]] = {}
        self._seen: dict[PersonId, datetime] = {}
        self._closed: dict[PersonId, datetime] = {}

    def beat(self, person: PersonId, page: str) -> None:
        """Note that a page is in front of somebody."""
        now = self._clock.now()
        pages = self._pages.setdefault(person, {})
        pages.pop(page, None)
        pages[page] = self._seen[person] = now
        self._closed.pop(person, None)
        while len(pages) > MOST_PAGES:
            del pages[next(iter(pages))]

    def left(self, person: PersonId, page: str) -> None:
        """Note that a page was closed; its person is gone with the last one."""
        pages = self._pages.get(person, {})
        if pages.pop(page, None) and not self._lately(person):
            self._closed[person] = self._clock.now()

    def presence(self) -> Presence:
        """Return what was seen; who has been silent for too long is gone since the last sign."""
        gone = {person: at for person, at in self._seen.items() if not self._lately(person)}
        return Presence(tuple(self._seen.items()), tuple({**gone, **self._closed}.items()))

    def _lately(self, person: PersonId) -> bool:
        now = self._clock.now()
        return any(now - at < SILENT_AFTER for at in self._pages.get(person, {}).values())
