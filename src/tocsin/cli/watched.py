"""The live view of `tocsin request watch`: one frame that is drawn anew; what is in it is for `watching`."""

import re
import time

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.text import Text

from tocsin.cli.seen import Seen

_STEP = re.compile(r"\bstep ([0-9]{1,4}) of ([0-9]{1,4}):")
_COLOURS = {
    "deploying": "cyan",
    "verifying": "cyan",
    "ready": "green",
    "done": "green",
    "paused": "yellow",
    "rolling back": "red",
    "refused": "red",
}
_HAPPENED_LINES = 8
_BAR_CELLS = 40


class Terminal:
    """A frame with the state, who is needed, the running step, and what happened last."""

    def __init__(self, console: Console | None = None) -> None:
        """Draw on the standard output, or where a test wants it."""
        self._seen: Seen | None = None
        self._at, self._lost = time.monotonic(), ""
        self._live = Live(console=console or Console(highlight=False), get_renderable=self.frame, refresh_per_second=1)

    def __enter__(self) -> "Terminal":
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(self, *ended: object) -> None:
        """Leave the last frame where it is."""
        self._live.stop()

    def saw(self, seen: Seen, before: Seen | None) -> None:
        """Draw how it stands."""
        self._seen, self._at, self._lost = seen, time.monotonic(), ""
        self._live.refresh()

    def lost(self, why: str) -> None:
        """Say in the frame that it may be old."""
        self._lost = why
        self._live.refresh()

    def found(self) -> None:
        """Say nothing of it any more."""
        self._lost = ""

    def frame(self) -> RenderableType:
        """Return the frame as it is now."""
        seen = self._seen
        if seen is None:
            return Text("Looking ...")
        happened = [Text(each, style="dim") for each in seen.timeline[-_HAPPENED_LINES:]]
        who = seen.who if seen.status in ("asked", "confirming") else ()
        parts = [*_texts(seen.lines), *_progress(seen), *_texts(who), Text(""), *happened, Text(""), self._foot(seen)]
        colour = "red" if self._lost else _COLOURS.get(seen.status, "default")
        return Panel(Group(*parts), title=f"{seen.request} · {seen.status}", border_style=colour, title_align="left")

    def _foot(self, seen: Seen) -> Text:
        age = f"{time.monotonic() - self._at:.0f} s"
        if self._lost:
            return Text(f"NOT CONNECTED, this is {age} old. {self._lost} Trying again.", style="bold red")
        return Text("It is over." if seen.over else f"Asked {age} ago. Ctrl-C ends the watch, not the request.")


def _texts(lines: tuple[str, ...]) -> list[Text]:
    return [Text(each) for each in lines]


def _progress(seen: Seen) -> list[RenderableType]:
    """Return a bar where the lines name a step of several."""
    found = next((match for each in seen.lines if (match := _STEP.search(each))), None)
    if found is None:
        return []
    return [ProgressBar(total=int(found[2]), completed=int(found[1]) - 1, width=_BAR_CELLS)]
