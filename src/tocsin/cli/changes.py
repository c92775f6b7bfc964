"""When a request may have moved: by the server's stream of events or by asking again; what is so then is for others."""

import contextlib
import http.client
import time
from collections.abc import Callable, Iterator

from tocsin.cli.client import ServerUnreachable
from tocsin.cli.naming import Server
from tocsin.cli.routes import EVENTS

EACH_SECONDS = 1.0
"""How often the socket of this machine is asked again, and a stream is at the most."""
SILENCE_SECONDS = 20.0
"""A stream says something each 15 s, if only that it is there."""
WITHOUT_STREAM_SECONDS = 5.0
_LONGEST_LINE = 65536


def each_second() -> Iterator[None]:
    """Yield once a second, without end: whoever watches ends it."""
    while True:
        time.sleep(EACH_SECONDS)
        yield


def streamed(server: Server, request: str, position: Callable[[], int]) -> Iterator[None]:
    """Yield when the server says that something happened, and whenever its stream has broken or begun anew.

    The stream is only a bell: what is so is asked for, so nothing is lost with a connection. It never raises.
    """
    while True:
        began = time.monotonic()
        try:
            for happened in _stream(server, request, position()):
                if happened == 0 or happened > position():
                    yield
        except (ServerUnreachable, http.client.HTTPException, OSError, ValueError):
            pass
        yield  # it broke: whoever asks now hears whether the server is there
        time.sleep(max(0.0, min(EACH_SECONDS, began + WITHOUT_STREAM_SECONDS - time.monotonic())))


def _stream(server: Server, request: str, after: int) -> Iterator[int]:
    """Yield the position of each event, 0 at the beginning and where an event has none."""
    from tocsin.cli.remote import connected, headers

    connection = connected(server, SILENCE_SECONDS)
    with contextlib.closing(connection):
        since = {"Last-Event-ID": str(after)} if after else {}
        sent = {**headers(server, {}), "Accept": "text/event-stream", **since}
        connection.request("GET", server.prefix + EVENTS.of(request), headers=sent)
        response = connection.getresponse()
        if response.status != 200 or "text/event-stream" not in (response.getheader("Content-Type") or ""):
            time.sleep(WITHOUT_STREAM_SECONDS)
            return
        yield 0
        position, data = 0, False
        while line := response.readline(_LONGEST_LINE):
            name, _, value = line.decode("utf-8", "replace").strip().partition(":")
            if name == "id" and value.strip().isdecimal():
                position = int(value)
            data = data or name == "data"
            if not line.strip() and data:
                yield position
                position, data = 0, False
