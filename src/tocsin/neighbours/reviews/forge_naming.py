"""Which change of a forge is meant: by its address, as `owner/name#12` or `group/name!12`, or by its number alone.

Law: an address is matched against the configured site and its projects, and never asked as typed.
"""

import re
from dataclasses import dataclass
from typing import Final

from tocsin.domain.errors import Refused
from tocsin.neighbours.reviews.elsewhere import Elsewhere, either
from tocsin.neighbours.reviews.git_naming import behind

PART: Final = r"(?!\.{1,2}(?![A-Za-z0-9_.-]))[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}"
_NUMBER: Final = r"(?P<number>[1-9][0-9]{0,8})"
_BEHIND: Final = r"(?:[/?#][^\s]*)?"


@dataclass(frozen=True, slots=True)
class Forge:
    """A site with projects: `mark` stands before a change's number, `pages` leads from a project to its changes."""

    site: str
    projects: tuple[str, ...]
    mark: str
    pages: str

    @property
    def places(self) -> tuple[str, ...]:
        """Return the projects as people would find them."""
        return tuple(f"{self.site}/{project}" for project in self.projects)

    def named(self, project: str, number: int) -> str:
        """Return a change as people write it: `owner/name#12`."""
        return f"{project}{self.mark}{number}"

    def page(self, project: str, number: int) -> str:
        """Return where people see a change."""
        return f"{self.site}/{project}/{self.pages}/{number}"

    def meant(self, named: str) -> tuple[str, int]:
        """Return the project and the number that are meant; raises `Refused` with what to type instead."""
        if bare := re.fullmatch(rf"[{self.mark}]?{_NUMBER}(?:/[0-9]{{1,6}})?", named, re.ASCII):
            return self._alone(named), int(bare["number"])
        short = re.fullmatch(rf"(?P<project>{PART}(?:/{PART})+){self.mark}{_NUMBER}", named, re.ASCII)
        old = self.pages.removeprefix("-/")
        page = rf"(?P<project>{PART}(?:/{PART})+?)/(?:-/)?{old}/{_NUMBER}{_BEHIND}"
        found = short or re.fullmatch(page, behind(named, self.site), re.ASCII)
        if found is None:
            raise Elsewhere(named, self.places, f"one such as {self.named(self.projects[0], 12)}, or its address")
        return self._known(found["project"]), int(found["number"])

    def _alone(self, named: str) -> str:
        if len(self.projects) > 1:
            instead = f"which project's, such as {self.named(self.projects[0], 12)}, or its address"
            raise Elsewhere(named, self.places, instead)
        return self.projects[0]

    def _known(self, project: str) -> str:
        """Spell a project as it is configured: a forge does not care for capitals, targets do."""
        for each in self.projects:
            if each.casefold() == project.casefold():
                return each
        raise Refused([f"{project} is no project that tocsin may ask for: it knows those of {either(self.places)}."])
