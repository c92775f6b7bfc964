"""The provider of these tests as they see it: its process, what it is told, and a person's own part in signing in."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from subprocess import DEVNULL, Popen
from typing import Any

import httpx2

from tests.networks.inspircd import free_ports
from tests.web.house import House
from tests.web.provider import SECRET
from tocsin.web.settings import OidcSettings


class Provider:
    """The provider, and a person's own part in signing in there."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.settings = OidcSettings(self.address, "tocsin", SECRET, label="Example")

    async def tell(self, **what: object) -> None:
        async with httpx2.AsyncClient(trust_env=False) as client:
            assert (await client.put(f"{self.address}/test/tell", json=what)).status_code == 204

    async def seen(self, path: str) -> list[dict[str, Any]]:
        async with httpx2.AsyncClient(trust_env=False) as client:
            return [each for each in (await client.get(f"{self.address}/test/seen")).json() if each["path"] == path]

    async def sign_in(self, address: str, sub: str = "ada@example.org") -> str:
        """Say who one is, where the page led; return where the provider leads back."""
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.post(address, data={"sub": sub})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])


@contextmanager
def serving() -> Iterator[int]:
    """Let a provider listen for as long as the block lasts, and give its port."""
    port = free_ports(1)[0]
    env = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    process = Popen([sys.executable, "-m", "tests.web.provider", str(port)], stdout=DEVNULL, stderr=DEVNULL, env=env)
    try:
        _wait(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


def know(house: House, **identities: tuple[str, ...]) -> None:
    """Have the directory know people by these, and let the house's clock go with the provider's."""
    house.world.clock.at = datetime.now(UTC)
    configuration = house.world.situations.configuration
    people = tuple(replace(each, sign_in=identities.get(each.id, ())) for each in configuration.directory.people)
    directory = replace(configuration.directory, people=people)
    house.world.situations.configuration = replace(configuration, directory=directory)


def _wait(port: int, process: "Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "the provider ended"
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/jwks", trust_env=False).is_success:
                return
        except httpx2.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the provider never listened")
