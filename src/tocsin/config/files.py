"""Which files a configuration has: those with fixed names, one for each target, and none that nobody reads."""

import hashlib
from importlib import resources
from pathlib import Path

from tocsin.config.checking import did_you_mean
from tocsin.config.names import NAME
from tocsin.config.problems import Report
from tocsin.config.reading import Source, read, unreadable

TOP = "tocsin.toml"
DIRECTORY = "directory.toml"
POLICIES = "policies.toml"
CALENDAR = "calendar.toml"
ROTA = "rota.toml"
TARGETS = "targets"
WAKING = "waking.toml"
"""The file of pagers, unless [waking] names another."""
NAMES = (TOP, DIRECTORY, POLICIES, CALENDAR, ROTA)

SHIPPED_PROFILES = "profiles.toml"
MOST_TARGETS = 500


class Files:
    """The files of one folder, each read once and kept."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self._report = report
        self._read: dict[str, Source | None] = {}

    def needed(self, file: str) -> Source | None:
        """Return a file that must be there."""
        if file not in self._read:
            self._read[file] = read(self.folder, file, self._report)
        return self._read[file]

    def optional(self, file: str) -> Source:
        """Return a file that may be left out, as an empty one when it is not there or cannot be read."""
        path = self.folder / file
        there = path.is_symlink() or path.exists()
        return (self.needed(file) if there else None) or Source(file, self._report)

    def target_files(self) -> tuple[str, ...]:
        """Return the names of all files of targets, as seen from the folder; there must be one."""
        try:
            there = sorted(each.name for each in (self.folder / TARGETS).iterdir() if _is_written(each.name))
        except OSError as error:
            self._report.error(TARGETS, 1, f"The folder of the targets: {unreadable(error)}")
            return ()
        if not there:
            self._report.error(TARGETS, 1, "There is no target: write one into a file such as targets/website.toml.")
        if len(there) > MOST_TARGETS:
            self._report.error(TARGETS, 1, f"There are more than {MOST_TARGETS} targets: is this the right folder?")
        return tuple(self._well_named(name) for name in there[:MOST_TARGETS])

    def warn_of_strangers(self) -> None:
        """Warn of files that look like a part of the configuration and are read by nobody."""
        for each in sorted(self.folder.iterdir()):
            if _is_written(each.name) and each.name not in (*NAMES, WAKING):
                self._report.warn(each.name, 1, f"Nobody reads this file: {did_you_mean(each.name, NAMES)}")

    def digest(self) -> str:
        """Return a hash over all files read, and over the profiles that are shipped."""
        parts = {file: source.digest for file, source in self._read.items() if source}
        shipped = (resources.files("tocsin.config") / SHIPPED_PROFILES).read_bytes()
        parts[""] = hashlib.sha256(shipped).hexdigest()
        lines = "".join(f"{file} {digest}\n" for file, digest in sorted(parts.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def _well_named(self, name: str) -> str:
        file = f"{TARGETS}/{name}"
        if NAME.fullmatch(name.removesuffix(".toml")) is None:
            self._report.error(file, 1, "The file's name becomes the target's: it may hold only a-z, 0-9 and -.")
        return file


def _is_written(name: str) -> bool:
    """Editors and version control leave files with a dot in front behind."""
    return name.endswith(".toml") and not name.startswith(".")
