"""Which change is meant by a number or an address; an address is matched against our sites, never asked as typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from tocsin.domain.errors import Refused
from tocsin.neighbours.reviews.elsewhere import Elsewhere

NUMBER: Final = re.compile(r"([1-9][0-9]{0,8})(?:/[0-9]{1,6})?", re.ASCII)
BEHIND_THE_SITE: Final = re.compile(
    r"(?:c/(?P<project>[^\s]{1,300}?)/\+/|#/c/|c/|\+/)?(?P<number>[1-9][0-9]{0,8})(?:[/?#][^\s]*)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """One repository: its project's name, where git finds it, the branches of its changes, and its page, if any."""

    project: str
    repository: str
    branches: tuple[str, ...] = ("main",)
    site: str = ""
    public: bool = False

    @property
    def system(self) -> str:
        """Return what people call it when it does not answer."""
        return f"the reviews of {self.project}"

    def page(self, number: int) -> str:
        """Return where people see a change; empty where they do not."""
        return f"{self.site.rstrip('/')}/{number}" if self.site else ""


@dataclass(frozen=True, slots=True)
class Meant:
    """A change's number, and the repositories that may have it."""

    number: int
    places: tuple[ReviewSettings, ...]

    @property
    def projects(self) -> str:
        """Return the names of the projects, as in a sentence."""
        return " or ".join(each.project for each in self.places)


def meant(named: str, settings: tuple[ReviewSettings, ...]) -> Meant:
    """Return what is meant; raises `Refused` with what to type instead."""
    if not settings:
        raise Refused(["No repository with reviews is configured: name a recipe, or add [[reviews]] to tocsin.toml."])
    if plain := NUMBER.fullmatch(named):
        return Meant(int(plain[1]), settings)
    found = tuple(_by_address(named, settings))
    if found:
        return Meant(found[0][0], tuple(each for _, each in found))
    places = dict.fromkeys(each.site or each.system for each in settings)
    raise Elsewhere(
        named, places, f"its number, such as 1234{', or its address' if any(s.site for s in settings) else ''}"
    )


def behind(named: str, site: str) -> str:
    """Return what stands behind the address of a site; whether it was typed with http or https means nothing."""
    _, _, typed = named.partition("://")
    _, _, known = f"{site.rstrip('/')}/".partition("://")
    return typed[len(known) :] if typed.casefold().startswith(known.casefold()) else ""


def _by_address(named: str, settings: tuple[ReviewSettings, ...]) -> Iterator[tuple[int, ReviewSettings]]:
    for each in settings:
        place = behind(named, each.site) if each.site else ""
        if (found := BEHIND_THE_SITE.fullmatch(place)) and unquote(found["project"] or each.project) == each.project:
            yield int(found["number"]), each
