"""A first configuration that loads as it is, commented, for people to make their own."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from tocsin.config.names import NAME
from tocsin.config.private_files import PLACEHOLDER
from tocsin.domain.errors import Refused

FILES = ("tocsin.toml", "directory.toml", "policies.toml", "calendar.toml", "rota.toml", "targets/website.toml")
INVENTED = ("bo-sre", "mo-sre", "kim-releng", "rei-releng", "sam-sec", "lin", "tocsin")
PASSWORD_FILE = "secrets/irc-password"
IGNORED = "# Neither secrets nor what tocsin writes belong into version control.\n/secrets/\n/data/\n"


@dataclass(frozen=True, slots=True)
class Answers:
    """What `tocsin init` asks; every default makes a configuration that loads."""

    name: str = "Example"
    origin: str = "tocsin.example.org"
    server: str = "irc.example.org"
    nick: str = "tocsin"
    channel: str = "#operations"
    private_channel: str = "#operations-private"
    person: str = "ada"
    login: str = "ada"
    password: str = field(default="", repr=False)

    def filled(self) -> Mapping[str, str]:
        """Return the answers as they stand inside the quotes of a text."""
        return {name: json.dumps(getattr(self, name))[1:-1] for name in self.__slots__ if name != "password"}


def write_starter(folder: Path, answers: Answers) -> list[Path]:
    """Write the starter into a folder and return its files; raises `Refused` when any of them is there already."""
    if NAME.fullmatch(answers.person) is None or answers.person in INVENTED:
        raise Refused(
            [f"{answers.person!r} cannot be a person here: a-z, 0-9 and -, and none of {', '.join(INVENTED)}."]
        )
    texts = {folder / file: _filled(file, answers) for file in FILES}
    texts[folder / PASSWORD_FILE] = f"{answers.password or PLACEHOLDER}\n"
    texts[folder / ".gitignore"] = IGNORED
    there = [path for path in texts if path.exists() or path.is_symlink()]
    if there:
        raise Refused([f"{path} is there already: nothing was written." for path in there])
    for path, text in texts.items():
        _write(path, text, secret=path.parent.name == "secrets")
    return list(texts)


def _filled(file: str, answers: Answers) -> str:
    template = (resources.files("tocsin.config") / "starter" / file).read_text(encoding="utf-8")
    filled = answers.filled()
    return re.sub(r"\{\{([a-z_]+)\}\}", lambda place: filled[place[1]], template)


def _write(path: Path, text: str, *, secret: bool) -> None:
    """A secret is never readable by others, not even for a moment; nothing that is there is written over."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if secret else 0o755)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
