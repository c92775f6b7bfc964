"""[[webhooks]] of tocsin.toml: which programs are told of events, and by which secret they know that it is us."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import Name, WebAddress
from tocsin.config.private_files import Place, secret_at
from tocsin.config.reading import Source
from tocsin.config.reviews import LOOPBACK
from tocsin.domain.events import Event
from tocsin.neighbours.webhooks import WebhookSettings

KINDS = frozenset(each.__name__ for each in get_args(Event))
SHORTEST_SECRET = 16


def _over_tls(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("is on another machine: send to it by https://")
    if parts.fragment:
        raise ValueError("ends before any #: what stands behind it is never sent")
    return address


def _kind(name: str) -> str:
    if name not in KINDS:
        raise ValueError(f"holds {name!r}, which is no kind of event: they are listed in docs/reference/events.md")
    return name


class WebhookTable(Table):
    """A program that is told of each event, in order, by signed posts."""

    name: Name = Field(description="What it is called here; under another name it begins anew.")
    url: Annotated[WebAddress, AfterValidator(_over_tls)] = Field(
        description="Where it is told, such as https://hooks.example.org/tocsin."
    )
    secret_file: str = Field(description="The file that holds the secret of the signatures, mode 0600.")
    events: list[Annotated[str, AfterValidator(_kind)]] = Field(
        default=[], description="The kinds of events that it is told of; without, of every one."
    )
    private: bool = Field(
        default=False, description="Whether it is told all of private requests too, not their id and state alone."
    )


def webhooks(
    tables: Sequence[WebhookTable], numbers: Sequence[int], folder: Path, source: Source
) -> list[WebhookSettings]:
    """Make settings of the tables; a name that is there twice, or a secret that can be guessed, is reported."""
    made: list[WebhookSettings] = []
    for number, each in zip(numbers, tables, strict=True):
        if each.name in [other.name for other in made]:
            Place(folder, source, ("webhooks", number, "name")).error(f"{each.name} stands before this one already.")
        secret = _secret(Place(folder, source, ("webhooks", number, "secret_file")), each.secret_file)
        made.append(WebhookSettings(each.name, each.url, secret, frozenset(each.events), each.private))
    return made


def _secret(place: Place, name: str) -> str:
    if not name:
        place.error("Name the file of the secret: without one nobody could know that a delivery is from here.")
        return ""
    secret = secret_at(place, name)
    if 0 < len(secret) < SHORTEST_SECRET:
        place.error(f"{name} holds a secret of {len(secret)} characters: take {SHORTEST_SECRET} or more.")
    return secret
