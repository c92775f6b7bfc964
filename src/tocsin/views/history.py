"""Which requests of before somebody looks for, by person, target, reason and words; who may see them is not asked.

Law: words are looked for in what the room of a request shows, and nowhere else: searching tells no more than looking.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tocsin.domain.change import Verdict
from tocsin.domain.request import Request

LONGEST_SAID = 200


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is empty is anything. Of a person the beginning of the name is enough."""

    person: str = ""
    target: str = ""
    reason: str = ""
    text: str = ""

    @property
    def any(self) -> bool:
        """Say whether nothing particular is looked for."""
        return not (self.person or self.target or self.reason or self.text)

    def finds(self, request: Request) -> bool:
        """Say whether a request is one of those looked for."""
        return (
            self.target in ("", request.target)
            and self.reason in ("", request.wish.reason)
            and self._has_part(request)
            and self._is_told(request)
        )

    def _has_part(self, request: Request) -> bool:
        begins = self.person.casefold()
        return not begins or any(each.casefold().startswith(begins) for each in _people(request))

    def _is_told(self, request: Request) -> bool:
        words = self.text.casefold().split()
        told = " ".join(_told(request)).casefold() if words else ""
        return all(word in told for word in words)


def found(requests: Iterable[Request], search: Search) -> list[Request]:
    """Return those looked for, in the order in which they are given."""
    return [each for each in requests if search.finds(each)]


def _people(request: Request) -> Iterator[str]:
    roles = (request.requester, request.deployer, *request.requesters_before, *request.confirmers)
    yield from filter(None, roles)
    yield from (hold.person for hold in request.holds)
    yield request.name


def _told(request: Request) -> Iterator[str]:
    wish, change, task = request.wish, request.facts.change, request.facts.task
    yield from (request.id, request.status, request.target or "", request.wording, request.refusal_reason)
    yield from (wish.named, wish.recipe, wish.task, wish.reason or "", wish.remedy or "", wish.sentence)
    yield from (wish.why_not_rollback, wish.going_back_why)
    yield from (hold.reason for hold in request.holds)
    if change:
        yield from (change.label, change.subject, change.project, change.sha, change.author_name)
    if task and (request.private or task.public is Verdict.YES):
        yield task.title
