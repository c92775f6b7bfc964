"""Files that a configuration names: those with a secret are read here and nowhere else, and never said again."""

import stat
from dataclasses import dataclass
from pathlib import Path

from tocsin.config.positions import Path as KeyPath
from tocsin.config.reading import Source, unreadable

LONGEST_SECRET_BYTES = 4096
PLACEHOLDER = "replace-this-password"
"""What the starter writes where only the owner knows what belongs."""


@dataclass(frozen=True, slots=True)
class Place:
    """A key that names a file, so that what is wrong with the file is told where it is named."""

    folder: Path
    source: Source
    key: KeyPath

    def error(self, sentence: str) -> None:
        """Report what must be mended, at the key."""
        self.source.error(self.key, sentence)

    def warn(self, sentence: str) -> None:
        """Report what deserves a look, at the key."""
        self.source.warn(self.key, sentence)


def file_at(place: Place, name: str) -> str:
    """Return the full path of a file that must be there, or nothing when none is named."""
    if not name:
        return ""
    path = place.folder / name
    try:
        if not path.is_file():
            place.error(f"There is no file {name}: {place.key[-1]} names a file, seen from the folder of tocsin.toml.")
    except OSError as error:
        place.error(f"{name}: {unreadable(error)}")
    return str(path)


def secret_at(place: Place, name: str) -> str:
    """Return the secret of a file, without the line end; what is said of it never holds the secret."""
    path = Path(file_at(place, name)) if name else None
    if path is None or not path.is_file():
        return ""
    warn_of_readers(place, name)
    try:
        with path.open("rb") as opened:
            content = opened.read(LONGEST_SECRET_BYTES + 1)
        secret = content.decode().rstrip("\r\n")
    except OSError as error:
        place.error(f"{name}: {unreadable(error)}")
        return ""
    except UnicodeDecodeError:
        place.error(f"{name} holds bytes that are not UTF-8: it takes one line of text.")
        return ""
    if not secret or len(content) > LONGEST_SECRET_BYTES or not secret.isprintable():
        place.error(f"{name} must hold the secret alone, on one line.")
        return ""
    if secret == PLACEHOLDER:
        place.warn(f"{name} still holds what the starter wrote: put the real secret there.")
    return secret


def warn_of_readers(place: Place, name: str) -> None:
    """Warn when others on the machine could read a file that is there."""
    path = place.folder / name
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if mode & 0o077:
        place.warn(f"{name} may be read by others (mode {mode:04o}): chmod 600 {name}")
