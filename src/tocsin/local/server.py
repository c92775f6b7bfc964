"""The machine's own socket: people signed in on the host act here, as whom the kernel says they are.

Laws: nothing that a client sends or leaves out ends the server; every wait has a bound; an act that was begun is ended,
whether or not its client is still there.
"""

import asyncio
import contextlib
import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from tocsin.domain.commands import Command, HouseCommand
from tocsin.domain.commands.opening import Ask
from tocsin.domain.errors import Refused, TocsinError
from tocsin.domain.people import Directory, PersonId, Speaker
from tocsin.local.messages import LONGEST_LINE, Asking, line, read
from tocsin.local.speakers import login_of, speaker
from tocsin.local.which import acted_on, asked_about
from tocsin.service.acts import command
from tocsin.service.answering import Answering, Say
from tocsin.service.answers import answer_to, problem, told
from tocsin.service.handler import Handler
from tocsin.service.questions import QUESTIONS, Questions
from tocsin.service.seeing import may_hear_private
from tocsin.service.tokens import TOKEN_VERBS, TokenDesk

MOST_CLIENTS = 200
MOST_OF_ONE = 20
"""Clients of one login at a time, so that nobody takes the places of all others."""
SILENCE_SECONDS = 60.0
"""How long a client may say nothing, or take no answer."""
GOODBYE_SECONDS = 10.0
"""How long the end waits for acts that were begun."""
FOR_EVERYBODY = 0o666

log = structlog.get_logger()
Door = Callable[[PersonId], list[str]]


class LocalServer:
    """Answers one line at a time on each connection; `questions` answers what is asked, `say` tells what happened."""

    def __init__(
        self,
        handler: Handler,
        directory: Callable[[], Directory],
        questions: Questions,
        say: Say,
        door: Door | None = None,
    ) -> None:
        """Take what acts, who people are, and what puts things in words; `door` gives codes for the page, if any."""
        self.tokens: TokenDesk | None = None  # filled in where there is an HTTP API
        self._door = door
        self._directory = directory
        self._questions = questions
        self._answering = Answering(handler, directory, say)
        self._server: asyncio.Server | None = None
        self._place: tuple[Path, int] | None = None
        self._clients: Counter[str] = Counter()
        self._talking: set[asyncio.Task[None]] = set()
        self._acting: set[asyncio.Task[None]] = set()

    async def start(self, path: Path) -> None:
        """Listen; everybody on the machine may speak, the kernel tells who it is. Raises `TocsinError`."""
        try:
            await _make_room(path)
            self._server = await asyncio.start_unix_server(self._welcome, path, limit=LONGEST_LINE)
            path.chmod(FOR_EVERYBODY)
            self._place = (path, path.stat().st_ino)
        except OSError as error:
            raise TocsinError(f"Cannot listen on {path}: {error.strerror or error}.") from error

    async def stop(self) -> None:
        """Stop listening, let acts that were begun come to their end, and take the socket's file away."""
        if self._server is None:
            return
        self._server.close()
        self._take_away()
        for task in self._talking - self._acting:
            task.cancel()
        if self._talking:
            _, late = await asyncio.wait(self._talking, timeout=GOODBYE_SECONDS)
            for task in late:
                task.cancel()
        self._server = None

    def _take_away(self) -> None:
        """Another server may have put its own in the same place: that one stays."""
        if self._place:
            path, number = self._place
            with contextlib.suppress(OSError):
                if path.stat().st_ino == number:
                    path.unlink()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk with one client in a task that the end can find again."""
        task = asyncio.current_task()
        assert task is not None, "a connection is served in a task"
        login = login_of(writer.get_extra_info("socket"))
        self._talking.add(task)
        self._clients[login] += 1
        try:
            if self._clients[login] > MOST_OF_ONE or self._clients.total() > MOST_CLIENTS:
                writer.write(
                    line(problem("conflict", "Too many talk to the server at once; say it again in a moment."))
                )
            else:
                await self._converse(reader, writer, login, task)
        except (OSError, TimeoutError):
            log.info("a local client left in the middle", login=login)
        except asyncio.CancelledError:
            log.info("a local client was left, for the server ends", login=login)
        finally:
            self._clients[login] -= 1
            self._talking.discard(task)
            self._acting.discard(task)
            writer.close()

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, login: str, task: asyncio.Task[None]
    ) -> None:
        """Answer line after line, until there is none, or one that is too long to find the end of."""
        while self._server is not None:
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    data = await reader.readline()
            except ValueError:
                writer.write(line(problem("malformed", f"A line is at most {LONGEST_LINE} bytes long.")))
                return
            if not data:
                return
            self._acting.add(task)
            writer.write(line(await self._answer(data, login)))
            async with asyncio.timeout(SILENCE_SECONDS):
                await writer.drain()
            self._acting.discard(task)

    async def _answer(self, data: bytes, login: str) -> dict[str, Any]:
        """The top of one line's handling: whatever happens in it, the server goes on."""
        try:
            asking = read(data)
            who = speaker(login, self._directory(), f"cli {asking.key}" if asking.key else "")
            if asking.verb == "sign-in":
                return self._opened(who)
            if asking.verb in TOKEN_VERBS:
                return await self._about_tokens(asking, who)
            if asking.verb in QUESTIONS:
                return await self._told(asking, who)
            return await self._done(command(asking.verb, dict(asking.fields), self._directory()), asking, who)
        except TocsinError as error:
            return answer_to(error)
        except Exception:
            log.exception("a local line could not be handled", login=login)
            return problem("broken", "Something went wrong in the server; its log tells what. What is so: !list")

    def _opened(self, who: Speaker) -> dict[str, Any]:
        """Give somebody whom the kernel vouches for a way into the page."""
        if who.person is None:
            raise Refused([who.doubt])
        if self._door is None:
            raise Refused(
                ["No code signs in here: [web] in tocsin.toml makes a page, and local = true in it takes codes."]
            )
        return told(self._door(who.person), ())

    async def _about_tokens(self, asking: Asking, who: Speaker) -> dict[str, Any]:
        """Make, list or revoke the tokens of somebody whom the kernel vouches for."""
        if who.person is None:
            raise Refused([who.doubt])
        if self.tokens is None:
            raise Refused(["This installation has no HTTP API: [web] in tocsin.toml makes one."])
        return told(await asyncio.to_thread(self.tokens.answer, asking.verb, who.person, dict(asking.fields)), ())

    async def _told(self, asking: Asking, who: Speaker) -> dict[str, Any]:
        requests = self._questions.requests
        about = asked_about(asking, requests)
        private = may_hear_private(about, who, requests, self._directory())
        lines = await self._questions.answer(asking.verb, about, asking.words, who, may_hear_private=private)
        shown = requests.find(about) if about else None
        return told(lines, (shown,) if shown else requests.open())

    async def _done(self, wanted: Command, asking: Asking, who: Speaker) -> dict[str, Any]:
        alone = isinstance(wanted, Ask | HouseCommand)
        meant = (None,) if alone else acted_on(asking, wanted, self._questions.requests)
        return await self._answering.act(wanted, who, meant)


async def _make_room(path: Path) -> None:
    """Take away the socket of a server that died; a living one, or anything that is no socket, stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise TocsinError(f"{path} is there and is no socket: move it away, or name another one in [local].")
    if await _is_alive(path):
        raise TocsinError(f"Another tocsin listens on {path}: stop it first.")
    path.unlink()


async def _is_alive(path: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except ConnectionError:
        return False
    writer.close()
    return True
