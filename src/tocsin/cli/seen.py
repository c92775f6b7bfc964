"""What a watch sees of a request at one moment."""

from dataclasses import dataclass

from tocsin.cli.routes import ENDED


@dataclass(frozen=True, slots=True)
class Seen:
    """A request at one moment: how it stands, who is needed, and all that happened."""

    request: str
    status: str
    lines: tuple[str, ...]
    who: tuple[str, ...]
    timeline: tuple[str, ...]
    position: int = 0

    @property
    def over(self) -> bool:
        """Say whether nothing will move any more by itself."""
        return self.status in ENDED

    def moved_since(self, before: "Seen | None") -> bool:
        """Say whether anything happened; that a span of time grew is nothing."""
        return before is None or (self.status, self.timeline) != (before.status, before.timeline)
