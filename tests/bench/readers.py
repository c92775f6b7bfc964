"""Many open pages in a process of their own, as cheap as can be: each notes when the words that it waits for came.

The first line on the standard input says which pages: port, request, how many strangers, and the cookies of those who
are signed in. Each line after that is what to wait for; the answer is a line with the moment of every page, by the
clock that all processes share.
"""

import asyncio
import json
import resource
import sys
import time
from functools import partial

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60.0
AT_A_TIME = 100
FIRST_WORDS = b'hx-target="#timeline"'
"""They are in what a page is sent first."""


class Page(asyncio.Protocol):
    """One stream; what was heard of it is kept no longer than the words that it waits for."""

    def __init__(self, request: str, cookie: str) -> None:
        """Take whose page it is of which request."""
        named = f"Cookie: {cookie}\r\n" if cookie else ""
        self._asks = f"GET /{request}/live HTTP/1.1\r\nHost: {HOST}\r\n{named}\r\n"
        self._tail = b""
        self.waits_for(FIRST_WORDS)

    def waits_for(self, words: bytes) -> None:
        """Note when these come next."""
        self._words = words
        self.heard = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._asks.encode())

    def data_received(self, data: bytes) -> None:
        """Look for the words, across the seams too."""
        seen = self._tail + data
        if self._words in seen and not self.heard.done():
            self.heard.set_result(time.monotonic())
        self._tail = seen[-len(self._words) :]

    def connection_lost(self, _: Exception | None) -> None:
        """Say so to who waits."""
        if not self.heard.done():
            self.heard.set_exception(EOFError("a stream ended while words were waited for"))


async def main() -> None:
    """Open the pages, and answer line by line until the input ends."""
    _let_many_be_open()
    asked = json.loads(await _line())
    cookies = [""] * asked["strangers"] + asked["cookies"]
    pages = [Page(asked["request"], cookie) for cookie in cookies]
    loop = asyncio.get_running_loop()
    for start in range(0, len(pages), AT_A_TIME):
        some = pages[start : start + AT_A_TIME]
        for page in some:
            await loop.create_connection(partial(_itself, page), HOST, asked["port"])
        await _all_heard(some)
    while True:
        print(json.dumps(await _all_heard(pages)), flush=True)
        if not (words := await _line()):
            return
        for page in pages:
            page.waits_for(words.encode())
        print("waiting", flush=True)


def _itself(page: Page) -> Page:
    return page


async def _all_heard(pages: list[Page]) -> list[float]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return [await page.heard for page in pages]


async def _line() -> str:
    line: str = await asyncio.to_thread(sys.stdin.readline)
    return line.strip()


def _let_many_be_open() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    asyncio.run(main())
