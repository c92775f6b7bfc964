"""A night as it is told: what its channel, the public and the admin log hear of each act, with everything recorded."""

from dataclasses import replace

from tests.domain.night import Night
from tocsin.domain import events as e
from tocsin.domain.people import OnCall, Speaker
from tocsin.domain.recorded import Origin, Recorded, StreamId
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation
from tocsin.domain.wish import Wish
from tocsin.views.admin_log import log_line
from tocsin.views.announcing import announcements, public_lines
from tocsin.views.lines import Line

CRY = Wish(named="1234", task="T1234")
"""What a template line says: nothing but the change and the task."""


class Told(Night):
    """A night that remembers what was said; `last` are the lines of the last act that brought anything about."""

    def __init__(self, *args: object, looked_up: bool = True, url: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever a night takes
        self.looked_up = looked_up
        self.on_call = OnCall()
        self.url = url
        self.recorded: list[Recorded] = []
        self.last: tuple[Line, ...] = ()
        self.told: list[Line] = []
        self.heard: list[str] = []
        self.public: list[str] = []
        self.logged: list[str] = []

    def situation(self, speaker: Speaker) -> Situation:
        return replace(super().situation(speaker), on_call=self.on_call)

    def taken_in(self, events: list[e.RequestEvent], speaker: Speaker) -> list[e.RequestEvent]:
        before = self.began
        super().taken_in(events, speaker)
        if events:
            self._tell(before, events, speaker)
        return events

    def _tell(self, before: Request | None, events: list[e.RequestEvent], speaker: Speaker) -> None:
        start, origin = len(self.recorded), Origin.of(speaker)
        act = tuple(
            Recorded(start + n, StreamId("E17"), start + n, self.now, origin, event)
            for n, event in enumerate(events, start=1)
        )
        self.recorded += act
        around = self.situation(speaker) if self.looked_up else None
        self.last = announcements(before, self.request, act, self.url, around)
        self.told += self.last
        self.heard += [line.text for line in self.last]
        self.public += [line.text for line in public_lines(before, self.request)]
        if logged := log_line(self.request, act):
            self.logged.append(logged)

    @property
    def lines(self) -> list[str]:
        return [line.text for line in self.last]

    @property
    def line(self) -> str:
        assert len(self.last) == 1, self.lines
        return self.last[0].text

    def calls_of(self, words: str) -> tuple[str, ...]:
        """Return whom the newest line with these words called."""
        return next(line.calls for line in reversed(self.told) if words in line.text)
