"""Watching a request: each thing that happens once, until it is over; and a server that comes and goes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.cli.api import Api, wait_for
from tests.cli.running import TOCSIN, run_aside
from tests.local.office import Office
from tocsin.cli import exits
from tocsin.cli.seen import Seen
from tocsin.cli.watched import Terminal

ENDS_SECONDS = 20.0


class Watch:
    """A watch in a process of its own, and what it has printed so far."""

    def __init__(self, env: dict[str, str | None], words: tuple[str, ...]) -> None:
        whole = {**os.environ, **{name: value for name, value in env.items() if value}}
        self.process = subprocess.Popen(
            [*TOCSIN, "request", "watch", *words],
            env=whole,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # where these tests run in the background
        )
        self.out: list[str] = []
        self.err: list[str] = []
        pairs = ((self.process.stdout, self.out), (self.process.stderr, self.err))
        self._reading = [threading.Thread(target=lambda p=pipe, k=kept: k.extend(p)) for pipe, kept in pairs]
        for each in self._reading:
            each.start()

    async def says(self, text: str, *, on_error: bool = False) -> None:
        lines = self.err if on_error else self.out
        try:
            await asyncio.to_thread(wait_for, lambda: any(text in each for each in lines))
        except AssertionError as late:
            raise AssertionError(f"{text!r} is not in {self.out} or {self.err}") from late

    async def ends(self) -> int:
        code = await asyncio.to_thread(self.process.wait, ENDS_SECONDS)
        for each in self._reading:
            await asyncio.to_thread(each.join, ENDS_SECONDS)
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for each in self._reading:
            each.join(ENDS_SECONDS)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


@contextmanager
def watching(env: dict[str, str | None], *words: str) -> Iterator[Watch]:
    watch = Watch(env, words)
    try:
        yield watch
    finally:
        watch.close()


@contextmanager
def ending_where_it_fails(watch: Watch) -> Iterator[None]:
    try:
        yield
    except BaseException:
        watch.close()
        raise


@pytest.fixture(params=["socket", "API"])
async def env(office: Office, request: pytest.FixtureRequest) -> AsyncIterator[dict[str, str | None]]:
    if request.param == "socket":
        yield {"TOCSIN_SOCKET": str(office.path)}
        return
    api = Api(office.path)
    with api.listening():
        yield api.env


async def test_a_watch_tells_each_thing_once_and_ends_with_the_request(
    env: dict[str, str | None], office: Office
) -> None:
    await office.asks()
    with watching(env, "e1") as watch:
        await watch.says("E1 is confirming")
        await office.becomes("bo-sre").says("confirm", "E1", check_word=office.word)
        await watch.says("bo-sre, cli")
        await office.becomes("ada").says("withdraw", "E1")
        assert await watch.ends() == exits.DONE
    assert watch.err == []
    assert len([each for each in watch.out if "bo-sre, cli" in each]) == 1
    assert len(set(watch.out)) == len(watch.out)


async def test_in_json_each_change_is_an_object_a_line(env: dict[str, str | None], office: Office) -> None:
    await office.asks()
    with watching(env, "--json") as watch:
        await watch.says('"confirming"')
        await office.says("withdraw", "E1")
        assert await watch.ends() == exits.DONE
    seen = [json.loads(each) for each in watch.out]
    assert [each["status"] for each in seen] == ["confirming", "withdrawn"]
    assert [len(each["happened"]) > 0 for each in seen] == [True, True]
    assert {each["request"] for each in seen} == {"E1"}


async def test_a_request_that_is_over_is_shown_and_ends_at_once(office: Office) -> None:
    await office.asks()
    await office.says("withdraw", "E1")
    ended = await run_aside("request", "watch", "E1", socket=office.path)
    assert (ended.code, ended.err) == (exits.DONE, "")
    assert ended.out.startswith("E1 is withdrawn")


async def test_a_server_that_restarts_is_waited_for_and_nothing_is_lost(office: Office) -> None:
    await office.asks()
    api = Api(office.path)
    with api.listening():
        watch = Watch(api.env, ("E1",))
        with ending_where_it_fails(watch):
            await watch.says("E1 is confirming")
    with closing(watch):
        await watch.says("Not connected, what is above may be old.", on_error=True)
        await office.says("withdraw", "E1")
        with api.listening():
            assert await watch.ends() == exits.DONE
    assert watch.err[-1] == "Connected again.\n"
    assert len(watch.err) == 2
    assert any("withdr" in each for each in watch.out)


async def test_ctrl_c_ends_the_watch_and_not_the_request(env: dict[str, str | None], office: Office) -> None:
    await office.asks()
    with watching(env, "E1") as watch:
        await watch.says("E1 is confirming")
        watch.process.send_signal(signal.SIGINT)
        assert await watch.ends() == exits.INTERRUPTED
    assert watch.err == ["No longer watching; E1 goes on without you.\n"]
    assert office.request.open


async def test_a_token_that_is_taken_back_ends_the_watch(office: Office) -> None:
    await office.asks()
    api = Api(office.path)
    with api.listening(), watching(api.env, "E1") as watch:
        await watch.says("E1 is confirming")
        api.failing = lambda handler: handler.problem(401, "refused", "This token was taken back.") is None
        await office.says("note", "E1", text="a change")
        assert await watch.ends() == exits.REFUSED
    assert watch.err[0] == "This token was taken back.\n"


async def test_a_watch_of_what_is_not_there_or_not_named_says_so(office: Office) -> None:
    ended = await run_aside("request", "watch", "E9", socket=office.path)
    assert (ended.code, ended.err) == (exits.UNKNOWN, "There is no request E9. Open ones: tocsin request list\n")
    ended = await run_aside("request", "watch", socket=office.path)
    assert ended.code == exits.UNKNOWN
    assert ended.err == "Which request? None is open; to see them: tocsin request list\n"


async def test_a_watch_without_a_server_ends_at_once(tmp_path: Path) -> None:
    ended = await run_aside("request", "watch", "E1", socket=tmp_path / "none")
    assert ended.code == exits.UNREACHABLE


SEEN = Seen(
    request="E1",
    status="deploying",
    lines=("E1 is deploying, for 41 s now.", "E1 runs step 2 of 4: caches."),
    who=("Somebody is needed.",),
    timeline=tuple(f"event {each}" for each in range(1, 20)),
)


def drawn(terminal: Terminal, console: Console) -> str:
    with console.capture() as captured:
        console.print(terminal.frame())
    return captured.get()


def test_the_live_view_shows_state_step_and_what_happened_last() -> None:
    console = Console(file=StringIO(), width=70, force_terminal=True, color_system=None)
    terminal = Terminal(console)
    terminal.saw(SEEN, None)
    text = drawn(terminal, console)
    assert "E1 · deploying" in text
    assert "runs step 2 of 4" in text
    assert "event 19" in text
    assert "event 11 " not in text
    assert "Somebody is needed" not in text


def test_the_live_view_says_so_while_it_is_not_right() -> None:
    console = Console(file=StringIO(), width=70, force_terminal=True, color_system=None)
    terminal = Terminal(console)
    terminal.saw(SEEN, None)
    terminal.lost("Nobody answers.")
    assert "NOT CONNECTED, this is 0 s old. Nobody answers. Trying again." in drawn(terminal, console)
    terminal.saw(SEEN, SEEN)
    assert "NOT CONNECTED" not in drawn(terminal, console)


def test_markup_in_what_people_said_is_text() -> None:
    console = Console(file=StringIO(), width=70, force_terminal=True, color_system=None)
    terminal = Terminal(console)
    terminal.saw(Seen("E1", "confirming", ("[red]not red[/red] [link=x]",), (), ("[bold]",)), None)
    assert "[red]not red[/red] [link=x]" in drawn(terminal, console)


def test_a_watch_loads_the_terminal_library_only_for_a_terminal() -> None:
    looked = "import sys, tocsin.cli.watching; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", looked], check=False).returncode == 0
