"""Whether a wish is whole: what is missing, what the calendar says to it, and which recipe carries it out."""

from collections.abc import Iterator
from datetime import UTC, datetime

from tocsin.domain.change import ChangeStatus
from tocsin.domain.plan import Reason, Recipe, Remedy
from tocsin.domain.request import Request
from tocsin.domain.situation import CODE_REVIEW, Situation, Target

LONGEST_QUOTED = 60
THE_FIVE = (
    "address a security issue, avoid data loss or corruption, maintain availability, prevent abuse, "
    "a major loss of functionality or appearance"
)
ANEW = "If it is one of the five after all, ask anew: !emergency"


def missing(request: Request, situation: Situation) -> tuple[str, ...]:
    """Return everything that still must be said or found out before anybody can confirm, in the words of one line."""
    if request.requester is None:
        return (f"somebody whom the directory knows to adopt it: !adopt {request.id}",)
    said = (*request.wish.missing(), *_calendar(request, situation), *_recipe(request, situation))
    return said or tuple(_change(request, situation))


def recipe_of(request: Request, situation: Situation) -> Recipe | None:
    """Return the recipe that was named, or the only one of the target for the remedy."""
    target = situation.catalogue.target(request.target)
    if target is None or request.wish.remedy is None:
        return None
    fitting = target.recipes_for(request.wish.remedy)
    if request.wish.recipe:
        return next((recipe for recipe in fitting if recipe.name == request.wish.recipe), None)
    return fitting[0] if len(fitting) == 1 else None


def no_emergency(situation: Situation, said: str) -> str:
    """Answer a reason that is none of the five, in the words of the source, with the next window."""
    return f'"{said[:LONGEST_QUOTED]}" is none of the five reasons, which are: {THE_FIVE}. {_when(situation)} {ANEW}'


def milder(request: Request) -> str:
    """Say what the answer would be where few are touched and only functionality is lost; empty anywhere else."""
    wish, window = request.wish, request.facts.next_window
    if wish.reason is not Reason.FUNCTIONALITY or not wish.few_affected or wish.remedy is Remedy.DISABLE:
        return ""
    named = f" ({window.name}, {_utc(window.starts):%a %H:%M} UTC)" if window else ""
    return f"only few users or a new feature are touched: the answer is disable, or the next window{named}"


def _calendar(request: Request, situation: Situation) -> Iterator[str]:
    """A window that is open, or about to open, takes a word more: could it not wait? What was proposed before stays."""
    if request.wish.anyway or request.policy.broken_now or request.proposal:
        return
    window = situation.calendar.open_at(situation.now)
    coming = situation.calendar.next_after(situation.now)
    if window:
        yield f"*anyway*: the window {window.name} is open until {_utc(window.ends):%H:%M} UTC, use it if you can"
    elif coming and coming.starts - situation.now <= request.policy.limits.window_soon:
        yield f"*anyway*, if it cannot wait: the window {coming.name} opens at {_utc(coming.starts):%H:%M} UTC"


def _change(request: Request, situation: Situation) -> Iterator[str]:
    change, target = request.facts.change, situation.catalogue.target(request.target)
    if request.wish.named and change is None and request.facts.refused:
        yield f"{request.facts.refused} Ask anew with another: !emergency <change>"
    elif request.wish.named and change is None:
        recipe, silent = recipe_of(request, situation), CODE_REVIEW in request.facts.unknown
        if not silent:
            yield "the change itself: the review system has not shown it yet, I keep asking"
        elif recipe is None or recipe.needs_change:
            yield "the change itself: code review does not answer, I keep asking; a recipe without {sha} can go on"
    elif change and change.status is ChangeStatus.ABANDONED and not request.proposal:
        yield f"a change that is not abandoned: restore {change.number}, or !withdraw {request.id} and ask for another"
    elif change and target and not target.takes(change):
        where = f"{change.project} {change.branch}, which does not go to {target.id}"
        yield f"a request of its own: {change.number} is for {where}: !emergency {change.number}"


def _recipe(request: Request, situation: Situation) -> Iterator[str]:
    target = situation.catalogue.target(request.target)
    if request.wish.remedy is None or recipe_of(request, situation):
        return
    if target:
        yield _which_recipe(request, target)
    elif request.facts.change or not request.wish.named:
        yield "a target: no target takes this any more, an administrator must add it"


def _when(situation: Situation) -> str:
    now, calendar = situation.now, situation.calendar
    if window := calendar.open_at(now):
        return f"The window {window.name} is open until {_utc(window.ends):%H:%M} UTC: use it."
    if window := calendar.next_after(now):
        return f"The next window is {window.name}, {_utc(window.starts):%a %H:%M} UTC."
    return "No next window is known." if calendar.known else "When the next window is, no calendar could say."


def _utc(moment: datetime) -> datetime:
    """A calendar may keep the time of its own place; people who read a line are in several."""
    return moment.astimezone(UTC)


def _which_recipe(request: Request, target: Target) -> str:
    assert request.wish.remedy is not None
    names = [recipe.name for recipe in target.recipes_for(request.wish.remedy)]
    if not names:
        return f"another remedy: {target.id} has no recipe for {request.wish.remedy}"
    if request.wish.recipe:
        return f"a recipe that {target.id} has for {request.wish.remedy} ({', '.join(names)})"
    return f"which recipe, e.g.  with {names[0]} ({', '.join(names)})"
