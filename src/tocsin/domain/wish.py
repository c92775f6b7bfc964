"""What is asked for: the reason, the remedy and every answer given with them; all of it is shown and confirmed."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.domain.change import Change, Task, Verdict
from tocsin.domain.people import RequestId
from tocsin.domain.plan import Plan, Reason, Remedy
from tocsin.domain.schedule import Freeze, Window


@dataclass(frozen=True, slots=True)
class WikiEdit:
    """What an edit on a wiki must say: where, why nothing else serves, and whether the community was told."""

    wiki: str
    page: str
    community_told: str

    @property
    def whole(self) -> bool:
        """Say whether nothing of it is left open."""
        return all((self.wiki.strip(), self.page.strip(), self.community_told.strip()))


@dataclass(frozen=True, slots=True)
class Wish:
    """The wish as far as it is known; empty strings and `None` are what is still to be asked."""

    named: str = ""
    recipe: str = ""
    values: tuple[tuple[str, str], ...] = ()
    task: str = ""
    reason: Reason | None = None
    remedy: Remedy | None = None
    sentence: str = ""
    why_not_rollback: str = ""
    going_back: Verdict | None = None
    going_back_why: str = ""
    wiki: WikiEdit | None = None
    few_affected: bool = False
    anyway: bool = False

    def with_more(self, later: "Wish") -> "Wish":
        """Return this wish with what a later line adds or changes."""
        return Wish(
            named=later.named or self.named,
            recipe=later.recipe or self.recipe,
            values=later.values or (self.values if later.recipe in ("", self.recipe) else ()),
            task=later.task or self.task,
            reason=later.reason or self.reason,
            remedy=later.remedy or self.remedy,
            sentence=later.sentence or self.sentence,
            why_not_rollback=later.why_not_rollback or self.why_not_rollback,
            going_back=later.going_back or self.going_back,
            going_back_why=later.going_back_why if later.going_back else self.going_back_why,
            wiki=later.wiki or self.wiki,
            few_affected=later.few_affected or self.few_affected,
            anyway=later.anyway or self.anyway,
        )

    @property
    def secret(self) -> bool:
        """Say whether it is a matter of security that no task vouches for: it is private until people say otherwise."""
        return self.reason is Reason.SECURITY and not self.task

    def missing(self) -> tuple[str, ...]:
        """Return what must still be said before people can confirm, as words of one line."""
        further_down = self.remedy is not None and self.remedy is not Remedy.ROLLBACK
        on_wiki = self.remedy is Remedy.WIKI_EDIT
        not_safe = self.going_back in (Verdict.NO, Verdict.UNKNOWN)
        asked = (
            (not self.named and not self.recipe, "a change or a recipe"),
            (self.reason is None, "a reason"),
            (self.remedy is None, "a remedy"),
            (not self.sentence, "a sentence why"),
            (further_down and not self.why_not_rollback, "why nothing else serves" if on_wiki else "why not roll back"),
            (self.going_back is None, "whether going back is safe (yes, no or unknown)"),
            (not_safe and not self.going_back_why, f"a word why going back is {_unsafe(self.going_back)}"),
            (on_wiki and not (self.wiki and self.wiki.whole), "the wiki, the page and whether its community was told"),
        )
        return tuple(words for wanted, words in asked if wanted)


def _unsafe(going_back: Verdict | None) -> str:
    return "not safe" if going_back is Verdict.NO else "not known to be safe"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the systems around said, and which of them said nothing.

    `as_of` tells when a stale calendar, or what is silent now, gave the answer that stands; `refused` is what the
    review system said in place of the change.
    """

    change: Change | None = None
    task: Task | None = None
    window: Window | None = None
    next_window: Window | None = None
    freeze: Freeze | None = None
    unknown: tuple[str, ...] = ()
    as_of: tuple[tuple[str, datetime], ...] = ()
    refused: str = ""

    @property
    def public(self) -> tuple[Verdict, Verdict]:
        """Return whether the public may read the change, and the task, as far as that was found out."""
        return (
            self.change.public if self.change else Verdict.UNKNOWN,
            self.task.public if self.task else Verdict.UNKNOWN,
        )

    def readable(self, wish: Wish) -> bool:
        """Say whether the public may read everything that the wish names; what is not known is not readable."""
        change, task = self.public
        named = ((wish.named, change), (wish.task, task))
        return not wish.secret and all(verdict is Verdict.YES for name, verdict in named if name)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Exactly what is confirmed: the plan and the check word over everything shown.

    `digest` is of all of it without the secret nonce; `after` names the last deployment on the target before it, and
    `despite` the rolled back ones whose lock a yes opens, for this request alone: it was shown with them.
    """

    plan: Plan
    check_word: str
    digest: str
    change: Change | None = None
    after: RequestId | None = None
    despite: tuple[RequestId, ...] = ()
