"""Our own IRC server, run beside a test in a thread, with the same handles as the real network."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tocsin.demo.irc_server.network import Account
from tocsin.demo.irc_server.server import IrcServer

PATIENCE_SECONDS = 10.0
REGISTERED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=400)


class DemoNetwork:
    """The running server; `run` calls one of its methods where it lives."""

    def __init__(self, folder: Path, accounts: Mapping[str, str]) -> None:
        self.entity_ids = {name: f"{place:09d}" for place, name in enumerate(accounts, start=1)}
        known = [Account(name, word, self.entity_ids[name], REGISTERED) for name, word in accounts.items()]
        self.server = IrcServer(known)
        self.ca_file = str(folder / "certificate.pem")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        Path(self.ca_file).write_text(self.server.certificate_pem)

    @property
    def plain_port(self) -> int:
        """The port without TLS."""
        return self.server.port

    @property
    def tls_port(self) -> int:
        """The port with TLS."""
        return self.server.tls_port

    def start(self) -> None:
        """Start the thread and the server in it."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self._loop).result(PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stop the server, then its thread."""
        asyncio.run_coroutine_threadsafe(self.server.stop(), self._loop).result(PATIENCE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()

    def run(self, action: Callable[[], None]) -> None:
        """Do something in the server's own loop, and wait until it is done."""

        async def act() -> None:
            action()

        asyncio.run_coroutine_threadsafe(act(), self._loop).result(PATIENCE_SECONDS)


@contextmanager
def demo_network(folder: Path, accounts: Mapping[str, str]) -> Iterator[DemoNetwork]:
    """Run our server for as long as the block lasts."""
    network = DemoNetwork(folder, accounts)
    network.start()
    try:
        yield network
    finally:
        network.stop()
