"""What all tables of review sites share: an address that is asked over TLS, projects that are named once, a token."""

import re
from collections.abc import Callable, Collection
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from tocsin.config.names import WebAddress
from tocsin.config.private_files import Place
from tocsin.config.reviews import LOOPBACK
from tocsin.neighbours.reviews.forge_naming import PART


def _over_tls(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("is on another machine: ask it by https://")
    if parts.query or parts.fragment:
        raise ValueError("ends before any ? or #: it is the address behind which changes have theirs")
    return address.rstrip("/")


AskedAddress = Annotated[WebAddress, AfterValidator(_over_tls)]


def project_list(pattern: str, such_as: str) -> Callable[[list[str]], list[str]]:
    """Return a check of a list of projects: one at least, each of the right form, none twice in whatever capitals."""

    def check(names: list[str]) -> list[str]:
        if not names:
            raise ValueError(f'is an empty list: name one at least, such as ["{such_as}"]')
        for name in names:
            if re.fullmatch(pattern, name, re.ASCII) is None or name.endswith((".git", "/-")):
                raise ValueError(f"holds {name!r}, which is no name such as {such_as}")
            if [each.casefold() for each in names].count(name.casefold()) > 1:
                raise ValueError(f"holds {name} twice: write it once")
        return names

    return check


OWNER_AND_NAME = rf"{PART}/{PART}"
GROUPS_AND_NAME = rf"{PART}(?:/{PART})+"


def check_twice(site: str, before: Collection[str], place: Place) -> None:
    """Report a site that has a table already: of the two nobody could say which is meant."""
    if site.casefold() in [each.casefold() for each in before]:
        place.error(f"{site} stands before this one already.")
