"""Which change of a Gerrit is meant by a number, an address or a Change-Id; an address is never asked as typed."""

import re
from typing import Final

from tocsin.neighbours.reviews.elsewhere import Elsewhere
from tocsin.neighbours.reviews.git_naming import BEHIND_THE_SITE, NUMBER, behind

CHANGE_ID: Final = re.compile(r"I[0-9a-f]{40}", re.ASCII)


def meant(named: str, site: str) -> str:
    """Return the number or Change-Id that is meant; raises `Refused` with what to type instead."""
    if plain := NUMBER.fullmatch(named):
        return plain[1]
    if CHANGE_ID.fullmatch(named):
        return named
    if found := BEHIND_THE_SITE.fullmatch(behind(named, site)):
        return found["number"]
    raise Elsewhere(named, [site], "its number, such as 1234, or its address")
