"""The page listens where it is told, or says in words why it cannot."""

import socket

import pytest

from tests.web.house import House
from tocsin.domain.errors import TocsinError
from tocsin.web.server import WebServer


async def test_a_port_that_is_taken_is_told_with_what_to_change(house: House) -> None:
    with pytest.raises(TocsinError) as told:
        WebServer(house.office).start()
    port = house.settings.port
    assert str(told.value) == (
        f"Cannot listen on 127.0.0.1 port {port}: Address already in use."
        " Name another address or port under [web] in tocsin.toml."
    )


async def test_who_comes_before_it_runs_waits(house: House) -> None:
    await house.stop_serving()
    server = WebServer(house.office)
    server.start()
    with socket.create_connection(("127.0.0.1", house.settings.port), 5):
        pass
    await house.start_anew(server)
    assert (await house.browser().get("/")).status_code == 200
