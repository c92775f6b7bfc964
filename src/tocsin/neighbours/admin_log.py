"""The server admin log: sending it a line through the port of a bot, and looking on its page whether the line is there.

Laws: one line goes over one connection, and nobody answers it, so that sending is no proof. Of the page only our own
marks are looked for; whatever else stands there is nobody's word.
"""

import asyncio
import html
import re
from asyncio import timeout
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from tocsin.domain.errors import Unreachable
from tocsin.neighbours.asking.web import Site
from tocsin.views.admin_log import marks_of

PORT_SECONDS: Final = 3.0
FAREWELL_SECONDS: Final = 1.0
"""One that keeps the connection open after our end has taken the line all the same."""
PAGE_SECONDS: Final = 4.5
LONGEST_LINE_BYTES: Final = 425
"""With its end; what is longer the bot cuts into several messages, and only the first of them is logged."""
NEAR: Final = 600
"""How many characters after its beginning the end of our line is, and no longer that of another."""
AROUND: Final = 4096
"""Bytes on either side of the word by which a line is found: room for all of it, with what a page puts into it."""
MOST_PLACES: Final = 400
HTML: Final = (("Accept", "text/html, application/json"),)
_TAG: Final = re.compile(r"<[^<>]*>")
_GAP: Final = "\x00"
"""What stands in the place of a tag: no part of a word, so that cells of a table stay apart."""


@dataclass(frozen=True, slots=True)
class AdminLogSettings:
    """The port that takes lines, if lines go that way, and the page that shows them, if there is one."""

    host: str = ""
    port: int = 0
    page: str = ""


@dataclass(frozen=True, slots=True)
class LogPort:
    """A bot's TCP port: a line that it takes, it says in its channel."""

    host: str
    port: int
    seconds: float = PORT_SECONDS

    async def write(self, line: str) -> None:
        """Send one line; raises `Unreachable`."""
        content = f"{line}\n".encode()
        assert "\n" not in line and len(content) <= LONGEST_LINE_BYTES, "whoever words the line keeps it short"
        try:
            async with timeout(self.seconds):
                await self._sent(content)
        except TimeoutError:
            raise Unreachable(self._name, f"did not take the line within {self.seconds:g} s") from None
        except OSError as error:
            raise Unreachable(self._name, _in_words(error)) from None

    async def _sent(self, content: bytes) -> None:
        """Say all of it and end our side. A bot that does not want it breaks the connection off; most just end it."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(content)
            writer.write_eof()
            await writer.drain()
            with suppress(TimeoutError):
                async with timeout(FAREWELL_SECONDS):
                    await reader.read(1)
        finally:
            writer.close()

    @property
    def _name(self) -> str:
        return f"admin log at {self.host}:{self.port}"


def _in_words(error: OSError) -> str:
    match error:
        case ConnectionRefusedError():
            return "nothing listens there"
        case ConnectionError():
            return "it broke the connection off"
        case _:
            return error.strerror or type(error).__name__


@dataclass(frozen=True, slots=True)
class LogWebPage:
    """A page of the newest lines, HTML or JSON."""

    address: str
    seconds: float = PAGE_SECONDS
    _site: Site = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one site, which remembers whether it answers."""
        system = self.address.partition("://")[2].partition("/")[0]
        object.__setattr__(self, "_site", Site(system, self.address, self.seconds, headers=HTML))

    async def shows(self, line: str) -> bool:
        """Say whether a line of ours is there; raises `Unreachable`."""
        content = await self._site.read("")
        if content is None:
            raise Unreachable(self._site.system, "there is no such page for us")
        return is_in(content, line)


def is_in(content: bytes, line: str) -> bool:
    """Say whether a page holds a line of ours: its beginning, and near behind it the head of the record."""
    begins, mark = marks_of(line)
    anchor = (mark.rpartition(":")[2] or begins.partition(" ")[0]).encode()
    return any(_shows(content[max(0, at - AROUND) : at + AROUND], begins, mark) for at in _places(content, anchor))


def _places(content: bytes, anchor: bytes) -> Iterator[int]:
    """Yield where one word of our line stands: only around it the page is taken apart, which takes time."""
    at = content.find(anchor)
    for _ in range(MOST_PLACES):
        if at < 0:
            return
        yield at
        at = content.find(anchor, at + AROUND // 2)


def _shows(content: bytes, begins: str, mark: str) -> bool:
    text = html.unescape(_TAG.sub(_GAP, content.decode("utf-8", "replace")))
    places = re.finditer(rf"(?<!\w){_through_tags(begins)}", text)
    return any(mark in text[place.end() : place.end() + NEAR].replace(_GAP, "") for place in places)


def _through_tags(words: str) -> str:
    """Return a pattern for words that a page may set in tags of its own, and part at other spaces."""
    return f"{_GAP}*".join(r"\s+" if each == " " else re.escape(each) for each in words)
