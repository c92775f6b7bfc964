"""Run by path in a process of its own: what only apprise can do with the addresses of pagers.

It reads one question as JSON from its standard input and answers in lines of JSON. apprise takes tens of megabytes and
half a second to load, some services hold on for minutes, and what it logs holds addresses: here all of that ends with
the process, and nothing is written but the answers.
"""

import json
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apprise import Apprise

READ_BYTES = 2_000_000  # more than a whole file of addresses
MAIL = "E-Mail"
"""What apprise calls mail."""


def look(addresses: list[str]) -> None:
    """Answer each address with what people call its service, or with nothing when it is not read."""
    from apprise import Apprise

    for address in addresses:
        service = None
        with suppress(Exception):  # an address that its plugin stumbles over is not read
            service = Apprise.instantiate(address)
        name = str(service.service_name) if service else ""
        _answer("mail" if name == MAIL else name)


def ring(addresses: list[str], subject: str, body: str, seconds: float) -> None:
    """Send to all of them side by side; each that ends in time is answered with its place and whether it was sent."""
    services = [_service(address) for address in addresses]  # loads every plugin, before their time begins to count
    rings = [
        threading.Thread(target=_ring_one, args=(place, service, subject, body), daemon=True)
        for place, service in enumerate(services)
    ]
    for each in rings:
        each.start()
    alarm = threading.Timer(seconds, os._exit, (0,))
    alarm.daemon = True
    alarm.start()
    for each in rings:
        each.join()


def _service(address: str) -> "Apprise":
    from apprise import Apprise

    service = Apprise()
    with suppress(Exception):  # an address that its plugin stumbles over is none, and takes nothing
        service.add(address)
    return service


def _ring_one(place: int, service: "Apprise", subject: str, body: str) -> None:
    from apprise import NotifyFormat

    sent = False
    with suppress(Exception):  # whatever a plugin breaks on, the others are rung
        sent = bool(service.notify(body, subject, body_format=NotifyFormat.TEXT))
    _answer([place, sent])


def _answer(value: Any) -> None:  # noqa: ANN401 - anything that is JSON
    """Write one line at once and whole, also beside other threads."""
    os.write(1, f"{json.dumps(value)}\n".encode())


def main() -> None:
    """Answer one question."""
    question = json.loads(sys.stdin.buffer.read(READ_BYTES))
    if "look" in question:
        look(question["look"])
    else:
        ring(question["ring"], question["subject"], question["body"], question["seconds"])


if __name__ == "__main__":
    main()
    os._exit(0)  # whatever a service still holds on to
