"""The command line over HTTP: words, answers and codes as over the socket, and a sentence for every bad day."""

import asyncio
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.cli.api import TOKEN, Api
from tests.cli.running import Ended, run
from tests.cli.test_completing import completed
from tests.local.office import Office
from tests.networks.inspircd import free_ports
from tocsin.cli import exits, remote
from tocsin.cli.client import ServerUnreachable, ask
from tocsin.cli.naming import Server

SEE = "What is so now: tocsin request list\n"


@pytest.fixture
def api(office: Office) -> Iterator[Api]:
    api = Api(office.path)
    with api.listening():
        yield api


async def said(api: Api, *words: str) -> Ended:
    return await asyncio.to_thread(run, "request", *words, env=api.env)


def hasty(handler: BaseHTTPRequestHandler) -> bool:
    """Leave without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
    return True


def replying(status: int, kind: str, body: bytes, **headers: str) -> Callable[[Any], bool]:
    def fail(handler: Any) -> bool:  # noqa: ANN401 - the server's own kind
        handler.reply(status, kind, body, **headers)
        return True

    return fail


async def test_a_request_goes_its_way_over_http_as_over_the_socket(api: Api, office: Office) -> None:
    await office.asks()
    office.becomes("bo-sre")
    assert (await said(api, "confirm", "e1", office.word)).code == exits.DONE
    office.becomes("kim-releng")
    assert (await said(api, "confirm", office.word)).code == exits.DONE
    assert str(office.request.status) == "ready"
    shown = await said(api, "show")
    assert (shown.code, shown.err) == (exits.DONE, "")
    assert shown.out.startswith("E1 is ready")
    office.world.later(15)
    assert (await said(api, "take", "E1")).code == exits.DONE
    assert (await said(api, "go")).code == exits.DONE
    assert (await said(api, "stop", "errors")).code == exits.DONE
    assert api.heard[-1][0] == "POST /api/v1/stop"
    assert str(office.request.status) == "paused"


async def test_an_act_has_a_key_and_the_position_that_is_expected(api: Api, office: Office) -> None:
    await office.asks()
    await said(api, "note", "E1", "--expect", "12", "hello")
    call, sent = api.heard[-1]
    assert call == "POST /api/v1/requests/E1/note"
    assert (sent["Expected-Position"], len(sent["Idempotency-Key"])) == ("12", 32)


async def test_a_refusal_has_every_reason_and_its_code(api: Api, office: Office) -> None:
    await office.asks()
    over, here = await said(api, "go", "E1"), await office.says("go", "E1")
    assert over.code == exits.REFUSED
    assert len(over.err.splitlines()) == len(here["lines"])


async def test_a_request_that_is_not_there_is_unknown(api: Api) -> None:
    ended = await said(api, "show", "E9")
    assert (ended.code, ended.err) == (exits.UNKNOWN, "There is no request E9. Open ones: tocsin request list\n")


async def test_an_act_without_an_id_asks_which_one_where_several_are_open(api: Api, office: Office) -> None:
    await office.asks()
    await office.asks_for_another()
    ended = await said(api, "wake")
    assert ended.code == exits.UNKNOWN
    assert ended.err == "Which request? Open are E1, E2. Say the id too, e.g.  tocsin request wake E1\n"
    assert (await said(api, "who")).out.count("\n") == 2


async def test_json_is_the_answer_itself(api: Api, office: Office) -> None:
    await office.asks()
    plain = json.loads((await said(api, "list", "--json")).out)
    assert (plain["outcome"], plain["request"], plain["position"]) == ("told", "E1", 7)


async def test_a_wrong_or_expired_token_says_where_it_is_from_and_never_what_it_is(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("tcsn_of-another\n")
    file.chmod(0o600)
    env = {"TOCSIN_SERVER": api.url, "TOCSIN_TOKEN_FILE": str(file)}
    ended = await asyncio.to_thread(run, "request", "list", env=env)
    assert ended.code == exits.REFUSED
    assert ended.err == (
        "This token is not known, or it has expired.\n"
        f"The token is the one of {file}: if it expired or was taken back, make another on the page.\n"
    )


async def test_a_token_that_the_server_repeats_is_not_shown(api: Api) -> None:
    body = json.dumps({"outcome": "refused", "reasons": [f"no such token: {TOKEN}"]}).encode()
    for words in (["list"], ["list", "--json"]):
        api.failing = replying(401, "application/problem+json", body)
        ended = await said(api, *words)
        assert TOKEN not in ended.out + ended.err
        assert "no such token: [token]" in ended.out + ended.err


async def test_one_broken_connection_is_tried_again_with_the_same_key(api: Api, office: Office) -> None:
    await office.asks()
    left = [1]
    api.failing = lambda handler: bool(left and left.pop()) and hasty(handler)
    assert (await said(api, "note", "E1", "hello")).code == exits.DONE
    keys = [sent["Idempotency-Key"] for _, sent in api.heard]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_an_act_whose_answer_was_lost_is_done_and_not_refused(api: Api, office: Office) -> None:
    await office.asks()

    def half(handler: Any) -> bool:  # noqa: ANN401 - the server's own kind
        api.failing = lambda _: False
        assert ask(office.path, handler.asking())["outcome"] == "done"
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(b'{"outcome": "do')
        return hasty(handler)

    api.failing = half
    ended = await said(api, "note", "E1", "hello")
    assert (ended.code, ended.err) == (exits.DONE, "")
    assert ended.out == "It was done; the answer was lost on the way. How it stands: tocsin request show E1\n"


async def test_a_connection_that_breaks_twice_leaves_it_open_what_was_done(api: Api) -> None:
    api.failing = hasty
    ended = await said(api, "list")
    assert (ended.code, ended.err) == (exits.UNREACHABLE, f"The server went away before it answered. {SEE}")
    assert len(api.heard) == 2


async def test_half_an_answer_is_none(api: Api) -> None:
    def half(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(b'{"outcome": "told", "lines": []}')
        return hasty(handler)

    api.failing = half
    ended = await said(api, "list")
    assert (ended.code, ended.err) == (exits.UNREACHABLE, f"The server went away before it answered. {SEE}")


async def test_an_answer_without_end_is_not_read_to_the_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LONGEST_ANSWER", 1024**2)
    api.failing = replying(200, "application/json", b"x" * 1024**2 * 2)
    ended = await said(api, "list")
    assert (ended.code, ended.err) == (
        exits.UNREACHABLE,
        f"The server's answer is larger than 1 MB and was not read. {SEE}",
    )


async def test_a_server_that_is_silent_is_not_waited_for_without_end(api: Api) -> None:
    over = threading.Event()
    api.failing = lambda _: over.wait(10)
    ended = await asyncio.to_thread(_asked_for_a_moment, api)
    over.set()
    assert ended.startswith("The server did not answer within 0 s.")
    assert len(api.heard) == 1


def _asked_for_a_moment(api: Api) -> str:
    server = Server("127.0.0.1", api.port, "", secure=False, token=TOKEN, source="a test")
    with pytest.raises(ServerUnreachable) as caught:
        remote.ask_server(server, {"verb": "list"}, 0.2)
    return str(caught.value)


@pytest.mark.parametrize(
    ("failing", "sentence"),
    [
        (replying(200, "text/html", b"<p>Welcome"),
         "What answers at {url} is not tocsin's API (it sent text/html, status 200). Check --server."),
        (replying(404, "application/json", b'{"detail": "Not Found"}'),
         "What answers at {url} is not tocsin's API (it sent application/json, status 404). Check --server."),
        (replying(502, "text/html", b"<h1>Bad Gateway"),
         "A proxy at {url} says that the server behind it is silent (502)."
         " It may be starting again: say it again in a minute."),
        (replying(302, "text/html", b"", Location="https://login.example.org/"),
         "{url} sends elsewhere, and your token goes only where you said. Check --server."
         " It leads to https://login.example.org/"),
    ],
    ids=["HTML", "another API", "a proxy", "a redirect"],
)  # fmt: skip
async def test_what_is_not_the_api_is_named(api: Api, failing: Any, sentence: str) -> None:  # noqa: ANN401 - see above
    api.failing = failing
    ended = await said(api, "list")
    assert (ended.code, ended.err) == (exits.UNREACHABLE, sentence.format(url=api.url) + "\n")
    assert len(api.heard) == 1


async def test_too_many_calls_say_when_to_come_again(api: Api) -> None:
    body = b'{"title": "Too many calls."}'
    api.failing = replying(429, "application/problem+json", body, **{"Retry-After": "30"})
    ended = await said(api, "list")
    assert (ended.code, ended.err) == (exits.REFUSED, "Too many calls.\nSay it again in 30 s.\n")


def asked(server: str, **env: str) -> Ended:
    return run("--server", server, "request", "list", env={"TOCSIN_TOKEN": TOKEN, **env})


def test_a_port_where_nobody_listens_is_named() -> None:
    url = f"http://127.0.0.1:{free_ports(1)[0]}"
    ended = asked(url)
    assert ended.code == exits.UNREACHABLE
    sentence = f"Nobody answers at {url}. Nothing was sent. The server may be down, or --server be wrong.\n"
    assert ended.err == sentence


def test_a_name_that_is_not_found_is_named() -> None:
    ended = asked("https://tocsin.invalid")
    assert ended.code == exits.UNREACHABLE
    assert ended.err == (
        "The name tocsin.invalid is not found. Nothing was sent. Check --server, and whether there is a network.\n"
    )


def test_a_certificate_that_nobody_vouches_for_stops_it_before_the_token(tmp_path: Path) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*make, "-keyout", tmp_path / "key", "-out", tmp_path / "crt"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", free_ports(1)[0])) as listening:

        def serve() -> None:
            plain, _ = listening.accept()
            with plain, pytest.raises(ssl.SSLError), context.wrap_socket(plain, server_side=True) as talking:
                heard.append(talking.recv(1000))

        thread = threading.Thread(target=serve)
        thread.start()
        ended = asked(f"https://localhost:{listening.getsockname()[1]}")
        thread.join(10)
    assert (ended.code, heard) == (exits.UNREACHABLE, [])
    assert ended.err.startswith("The certificate of localhost is not to be trusted: self-signed certificate. Nothing")


@pytest.mark.parametrize(
    ("server", "sentence"),
    [
        ("http://tocsin.example.org", "http would show your token to everybody on the way to tocsin.example.org:"
                                      " name it as https://tocsin.example.org"),
        ("http://127.0.0.1.example.org", "http would show your token to everybody on the way to 127.0.0.1.example.org:"
                                         " name it as https://127.0.0.1.example.org"),
        ("tocsin.example.org", "The server is named by its address alone, such as https://tocsin.example.org"),
        ("https://example..org", "The server is named by its address alone, such as https://tocsin.example.org"),
        ("https://example.org:99999", "The server is named by its address alone, such as https://tocsin.example.org"),
        ("https://a:secret@example.org", "An address takes no name or password: put a token into a file,"
                                         " and name it with --token-file."),
    ],
)  # fmt: skip
def test_an_address_by_which_no_token_may_go_is_refused(server: str, sentence: str) -> None:
    ended = asked(server)
    assert (ended.code, ended.err) == (exits.USAGE, sentence + "\n")


def test_a_token_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o640)
    ended = run("--server", "https://tocsin.invalid", "--token-file", str(file), "request", "list")
    assert ended.code == exits.USAGE
    assert ended.err == f"Others can read the token in {file}, so it was not used: chmod 600 {file}\n"


@pytest.mark.parametrize(
    ("words", "env", "sentence"),
    [
        (["--server", "https://e.invalid"], {}, "The server takes a token, and there is none."),
        (["--server", "https://e.invalid", "--token-file", "none"], {}, "There is no none: --token-file and"),
        (["--server", "https://e.invalid"], {"TOCSIN_TOKEN": "two words"}, "TOCSIN_TOKEN holds no token:"),
        (["--token-file", "none"], {}, "A token is for a server: name it with --server, or in TOCSIN_SERVER."),
    ],
)
def test_what_is_missing_is_named(words: list[str], env: dict[str, str], sentence: str) -> None:
    ended = run(*words, "request", "list", env=env)
    assert ended.code == exits.USAGE
    assert ended.err.startswith(sentence)


def test_the_socket_does_not_compare_positions_and_says_so() -> None:
    ended = run("request", "go", "E1", "--expect", "3")
    assert ended.code == exits.USAGE
    assert ended.err.startswith("--expect is for a server that --server names")


def test_a_code_for_the_page_is_not_asked_for_over_the_network() -> None:
    ended = run("--server", "https://tocsin.invalid", "sign-in", env={"TOCSIN_TOKEN": TOKEN})
    assert ended.code == exits.USAGE
    assert ended.err == "sign-in is for the host itself, as its kernel names you: without --server.\n"


async def test_ids_are_completed_over_http_too(api: Api, office: Office) -> None:
    await office.asks()
    env = {name: value for name, value in api.env.items() if value}
    assert await asyncio.to_thread(lambda: completed("tocsin request show e", **env)) == ["E1"]
