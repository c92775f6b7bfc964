"""Which open requests are for the same thing, found without looking at every one of them: each act asks for that."""

from collections.abc import Iterator
from typing import TypeAlias

from tocsin.domain.change import Change
from tocsin.domain.people import RequestId
from tocsin.domain.request import Request

Subject: TypeAlias = tuple[str, str]
"""Something that a request can be for: what it names, the change that this turned out to be, or a recipe."""


class Alike:
    """Open requests by what they are for."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_subject: dict[Subject, set[RequestId]] = {}

    def take_in(self, before: Request | None, after: Request) -> None:
        """Take in what became of one request."""
        was, now = (set(_subjects(each)) if each and each.open else set() for each in (before, after))
        for subject in was - now:
            self._by_subject[subject].discard(after.id)
            if not self._by_subject[subject]:
                del self._by_subject[subject]
        for subject in now - was:
            self._by_subject.setdefault(subject, set()).add(after.id)

    def of(self, named: str, change: Change | None, recipe: str) -> list[RequestId]:
        """Return the open requests for the same change, or where none is named for the same recipe, oldest first."""
        subjects: list[Subject] = [("recipe", recipe)] if recipe and not named else []
        if named:
            subjects = [("named", named), *([_subject(change)] if change else [])]
        found = {each for subject in subjects for each in self._by_subject.get(subject, ())}
        return sorted(found, key=lambda each: (len(each), each))  # E9 before E10


def _subjects(request: Request) -> Iterator[Subject]:
    yield "named", request.wish.named
    yield "recipe", request.wish.recipe
    if request.facts.change:
        yield _subject(request.facts.change)


def _subject(change: Change) -> Subject:
    """Each repository of a forge counts for itself: a number alone is that of many changes."""
    return "change", f"{change.number} of {change.project}"
