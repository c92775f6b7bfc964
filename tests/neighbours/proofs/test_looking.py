"""Looking from outside: live, not live, or neither; whatever stands in the way of looking is neither."""

import http.server
import re
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.neighbours.asking.test_running import over
from tests.neighbours.sites import Server
from tocsin.demo.irc_server.certificate import self_signed
from tocsin.domain.plan import CommandProof, FetchProof, WordProof
from tocsin.neighbours.asking.web import trusted
from tocsin.neighbours.proofs.history import Histories
from tocsin.neighbours.proofs.looking import FETCH_SECONDS, LARGEST_PAGE_BYTES, Proofs

LONG = b"x" * (LARGEST_PAGE_BYTES + 10) + b"too late"
CHARSETS = {"latin": "iso-8859-1", "none": "no-such-charset", "zip": "zlib", "name": "idna"}


class Page(http.server.BaseHTTPRequestHandler):
    """A site of a few pages; `/status/N` answers with N, `/to/...` leads on, `/charset/...` names a charset."""

    def do_GET(self) -> None:
        kind, _, rest = self.path[1:].partition("/")
        if kind == "to":
            self._answer(302, b"", Location=rest.replace("|", "/"))
        elif kind == "status":
            self._answer(int(rest), b"It is fixed")
        elif kind == "charset":
            text = "caf\u00e9 fixed".encode("iso-8859-1" if rest == "latin" else "utf-8")
            self._answer(200, text, **{"Content-Type": f"text/html; charset={CHARSETS[rest]}"})
        elif kind == "packed":
            self._answer(200, b"fixed", **{"Content-Encoding": "gzip"})
        elif kind == "slow":
            self._slow()
        elif kind == "asked":
            self._answer(200, str(self.headers).lower().encode())
        else:
            self._answer(200, LONG if kind == "long" else b"It is fixed, \xff\xfe")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _slow(self) -> None:
        """Send a letter now and then, without an end."""
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            try:
                self.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.1)

    def log_message(self, format: str, *args: object) -> None:
        pass


def served(certificate: ssl.SSLContext | None = None) -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Page)
    if certificate:
        server.socket = certificate.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    yield from served()


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve with a certificate that nobody trusts, unless told to."""
    made, folder = self_signed(), tmp_path_factory.mktemp("certificate")
    (folder / "both.pem").write_text(made.certificate_pem + made.key_pem)
    (folder / "certificate.pem").write_text(made.certificate_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    yield from ((url, folder / "certificate.pem") for url in served(context))


@pytest.mark.parametrize(
    ("path", "text", "present", "live"),
    [
        ("/", "fixed", True, True),
        ("/", "broken", True, False),
        ("/", "broken", False, True),
        ("/", "fixed", False, False),
        ("/to/|", "fixed", True, True),
        ("/long", "xxx", True, True),
        ("/status/404", "fixed", True, True),
        ("/status/404", "fixed", False, False),
        ("/charset/latin", "caf\u00e9", True, True),
        ("/charset/none", "caf\u00e9", True, True),
        ("/charset/zip", "caf\u00e9", True, True),
        ("/charset/name", "fixed", True, True),
    ],
)
async def test_a_page_shows_the_text_or_does_not(site: str, path: str, text: str, present: bool, live: bool) -> None:
    sight = await proofs().look(FetchProof(f"{site}{path}", text, present))
    assert sight.live is live
    verb = "seen" if live else "not seen"
    assert re.fullmatch(rf"{verb} on 127\.0\.0\.1 at [0-2]\d:[0-5]\d:[0-5]\d UTC", sight.saw)


@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize(
    ("path", "saw"),
    [
        ("/status/500", "answered 500"),
        ("/status/404", "answered 404"),
        ("/status/304", "answered 304"),
        ("/long", "has a page longer than 4 MiB"),
        ("/packed", "sends its pages packed, though asked not to"),
        ("/to/http:||localhost:1|", "leads to another site, http://localhost"),
        ("/to/http:||127.0.0.1:1|", "leads to another site, http://127.0.0.1"),
        ("/to/file:|||etc|hostname", "leads to another site, file://"),
        ("/to/|to||to||to||to||", "leads on and on"),
    ],
)
async def test_a_text_that_is_not_on_an_error_page_or_beyond_what_was_read_tells_nothing(
    site: str, path: str, saw: str, present: bool
) -> None:
    sight = await proofs().look(FetchProof(f"{site}{path}", "too late", present))
    assert (sight.live, sight.saw) == (None, f"127.0.0.1 {saw}")


def proofs(seconds: float = FETCH_SECONDS) -> Proofs:
    """Return proofs that look up no history."""
    return Proofs(Histories(Path("/nonexistent")), seconds)


@pytest.fixture
def trusting(secured: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Trust the secured site for one test, and give its address."""
    url, certificate = secured
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted.cache_clear()
    yield url
    trusted.cache_clear()


