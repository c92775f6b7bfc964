"""The change and the task, as the systems around showed them; absent facts are unknown, never good news."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.domain.people import PersonId


class ChangeStatus(StrEnum):
    """What the review system says of a change."""

    OPEN = "open"
    MERGED = "merged"
    ABANDONED = "abandoned"
    WORK_IN_PROGRESS = "work in progress"
    BLOCKED = "blocked"


class Verdict(StrEnum):
    """A yes, a no, or nobody could say."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Size:
    """How big the diff is."""

    files: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change with its newest patchset; `brings` names what else would go live with it."""

    number: int
    patchset: int
    sha: str
    project: str
    branch: str
    subject: str
    authors: frozenset[PersonId] = frozenset()
    author_name: str = ""
    status: ChangeStatus = ChangeStatus.OPEN
    merged_as: str = ""
    ci: Verdict = Verdict.UNKNOWN
    mergeable: Verdict = Verdict.UNKNOWN
    size: Size | None = None
    brings: tuple[str, ...] = ()
    public: Verdict = Verdict.UNKNOWN
    url: str = ""

    @property
    def label(self) -> str:
        """Return the change with its patchset, as people write it: `1234/3`."""
        return f"{self.number}/{self.patchset}"

    def is_as_confirmed(self, confirmed: "Change") -> bool:
        """Say whether this is still exactly what was confirmed: that sha, or merged as it or by the commit named."""
        merged_as_named = self.status is ChangeStatus.MERGED and bool(confirmed.merged_as)
        same = self.sha == confirmed.sha or (merged_as_named and self.merged_as == confirmed.merged_as)
        return self.number == confirmed.number and self.project == confirmed.project and same


@dataclass(frozen=True, slots=True)
class Task:
    """The bug-tracker entry that gives context; an empty title, status or priority was not known."""

    id: str
    title: str = ""
    public: Verdict = Verdict.UNKNOWN
    url: str = ""
    status: str = ""
    priority: str = ""
