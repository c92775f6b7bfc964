"""A small real web site, served from git checkouts, with the reviews of its changes; and its bad release."""

import http.server
import os
import subprocess
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

BROKEN: Final = "Painted pages: 3 days old"
FIXED: Final = "Painted pages: fresh"
CLOSED: Final = "Uploads: closed"
PAGE: Final = "<!doctype html><title>Paint</title>\n<h1>Paint</h1>\n<p>{pages}</p>\n<p>{uploads}</p>\n"
AUTHOR: Final = ("lin", "lin@example.org")
MAIN: Final = "main"
GIT_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Patchset:
    """One upload of a change to the site's page."""

    number: int
    patchset: int
    subject: str
    page: str

    @property
    def ref(self) -> str:
        """Return where reviews keep it: `refs/changes/NN/NUMBER/PATCHSET`."""
        return f"refs/changes/{self.number % 100:02d}/{self.number}/{self.patchset}"


FIX: Final = Patchset(
    1234, 3, "Stop caching newly painted pages", PAGE.format(pages="Painted pages: new", uploads="Uploads: open")
)
BETTER_FIX: Final = Patchset(1234, 4, FIX.subject, PAGE.format(pages=FIXED, uploads="Uploads: open"))
MISTAKE: Final = Patchset(1240, 1, "Close uploads while spam comes in", "<!doctype html>\n<h1>Error 500</h1>\n")


class Site:
    """The reviews in a bare repository, a test server and the live one as checkouts, and both of them served."""

    def __init__(self, folder: Path) -> None:
        """Take a folder that is there; nothing is made yet."""
        self.reviews = folder / "reviews.git"
        self.checkout = folder / "checkout"
        self.test = folder / "test"
        self.live = folder / "live"
        self._servers: list[http.server.ThreadingHTTPServer] = []

    @property
    def live_url(self) -> str:
        """Where everybody sees the site."""
        return self._url(1)

    @property
    def test_url(self) -> str:
        """Where only those who look first see it."""
        return self._url(0)

    @property
    def live_server(self) -> http.server.ThreadingHTTPServer:
        """What serves the live site."""
        return self._servers[1]

    def build(self) -> None:
        """Make repository and checkouts, with the bad release live, and serve them on loopback."""
        self.build_reviews()
        for place in (self.test, self.live):
            _git(self.checkout, "worktree", "add", "--quiet", "--detach", str(place), f"origin/{MAIN}")
        self._servers = [_served(self.test), _served(self.live)]

    def build_reviews(self) -> None:
        """Make the repository with a good release, a bad one after it, and two changes for review."""
        _git(self.reviews.parent, "init", "--quiet", "--bare", "--initial-branch", MAIN, str(self.reviews))
        _git(self.reviews.parent, "clone", "--quiet", str(self.reviews), str(self.checkout))
        self._commit("Paint pages", PAGE.format(pages="Painted pages: fresh", uploads="Uploads: open"))
        self._commit("Cache painted pages", PAGE.format(pages=BROKEN, uploads="Uploads: open"))
        _git(self.checkout, "push", "--quiet", "origin", f"HEAD:refs/heads/{MAIN}")
        self.upload(FIX)
        self.upload(MISTAKE)

    def upload(self, patchset: Patchset) -> None:
        """Upload a patchset for review, as its author would."""
        _git(self.checkout, "checkout", "--quiet", "--detach", f"origin/{MAIN}")
        self._commit(patchset.subject, patchset.page)
        _git(self.checkout, "push", "--quiet", "--force", "origin", f"HEAD:{patchset.ref}")

    def close(self) -> None:
        """Stop serving."""
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _commit(self, subject: str, page: str) -> None:
        (self.checkout / "index.html").write_text(page)
        _git(self.checkout, "add", "index.html")
        _git(self.checkout, "commit", "--quiet", "--allow-empty", "--message", subject)

    def _url(self, place: int) -> str:
        assert self._servers, "the site is not served yet"
        return f"http://127.0.0.1:{self._servers[place].server_address[1]}/"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files; says nothing, and lets nobody keep an older page."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def _served(folder: Path) -> http.server.ThreadingHTTPServer:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _git(folder: Path, *arguments: str) -> None:
    """Run git as the site's author, whatever this machine's own settings of git are."""
    name, address = AUTHOR
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    author = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address}
    committer = {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": address}
    surroundings = {"PATH": os.environ["PATH"], **own, **author, **committer}
    command = ["git", "-C", str(folder), *arguments]
    subprocess.run(command, check=True, env=surroundings, capture_output=True, timeout=GIT_SECONDS)
