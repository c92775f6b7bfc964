"""A checkout from which an author uploads to Gerrit by git over HTTP."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

from tests.gerrit.server import Account, Gerrit

GIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A patchset that has arrived."""

    number: int
    change_id: str
    sha: str


class Checkout:
    """A clone of a project, as somebody with an account has it; the next change is begun on main."""

    def __init__(self, gerrit: Gerrit, project: str, account: Account, folder: Path) -> None:
        self.gerrit, self.project, self.account, self.folder = gerrit, project, account, folder
        folder.mkdir(parents=True)
        scheme, host = gerrit.url.split("://")
        person = f"{quote(account.login, safe='')}:{quote(account.password, safe='')}"
        self.run("clone", "--quiet", f"{scheme}://{person}@{host}/a/{project}", ".")
        self.begin()

    def begin(self, start: str = "origin/main") -> None:
        """Fetch, and check out where the next change is begun: main, or a commit of somebody else's change."""
        self.run("fetch", "--quiet", "origin")
        self.run("checkout", "--quiet", "--detach", start)

    def upload(self, subject: str, files: dict[str, str]) -> Uploaded:
        """Upload a new change on what is checked out; one more call uploads a further one on top of it."""
        change_id = f"I{token_hex(20)}"
        self._write(files)
        self.run("commit", "--quiet", "--allow-empty", "-m", f"{subject}\n\nChange-Id: {change_id}")
        return self._push(change_id)

    def upload_again(self, earlier: Uploaded, files: dict[str, str]) -> Uploaded:
        """Upload the next patchset of a change, on the same parent and with the same message."""
        self.run("checkout", "--quiet", "--detach", earlier.sha)
        self._write(files)
        self.run("commit", "--quiet", "--amend", "--no-edit")
        return self._push(earlier.change_id)

    def run(self, *words: str) -> str:
        """Run git with no settings but these, and return what it printed."""
        own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "no_proxy": "*"}
        for role in ("AUTHOR", "COMMITTER"):
            own |= {f"GIT_{role}_NAME": self.account.login.title(), f"GIT_{role}_EMAIL": self.account.email}
        command = ["git", "-C", str(self.folder), *words]
        own["PATH"] = os.environ["PATH"]
        ran = subprocess.run(command, env=own, capture_output=True, text=True, timeout=GIT_SECONDS)
        if ran.returncode:
            raise RuntimeError(f"git {words[0]} ended with {ran.returncode}: {ran.stderr}")
        return ran.stdout.strip()

    def _write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        self.run("add", "--all")

    def _push(self, change_id: str) -> Uploaded:
        self.run("push", "--quiet", "origin", "HEAD:refs/for/main")
        place = f"/changes/{quote(self.project, safe='')}~main~{change_id}"
        number = self.gerrit.read(place, self.account)["_number"]
        return Uploaded(number, change_id, self.run("rev-parse", "HEAD"))
