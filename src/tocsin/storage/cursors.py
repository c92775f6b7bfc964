"""How far each follower has come: a small file beside the record, replaced as a whole."""

from pathlib import Path

import structlog

log = structlog.get_logger()


class FileCursor:
    """One follower's position; a file that is gone or torn is the very beginning, so that nothing is ever skipped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = _read(path)

    def position(self) -> int:
        """Return the last position that was handed on."""
        return self._position

    def move(self, position: int) -> None:
        """Keep a new position; a full disk costs a repetition after the next start, and nothing else."""
        self._position = position
        fresh = self._path.with_suffix(".fresh")
        try:
            fresh.write_text(f"{position}\n")
            fresh.replace(self._path)
        except OSError as error:
            log.warning("a follower's position was not kept", path=str(self._path), why=str(error))


def _read(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0
