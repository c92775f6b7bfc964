"""Whether a wish is whole: what is missing, what the calendar says to it, and which recipe carries it out."""

from collections.abc import Iterator

from tocsin.domain.plan import Recipe
from tocsin.domain.request import Request
from tocsin.domain.situation import Situation, Target


def missing(request: Request, situation: Situation) -> tuple[str, ...]:
    """Return everything that still must be said or found out before anybody can confirm, in the words of one line."""
    if request.requester is None:
        return (f"somebody whom the directory knows to adopt it: !adopt {request.id}",)
    return (*request.wish.missing(), *_calendar(request, situation), *_change(request), *_recipe(request, situation))


def recipe_of(request: Request, situation: Situation) -> Recipe | None:
    """Return the recipe that was named, or the only one of the target for the remedy."""
    target = situation.catalogue.target(request.target)
    if target is None or request.wish.remedy is None:
        return None
    if request.wish.recipe:
        return target.recipe(request.wish.recipe)
    fitting = target.recipes_for(request.wish.remedy)
    return fitting[0] if len(fitting) == 1 else None


def _calendar(request: Request, situation: Situation) -> Iterator[str]:
    """A window that is open, or about to open, takes a word more: could it not wait?"""
    if request.wish.anyway or request.policy.broken_now:
        return
    window = situation.calendar.open_at(situation.now)
    coming = situation.calendar.next_after(situation.now)
    if window:
        yield f"*anyway*: the window {window.name} is open until {window.ends:%H:%M} UTC, use it if you can"
    elif coming and coming.starts - situation.now <= request.policy.limits.window_soon:
        minutes = max(1, round((coming.starts - situation.now).total_seconds() / 60))
        yield f"*anyway*, if it cannot wait: the window {coming.name} opens in {minutes} min"


def _change(request: Request) -> Iterator[str]:
    if request.wish.named and request.facts.change is None:
        yield "the change itself: the review system has not shown it yet, I keep asking"


def _recipe(request: Request, situation: Situation) -> Iterator[str]:
    target = situation.catalogue.target(request.target)
    if request.wish.remedy is None or recipe_of(request, situation):
        return
    if target is None:
        yield "a target: no target takes this change, an administrator must add it"
        return
    yield _which_recipe(request, target)


def _which_recipe(request: Request, target: Target) -> str:
    assert request.wish.remedy is not None
    names = [recipe.name for recipe in target.recipes_for(request.wish.remedy)]
    if request.wish.recipe:
        known = ", ".join(recipe.name for recipe in target.recipes) or "none"
        return f"a recipe that {target.id} has ({known})"
    if not names:
        return f"another remedy: {target.id} has no recipe for {request.wish.remedy}"
    return f"which recipe, e.g.  with {names[0]} ({', '.join(names)})"