async def test_a_secured_site_is_never_left_for_one_in_the_clear(trusting: str) -> None:
    url = trusting
    assert (await proofs().look(FetchProof(f"{url}/", "fixed"))).live is True
    clear = url.replace("https://", "http:||")
    sight = await proofs().look(FetchProof(f"{url}/to/{clear}|", "fixed"))
    assert (sight.live, sight.saw) == (None, "127.0.0.1 leads to another site, http://127.0.0.1")


async def test_a_certificate_that_is_not_trusted_tells_nothing(secured: tuple[str, Path]) -> None:
    sight = await proofs().look(FetchProof(f"{secured[0]}/", "fixed"))
    assert (sight.live, sight.saw) == (None, "127.0.0.1 shows a certificate that is not trusted")


@pytest.mark.parametrize("header", ["cache-control: no-cache", "accept-encoding: identity", "user-agent: tocsin"])
async def test_a_page_is_asked_for_fresh_and_as_it_is(site: str, header: str) -> None:
    assert (await proofs().look(FetchProof(f"{site}/asked", f"{header}\n"))).live is True


@pytest.mark.parametrize(
    ("url", "saw"),
    [
        ("http://127.0.0.1:1/", "127.0.0.1 could not be fetched: ConnectError"),
        ("http://127.0.0.1:99999999/", "127.0.0.1 could not be fetched: InvalidURL"),
        ("http://[::1/", "http://[::1/ could not be fetched: InvalidURL"),
        ("gopher://127.0.0.1/", "127.0.0.1 could not be fetched: UnsupportedProtocol"),
    ],
)
async def test_a_site_that_cannot_be_asked_tells_nothing(url: str, saw: str) -> None:
    sight = await proofs().look(FetchProof(url, "fixed"))
    assert (sight.live, sight.saw) == (None, saw)


async def test_a_site_that_never_ends_or_never_begins_is_left_in_time(site: str) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    for url in (f"{site}/slow", f"http://127.0.0.1:{silent.getsockname()[1]}/"):
        sight = await proofs(seconds=0.4).look(FetchProof(url, "fixed", present=False))
        assert (sight.live, sight.saw) == (None, "127.0.0.1 did not answer within 0.4 s")
    silent.close()


@pytest.mark.parametrize(
    ("code", "live", "saw"),
    [
        ("0", True, "says that it is live"),
        ("1", False, "says that it is not live"),
        ("2", None, "ended with 2"),
        ("127", None, "ended with 127"),
    ],
)
async def test_a_command_tells_by_its_exit_code(code: str, live: bool | None, saw: str) -> None:
    sight = await proofs().look(CommandProof(("/bin/sh", "-c", 'exit "$0"', code)))
    assert sight.live is live
    assert re.fullmatch(rf"sh {saw}, at [0-9:]{{8}} UTC", sight.saw)


async def test_a_command_ended_by_somebody_else_tells_nothing() -> None:
    sight = await proofs().look(CommandProof(("sh", "-c", "kill -9 $$")))
    assert sight.live is None
    assert sight.saw.startswith("sh was ended by signal 9, at ")


async def test_a_command_sees_nothing_of_our_surroundings_and_stands_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_SECRET", "x")
    (tmp_path / "here").touch()
    test = 'test -z "$TOCSIN_SECRET" && test -e here'
    assert (await proofs().look(CommandProof(("sh", "-c", test), folder=str(tmp_path)))).live is True


async def test_a_command_that_does_not_end_is_ended_with_its_whole_group(tmp_path: Path) -> None:
    child = f"sleep 300 & echo $! > {tmp_path}/child; wait"
    sight = await proofs().look(CommandProof(("sh", "-c", child), limit=timedelta(seconds=0.5)))
    assert (sight.live, sight.saw) == (None, "sh did not end within 0.5 s")
    await over(tmp_path / "child")


@pytest.mark.parametrize(
    ("arguments", "folder", "saw"),
    [
        (("/nowhere/at-all",), "", "at-all could not be run: No such file or directory"),
        ((sys.executable,), "/nowhere", "could not be run: No such file or directory"),
        (("echo", "a\0b"), "", "echo could not be run: an argument holds a zero byte"),
    ],
)
async def test_a_command_that_cannot_be_run_tells_nothing(arguments: tuple[str, ...], folder: str, saw: str) -> None:
    sight = await proofs().look(CommandProof(arguments, folder))
    assert sight.live is None
    assert sight.saw.endswith(saw)


async def test_people_are_never_looked_at() -> None:
    assert (await proofs().look(WordProof())).live is None
