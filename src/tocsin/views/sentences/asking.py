"""Sentences about asking: the cry, what was said of it, what was found out, and what is to be confirmed."""

import re
from collections.abc import Collection
from datetime import datetime

from tocsin.domain import events as e
from tocsin.domain.change import Verdict
from tocsin.domain.people import PersonId, RequestId, TeamId
from tocsin.domain.plan import Remedy
from tocsin.domain.qualifying import milder
from tocsin.domain.request import Request
from tocsin.domain.situation import CALENDAR
from tocsin.domain.wish import Facts, Proposal, Wish
from tocsin.views.lines import Said, Words, free, harmless, quoted
from tocsin.views.phrases import change_in_short, clock, ending, listed, steps, target_of, task_in_short, what

_NOT_ROLLED_BACK = re.compile(r"^not rolled back:\s*", re.IGNORECASE)
"""As it is said here, people say it themselves."""
GOING_BACK = {Verdict.YES: "safe", Verdict.NO: "not safe", Verdict.UNKNOWN: "not known to be safe"}


def introduced(request: Request, on_call: Collection[PersonId]) -> Said:
    """Say for whom a request is, what it is about, and whom it asks for which team."""
    called = tuple(person for _, people in request.asked for person in people)
    asking = listed(_asked(request, team, people, on_call) for team, people in request.asked if people)
    words = ("for ", *_asker(request), ": ", *what(request), f". Asking {asking}." if asking else ".")
    return Said(words, is_of=True, calls=called)


def adopted(event: e.RequestAdopted) -> Said:
    """Somebody known took a stranger's request on."""
    return Said((f"{event.person} takes it on and is its requester now.",))


def stated(event: e.WishStated) -> Said:
    """What is asked for was completed or changed."""
    return Said(("asks for ", *_wish(event.wish)), is_of=True)


def learned(event: e.FactsLearned, before: Request | None) -> Said:
    """What the systems around said: the change when it is seen first, later what is new of it."""
    change, known = event.facts.change, before.facts.change if before else None
    about = first_told_of_task(event, before)
    if change and known is None:
        of = f" by {harmless(change.author_name)}" if change.author_name else ""
        into = f"{of}, for {harmless(change.project)} on {harmless(change.branch)}."
        old = before.opened_at if before else None
        more = (aged(event.facts, old) if old else "", *((" ", *about) if about else ()))
        return Said((change.label, " ", *quoted(change.subject), into, *more))
    if event.news:
        return Said((free(event.news), "."))
    if before and begins_freeze(event, before):
        return Said((calendar(event.facts, before.opened_at),))
    if about:
        return Said(about)
    if silent := silent_systems(event):
        return Said((f"no answer from {listed(silent)}; it goes on without.",))
    return Said(("what is known of it was looked up again.",))


def aged(facts: Facts, now: datetime) -> str:
    """Say of which systems an earlier answer stands, and when it was given."""
    told = listed(f"{system} as of {clock(at, now)}" for system, at in facts.as_of)
    return f" No answer now: {told}." if told else ""


def first_told_of_task(event: e.FactsLearned, before: Request | None) -> Words:
    """Return the task when its title is heard first; what becomes of it later is nobody's news here."""
    if before is None or (before.facts.task and before.facts.task.title):
        return ()
    words = task_in_short(event.facts.task, private=before.private)
    return (*words, ".") if words else ()


def begins_freeze(event: e.FactsLearned, before: Request | None) -> bool:
    """Say whether these facts show a freeze that was not there before."""
    return event.facts.freeze is not None and before is not None and before.facts.freeze is None


def silent_systems(event: e.FactsLearned) -> tuple[str, ...]:
    """Return the systems that vouch for what is deployed and did not answer; of the calendar the plan tells."""
    return tuple(each for each in event.facts.unknown if each != CALENDAR)


def settled(event: e.TargetSettled) -> Said:
    """The change told which target this is."""
    return Said((f"goes to {event.target}; the policy is {event.policy.label}.",), is_of=True)


def proposed(event: e.PlanProposed, request: Request) -> Said:
    """What is to be confirmed."""
    return shown(event.proposal, request)


def shown(proposal: Proposal, request: Request) -> Said:
    """Return everything that is to be confirmed, on one line, with the check word at its end."""
    plan, wish, change = proposal.plan, request.wish, proposal.change
    values = f" ({' '.join(f'{name}={value}' for name, value in plan.values)})" if plan.values else ""
    words = (
        f"{_kind(wish)}: ",
        *(change_in_short(change) if change else _without_change(request)),
        *_more(wish),
        f".{aged(request.facts, request.opened_at)} {calendar(request.facts, request.opened_at)}",
        f" The last deployment there was {proposal.after}." if proposal.after else "",
        f" {_despite(proposal.despite, request)}" if proposal.despite else "",
        f" Seen: {seen}." if (seen := milder(request)) else "",
        f" Plan {plan.recipe}{values}: {steps(plan)}; going back: {_going_back(wish)}",
        *_why_not_safe(wish),
        f". To confirm: !confirm {request.id} {proposal.check_word}",
    )
    return Said(words, is_of=True, apart=True)


def _without_change(request: Request) -> Words:
    """Of a change that nobody could show it is said that confirmers confirm its number alone."""
    if not request.wish.named:
        return (f"{target_of(request)}, without a change",)
    return (f"{target_of(request)}, ", free(request.wish.named), ", which nobody has seen: code review does not answer")


