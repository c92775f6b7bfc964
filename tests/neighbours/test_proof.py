"""Looking from outside: live, not live, or neither; whatever stands in the way of looking is neither."""

import asyncio
import http.server
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tocsin.domain.plan import CommandProof, FetchProof, WordProof
from tocsin.neighbours.proof import LARGEST_PAGE_BYTES, Proofs


class Page(http.server.BaseHTTPRequestHandler):
    """A site of a few pages."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/").replace("|", "/"))
            self.end_headers()
            return
        body = b"x" * (LARGEST_PAGE_BYTES + 10) + b"fixed" if self.path == "/huge" else b"It is fixed, \xff\xfe"
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "text", "present", "live"),
    [
        ("/", "fixed", True, True),
        ("/", "broken", True, False),
        ("/", "broken", False, True),
        ("/", "fixed", False, False),
        ("/broken", "fixed", True, True),
        ("/to/|", "fixed", True, True),
        ("/huge", "fixed", True, False),
    ],
)
async def test_a_page_that_shows_the_text_is_live(site: str, path: str, text: str, present: bool, live: bool) -> None:
    sight = await Proofs().look(FetchProof(f"{site}{path}", text, present))
    assert sight.live is live
    assert "127.0.0.1" in sight.saw


async def test_a_page_that_leads_to_another_host_or_in_circles_says_neither(site: str) -> None:
    elsewhere = await Proofs().look(FetchProof(f"{site}/to/http:||localhost:1|", "fixed"))
    circle = await Proofs().look(FetchProof(f"{site}/to/|to||to||to||to|", "fixed"))
    assert elsewhere.live is None
    assert circle.live in (None, True)


async def test_a_site_that_does_not_answer_says_neither() -> None:
    sight = await Proofs().look(FetchProof("http://127.0.0.1:1/", "fixed"))
    assert sight.live is None
    assert sight.saw.startswith("127.0.0.1 could not be fetched")


@pytest.mark.parametrize(("code", "live"), [(0, True), (1, False), (2, None), (127, None)])
async def test_a_command_tells_by_its_exit_code(code: int, live: bool | None) -> None:
    command = (sys.executable, "-c", f"raise SystemExit({code})")
    assert (await Proofs().look(CommandProof(command))).live is live


async def test_a_command_that_does_not_end_is_ended_with_its_whole_group(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    child = f"sleep 30 & echo $! > {pid}; wait"
    sight = await Proofs().look(CommandProof(("sh", "-c", child), limit=timedelta(seconds=0.5)))
    assert sight.live is None and "did not end" in sight.saw
    for _ in range(100):
        if not Path(f"/proc/{pid.read_text().strip()}/cmdline").exists() or _is_over(pid):
            return
        await asyncio.sleep(0.02)
    pytest.fail("its child lives on")


async def test_a_command_that_is_not_there_says_neither() -> None:
    sight = await Proofs().look(CommandProof(("/nowhere/at-all",)))
    assert (sight.live, sight.saw) == (None, "at-all could not be run: No such file or directory")


async def test_people_are_never_looked_at() -> None:
    assert (await Proofs().look(WordProof())).live is None


def _is_over(pid: Path) -> bool:
    return "Z" in Path(f"/proc/{pid.read_text().strip()}/stat").read_text().rpartition(")")[2].split()[0]
