"""The configuration of what is shown: invented people, two recipes, and times that suit a spectator."""

import getpass
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tocsin.demo.people import Network
from tocsin.demo.site import CLOSED, FIXED, MAIN, Site
from tocsin.demo.story import CHANNEL, GO_AFTER_YES_SECONDS

BOT: Final = "tocsin"
PRIVATE_CHANNEL: Final = "#website-private"
LOG_CHANNEL: Final = "#website-log"
TEAMS: Final = {"release-engineering": "Release Engineering", "sre": "SRE", "security": "Security"}
PEOPLE: Final = {
    "ada": (),
    "lin": ("security",),
    "sam-sec": ("security",),
    "bo-sre": ("sre",),
    "mo-sre": ("sre",),
    "kim-releng": ("release-engineering",),
    "rei-releng": ("release-engineering",),
}
DEPLOYERS: Final = ("bo-sre", "kim-releng")
ACCOUNTS: Final = (BOT, *PEOPLE)


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it is written, on which network and for which site; `registrations` are those of the accounts."""

    folder: Path
    network: Network
    site: Site
    registrations: dict[str, str]

    def write(self) -> None:
        """Write every file of the configuration."""
        files = {
            "tocsin.toml": self._top(),
            "directory.toml": self._directory(),
            "policies.toml": f'[limits]\ngo_after_yes = "{GO_AFTER_YES_SECONDS:.0f} s"\n',
            "calendar.toml": 'timezone = "UTC"\n',
            "rota.toml": '[[shift]]\nteam = "sre"\npeople = ["bo-sre"]\nbackups = ["mo-sre"]\n',
            "targets/website.toml": self._target(),
        }
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        secret = self.folder / "secrets" / "irc-password"
        secret.parent.mkdir(mode=0o700)
        secret.touch(mode=0o600)
        secret.write_text(self.network.passwords[BOT] + "\n")

    def _top(self) -> str:
        server = f'{{ host = "localhost", port = {self.network.port}, ca_file = {_text(self.network.ca_file)} }}'
        return f"""
[site]
name = "Paint"

[record]
origin = "paint.example.org"

[irc]
servers = [{server}]
nick = "{BOT}"
sasl = "plain"
password_file = "secrets/irc-password"
log_channel = "{LOG_CHANNEL}"
burst = 20
seconds_per_line = 0.1

[tasks]
public = true

[[reviews]]
project = "website"
repository = {_text(str(self.site.reviews))}
branches = ["{MAIN}"]
public = true
"""

    def _directory(self) -> str:
        teams = [f"[teams.{team}]\nname = {_text(name)}\n" for team, name in TEAMS.items()]
        return "\n".join([*teams, *(self._person(name) for name in PEOPLE)])

    def _person(self, name: str) -> str:
        logins = [getpass.getuser()] if name == "ada" else []
        deploys = ["website"] if name in DEPLOYERS else []
        return f"""
[people.{name}]
accounts = [{{ name = "{name}", registration = "{self.registrations[name]}" }}]
teams = {json.dumps(PEOPLE[name])}
nicks = ["{name}"]
logins = {json.dumps(logins)}
emails = ["{name}@example.org"]
may_deploy = {json.dumps(deploys)}
"""

    def _target(self) -> str:
        target = f"""
[target]
channel = "{CHANNEL}"
private_channel = "{PRIVATE_CHANNEL}"
policy = "both"
sources = [{{ project = "website", branch = "{MAIN}" }}]
"""
        recipes = (("deploy", ["fix", "revert", "disable"], FIXED), ("block", ["block"], CLOSED))
        return target + "".join(self._recipe(*recipe) for recipe in recipes)

    def _recipe(self, name: str, remedies: list[str], text: str) -> str:
        fetch = ["git", "-C", str(self.site.checkout), "fetch", "--quiet", "origin", "+refs/changes/*:refs/changes/*"]
        head = f"""
[[recipe]]
name = "{name}"
remedies = {json.dumps(remedies)}
executor = "shell"

[[recipe.step]]
name = "fetch"
run = {json.dumps(fetch)}
"""
        steps = (_step("test server", self.site.test, look="test server"), _step("everywhere", self.site.live))
        proof = f"\n[[recipe.proof]]\nfetch = {_text(self.site.live_url)}\ntext = {_text(text)}\n"
        return head + "".join(steps) + proof


def tocsin(folder: Path, *words: str) -> list[str]:
    """Return the command line of this very Tocsin for a configuration."""
    return [sys.executable, "-m", "tocsin.cli", "--config", str(folder), *words]


def _step(name: str, checkout: Path, look: str = "") -> str:
    switch = ["git", "-C", str(checkout), "checkout", "--detach"]
    look_at = f"look = {_text(look)}\n" if look else ""
    run, undo = json.dumps([*switch, "{sha}"]), json.dumps([*switch, "@{-1}"])
    return f'\n[[recipe.step]]\nname = "{name}"\nrun = {run}\nundo = {undo}\n{look_at}'


def _text(text: str) -> str:
    return json.dumps(text)
