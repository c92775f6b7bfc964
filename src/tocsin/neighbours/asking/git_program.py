"""The program git, as we run it: without hooks, prompts or settings of this machine, within a time and a length."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.asking.running import Ran, run

LARGEST_ANSWER_BYTES: Final = 8 * 1024 * 1024
LONGEST_COMPLAINT: Final = 200
KEPT: Final = ("PATH", "HOME", "SSH_AUTH_SOCK")
"""The home is for keys and passwords of repositories that ask for them; settings in it are not read."""

SETTINGS: Final = """\
# Written anew at each start: the only settings that git reads here.
[core]
	hooksPath = /dev/null
	fsmonitor = false
[gc]
	auto = 0
[maintenance]
	auto = false
[credential]
	helper =
[safe]"""


class TooLong(Unreachable):
    """An answer was longer than we listen."""


@dataclass(frozen=True, slots=True)
class Git:
    """Asks git about one repository; whatever goes wrong is `Unreachable`, in the words of `system`."""

    system: str
    settings: Path
    seconds: float

    def settle(self, repository: str) -> None:
        """Write down git's settings; who configured a path of this machine trusts it, whomever it belongs to."""
        here = repository.removeprefix("file://")
        places = dict.fromkeys([here, os.path.realpath(here)]) if here.startswith("/") else {}
        owned = [_quoted(each) for place in places for each in (place, f"{place}/.git")]
        try:
            self.settings.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.settings.write_text("\n\tdirectory = ".join([SETTINGS, *owned]) + "\n", encoding="utf-8")
        except OSError as error:
            raise Unreachable(self.system, f"{self.settings} cannot be written: {error.strerror}") from error

    async def ask(self, *words: str, seconds: float | None = None) -> str:
        """Return what git printed; raises `Unreachable` when it failed, was late, or is not installed."""
        ran = await self._run(words, seconds or self.seconds)
        if ran.code:
            raise Unreachable(self.system, _why(ran.complaint) or f"git ended with {ran.code}")
        if ran.cut:
            raise TooLong(self.system, f"its answer is longer than {LARGEST_ANSWER_BYTES} bytes")
        return ran.printed.decode("utf-8", "replace")

    async def _run(self, words: tuple[str, ...], seconds: float) -> Ran:
        try:
            return await run(("git", *words), self._surroundings(), seconds=seconds, heard_bytes=LARGEST_ANSWER_BYTES)
        except TimeoutError:
            raise Unreachable(self.system, f"no answer within {seconds:g} s") from None
        except OSError as error:
            raise Unreachable(self.system, f"git cannot be run: {error.strerror}") from error

    def _surroundings(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in KEPT if key in os.environ}
        return kept | {
            "GIT_ALLOW_PROTOCOL": "file:http:https:ssh",
            "GIT_CONFIG_GLOBAL": str(self.settings),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C.UTF-8",
        }


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _why(complaint: bytes) -> str:
    """Git says first what went wrong, and then what to try: its first line that says *fatal* is the best one."""
    lines = [line for line in complaint.decode("utf-8", "replace").splitlines() if line.strip()]
    line = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "")
    return "".join(each if each.isprintable() else " " for each in line.removeprefix("fatal:"))[
        :LONGEST_COMPLAINT
    ].strip()