def _despite(locks: tuple[RequestId, ...], request: Request) -> str:
    return f"{listed(locks)} left {target_of(request)} locked for this; a yes opens it, this once."


def withdrawn(event: e.PlanWithdrawn) -> Said:
    """Nothing is to be confirmed for now."""
    return Said(("nothing is to be confirmed for now: ", *ending(event.why)))


def more_asked(event: e.MoreAsked, request: Request) -> Said:
    """What must still be said."""
    return needing(event.missing, request)


def needing(missing: tuple[str, ...], request: Request) -> Said:
    """Return what must still be said or found out, with an example to type where it is words that are missing."""
    phrases = [each for each in missing if not each.endswith(".")]
    sentences = " ".join(each for each in missing if each.endswith("."))
    example = example_of(request.wish)
    typed = f", e.g.  !{request.id} {example}" if example and request.requester else ""
    words = f"needs {listed(phrases)}{typed}" if phrases else f"cannot go on: {sentences}"
    return Said((words,), is_of=True, calls=(request.requester,) if request.requester else ())


def noted(event: e.Noted) -> Said:
    """Somebody added a remark."""
    return Said((f"{harmless(event.name)} notes: ", free(event.text)))


def seen_not_counted(event: e.SeenNotCounted) -> Said:
    """Somebody unverified tried to act."""
    return Said((f"{event.verb} by {harmless(event.name)} was seen and not counted: ", *ending(event.doubt)))


def calendar(facts: Facts, now: datetime) -> str:
    """Say what the calendar says to deploying now, and how far it is to be believed."""
    found = facts.freeze or facts.window or facts.next_window
    partly = " Not all of the calendar answered." if found and CALENDAR in facts.unknown else ""
    return f"{_calendar(facts, now)}{partly}"


def _calendar(facts: Facts, now: datetime) -> str:
    if facts.freeze:
        why = f" ({harmless(facts.freeze.why)})" if facts.freeze.why else ""
        return f"In the freeze {harmless(facts.freeze.name)}{why} until {clock(facts.freeze.ends, now)}."
    if facts.window:
        return f"The window {harmless(facts.window.name)} is open until {clock(facts.window.ends, now)}."
    if facts.next_window:
        return f"No window until {clock(facts.next_window.starts, now)}."
    return "The calendar is not known." if CALENDAR in facts.unknown else "No window is in the calendar."


def reasons_given(wish: Wish) -> Words:
    """Return the sentences that a requester gave: why, why not roll back, whether going back is safe."""
    said: list[str] = [harmless(wish.sentence)] if wish.sentence else []
    if wish.why_not_rollback:
        said.append(f"not rolled back: {_NOT_ROLLED_BACK.sub('', harmless(wish.why_not_rollback))}")
    return (free("; ".join(said)),) if said else ("no sentence why yet",)


def example_of(wish: Wish) -> str:
    """Return words that would say everything that the requester has not said yet, as they are typed after the id."""
    further_down = wish.remedy is not Remedy.ROLLBACK
    head = [word for word, known in (("data", wish.reason), ("disable", wish.remedy)) if not known]
    asked = (
        (not wish.sentence, "pages are lost, more every minute"),
        (further_down and not wish.why_not_rollback, "a rollback would lose edits"),
        (wish.going_back is None, "going back is safe"),
        (bool(wish.going_back) and not wish.going_back_why, "going back is not safe, the cache holds new pages"),
        (wish.remedy is Remedy.WIKI_EDIT and wish.wiki is None, "wiki test.example.org page Main told yes"),
    )
    said = "; ".join(words for wanted, words in asked if wanted) if wish.missing() else ""
    return " ".join((*head, *(("--", said) if said else ())))


def _asker(request: Request) -> Words:
    if request.requester:
        return (str(request.requester),)
    return (f"{harmless(request.name)}, whom the directory does not know",)


def _asked(request: Request, team: TeamId, people: tuple[PersonId, ...], on_call: Collection[PersonId]) -> str:
    on_shift = any(person in on_call for person in people)
    return f"{listed(people)} ({request.roster.name(team)}{', on call' if on_shift else ''})"


def _kind(wish: Wish) -> str:
    return ", ".join(filter(None, (wish.reason, wish.remedy))) or "nothing yet"


def _wish(wish: Wish) -> Words:
    extra = ", ".join(filter(None, (f"with {wish.recipe}" if wish.recipe else "", "anyway" if wish.anyway else "")))
    back = f"; going back: {_going_back(wish)}." if wish.going_back else "."
    return f"{_kind(wish)}{f' ({extra})' if extra else ''}: ", *reasons_given(wish), back


def _more(wish: Wish) -> Words:
    """An edit on a wiki shows where, and whether its community knows."""
    if wish.wiki is None:
        return ()
    return ", on ", free(f"{wish.wiki.wiki}, page {wish.wiki.page}, community told: {wish.wiki.community_told}")


def _why_not_safe(wish: Wish) -> Words:
    """That going back is not safe is shown with the word why, since somebody will have to decide on it in a hurry."""
    told = wish.going_back in (Verdict.NO, Verdict.UNKNOWN) and wish.going_back_why
    return (" (", *quoted(wish.going_back_why), ")") if told else ()


def _going_back(wish: Wish) -> str:
    return GOING_BACK[wish.going_back] if wish.going_back else "not said"
