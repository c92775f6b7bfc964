"""Connections made ahead, many at once: InspIRCd lets newcomers in once a second only, and one by one would be slow."""

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.networks.client import Client

BATCH = 16


class Crowd:
    """Clients who wait on one network, signed in or not, until a test wants somebody of a certain nick."""

    def __init__(self, tls_port: int, ca_file: str, accounts: Mapping[str, str]) -> None:
        self._tls_port = tls_port
        self._ca_file = ca_file
        self._accounts = accounts
        self._waiting: dict[str | None, list[Client]] = defaultdict(list)
        self._numbers = count(1)

    def enter(self, nick: str, account: str | None = None) -> Client:
        """Return a client that is called so, connected over TLS, and signed in when an account is given."""
        if not self._waiting[account]:
            self._gather(account)
        client = self._waiting[account].pop()
        client.send(f"NICK {nick}")
        client.wait_for(f" NICK :{nick}$")
        client.nick = nick
        return client

    def dismiss(self, client: Client) -> None:
        """Let a client go, and return only when its nick is free."""
        with contextlib.suppress(OSError):
            client.send("QUIT")
            client.wait_for_the_end()
        client.close()

    def close(self) -> None:
        """Drop whoever still waits."""
        for clients in self._waiting.values():
            for client in clients:
                client.close()

    def _gather(self, account: str | None) -> None:
        with ThreadPoolExecutor(BATCH) as threads:
            self._waiting[account] += threads.map(lambda _: self._connect(account), range(BATCH))

    def _connect(self, account: str | None) -> Client:
        password = self._accounts[account] if account else None
        return Client(self._tls_port, f"waiting{next(self._numbers)}", account, password, self._ca_file)
