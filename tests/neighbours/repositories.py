"""A real repository with reviews in it, and a checkout that uploads to it as an author would."""

import os
import subprocess
from pathlib import Path

AUTHOR = ("lin", "lin@example.org")


class Repository:
    """A bare repository whose branch main has one commit."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work = folder / "bare.git", folder / "work"
        folder.mkdir(parents=True, exist_ok=True)
        self.run(folder, "init", "-q", "--bare", "--initial-branch", "main", str(self.bare))
        self.run(folder, "clone", "-q", str(self.bare), str(self.work))
        self.commit("first", "one\n")
        self.push("refs/heads/main")

    def run(self, folder: Path, *words: str, author: tuple[str, str] = AUTHOR) -> str:
        """Run git with no settings but these, and return what it printed."""
        own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        names = {f"GIT_AUTHOR_{what}": value for what, value in zip(("NAME", "EMAIL"), author, strict=True)}
        names |= {f"GIT_COMMITTER_{what}": value for what, value in zip(("NAME", "EMAIL"), AUTHOR, strict=True)}
        command = ["git", "-C", str(folder), *words]
        return subprocess.run(command, check=True, env=own | names, capture_output=True).stdout.decode().strip()

    def commit(self, subject: str, text: str, author: tuple[str, str] = AUTHOR) -> str:
        """Commit a page on what is checked out, and return the sha."""
        (self.work / "page").write_text(text)
        self.run(self.work, "add", "page")
        self.run(self.work, "commit", "-q", "--allow-empty", "-m", subject, author=author)
        return self.run(self.work, "rev-parse", "HEAD")

    def push(self, ref: str) -> None:
        """Push what is checked out."""
        self.run(self.work, "push", "-q", "--force", "origin", f"HEAD:{ref}")

    def begin(self, start: str = "origin/main") -> None:
        """Check out where the next commit is begun."""
        self.run(self.work, "checkout", "-q", "--detach", start)

    def upload(self, number: int, patchset: int, subject: str = "Mend it", text: str = "two\nthree\n") -> str:
        """Upload a patchset begun on main, and return its sha."""
        self.begin()
        return self.upload_further(number, patchset, subject, text)

    def upload_further(self, number: int, patchset: int, subject: str, text: str) -> str:
        """Upload a patchset begun on what is checked out, and return its sha."""
        sha = self.commit(subject, text)
        self.push(ref(number, patchset))
        return sha

    def delete(self, name: str) -> None:
        """Take a ref away, as a repository that is cleaned up does."""
        self.run(self.bare, "update-ref", "-d", name)


def ref(number: int, patchset: int | str) -> str:
    """Return where a patchset is kept."""
    return f"refs/changes/{number % 100:02d}/{number}/{patchset}"
