"""A small installation without IRC, whose steps count how often they ran; people are played inside the server."""

import json
from dataclasses import dataclass
from pathlib import Path

from tocsin.demo.site import FIX, MAIN, Site

PEOPLE = {
    "ada": (),
    "bo-sre": ("sre",),
    "mo-sre": ("sre",),
    "kim-releng": ("release-engineering",),
    "rei-releng": ("release-engineering",),
    "sam-sec": ("security",),
    "lin-sec": ("security",),
}
TEAMS = ("sre", "release-engineering", "security")


@dataclass(frozen=True, slots=True)
class Counted:
    """One installation in a folder: `ran` has a line for each time that a step ran, `live` is there when it is live."""

    folder: Path
    log_port: int = 0

    @property
    def ran(self) -> Path:
        return self.folder / "ran"

    @property
    def live(self) -> Path:
        return self.folder / "live"

    @property
    def site(self) -> Site:
        return Site(self.folder)

    def write(self, pagers: tuple[tuple[str, str], ...] = ()) -> None:
        """Write the configuration, and a review with one change; `pagers` are people's, by their names."""
        self.folder.mkdir()
        self.site.build_reviews()
        files = {
            "tocsin.toml": self._top(),
            "directory.toml": self._directory(),
            "policies.toml": "",
            "calendar.toml": "",
            "rota.toml": "",
            "targets/website.toml": self._target(),
        }
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        if pagers:
            waking = self.folder / "waking.toml"
            waking.touch(0o600)
            waking.write_text("".join(_pager(name, address) for name, address in pagers))

    def _top(self) -> str:
        return f"""
[site]
name = "Crash"
[record]
origin = "crash.example.org"
[tasks]
public = true
[[reviews]]
project = "website"
repository = {json.dumps(str(self.site.reviews))}
branches = ["{MAIN}"]
public = true
{self._admin_log()}"""

    def _admin_log(self) -> str:
        return f'[admin_log]\ntcpircbot = "127.0.0.1:{self.log_port}"\n' if self.log_port else ""

    def _directory(self) -> str:
        teams = [f'[teams.{team}]\nname = "{team}"' for team in TEAMS]
        people = [_person(name, theirs) for name, theirs in PEOPLE.items()]
        return "\n".join([*teams, *people]) + "\n"

    def _target(self) -> str:
        first = self._shell("first", "sleep 0.3")
        last = self._shell("last", f"sleep 0.3; touch {self.live}")
        undo = self._shell("undo", f"rm -f {self.live}")
        fails = self._shell("fails", "exit 3")
        slow = self._shell("slow", "sleep 30")
        return f"""
[target]
channel = "#website"
private_channel = "#website-private"
policy = "both"
sources = [{{ project = "website" }}]
{_recipe("deploy", "fix", (first, undo, "the page"), (last, undo, ""))}
[[recipe.proof]]
command = ["test", "-e", {json.dumps(str(self.live))}]
[[recipe.proof]]
word = true
{_recipe("break", "block", (fails, "", ""), (last, undo, ""))}
[[recipe.proof]]
word = true
{_recipe("dawdle", "disable", (slow, undo, ""))}
[[recipe.proof]]
word = true
"""

    def _shell(self, name: str, then: str) -> str:
        return json.dumps(["sh", "-c", f"echo {name} >> {self.ran}; {then}"])


CHANGE = str(FIX.number)


def _person(name: str, teams: tuple[str, ...]) -> str:
    known = f'accounts = [{{ name = "{name}" }}]\nemails = ["{name}@example.org"]\nmay_deploy = ["website"]'
    return f"[people.{name}]\n{known}\nteams = {json.dumps(teams)}"


def _pager(name: str, address: str) -> str:
    return f"[people.{name}]\nurls = [{json.dumps(address)}]\n"


def _recipe(name: str, remedy: str, *steps: tuple[str, str, str]) -> str:
    head = f'[[recipe]]\nname = "{name}"\nremedies = ["{remedy}"]\nexecutor = "shell"\n'
    return head + "".join(_step(number, *step) for number, step in enumerate(steps, start=1))


def _step(number: int, run: str, undo: str, look: str) -> str:
    more = (f"undo = {undo}\n" if undo else "") + (f'look = "{look}"\n' if look else "")
    return f'[[recipe.step]]\nname = "step {number}"\nrun = {run}\n{more}'
