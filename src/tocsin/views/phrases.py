"""Short pieces that many lines are made of: times, names, steps, the change, what a cause needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tocsin.domain.change import Change, ChangeStatus, Task, Verdict
from tocsin.domain.people import PersonId, TeamId
from tocsin.domain.plan import Plan
from tocsin.domain.request import Request
from tocsin.views.lines import Words, free, harmless, quoted

SHA_LETTERS = 7
WEEK = timedelta(days=6)
MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3600, 86400


def lasting(took: timedelta) -> str:
    """Return a length of time as people say it: `41 s`, `1 min 48 s`, `2 h 5 min`, `3 days`."""
    seconds = max(0, round(took.total_seconds()))
    if seconds < MINUTE_SECONDS:
        return f"{seconds} s"
    if seconds < HOUR_SECONDS:
        return _two(seconds // MINUTE_SECONDS, "min", seconds % MINUTE_SECONDS, "s")
    if seconds < 2 * DAY_SECONDS:
        return _two(seconds // HOUR_SECONDS, "h", seconds % HOUR_SECONDS // MINUTE_SECONDS, "min")
    return f"{seconds // DAY_SECONDS} days"


def clock(at: datetime, now: datetime) -> str:
    """Return a moment ahead as `Mon 08:00 UTC`, with its date when the day of the week would not tell it."""
    return f"{at:%a %H:%M} UTC" if at - now < WEEK else f"{at:%a %d %b %H:%M} UTC"


def listed(names: Iterable[str]) -> str:
    """Return names as in a sentence: `a`, `a and b`, `a, b and c`."""
    every = tuple(names)
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else "".join(every)


def counted_for(request: Request, counted: Iterable[tuple[PersonId, TeamId]]) -> str:
    """Return who counts for which team: `bo-sre (SRE) and kim-releng (Release Engineering)`."""
    return listed(f"{person} ({request.roster.name(team)})" for person, team in counted)


def what(request: Request) -> Words:
    """Return what a request is for, as far as is known: the change with its subject and task, or the recipe."""
    change, task = request.facts.change, f" ({harmless(request.wish.task)})" if request.wish.task else ""
    if change:
        return change.label, " ", *quoted(change.subject), task
    if request.wish.named:
        return free(request.wish.named), task
    return f"recipe {request.wish.recipe or 'not named yet'}", task


def change_in_short(change: Change) -> Words:
    """Return a change as it is confirmed: project, patchset, sha, author, size, verdict; what is unknown is said so."""
    author = harmless(change.author_name) or listed(sorted(change.authors)) or "an author not known"
    size = change.size
    parts = [f"{harmless(change.project)} {change.label} {change.sha[:SHA_LETTERS]} by {author}"]
    if size:
        parts.append(f"+{size.added} -{size.removed} on {size.files} file{'' if size.files == 1 else 's'}")
    if change.status is not ChangeStatus.OPEN:
        parts.append(str(change.status))
    parts.append({Verdict.YES: "CI passed", Verdict.NO: "CI failed"}.get(change.ci, "CI not known"))
    if change.mergeable is Verdict.NO:
        parts.append("not mergeable")
    brings = (", and brings along ", free(", ".join(change.brings))) if change.brings else ()
    return ", ".join(parts), *brings


def task_in_short(task: Task | None, *, private: bool) -> Words:
    """Return a task with its title and how it stands, so far as known: of one that is not public nothing in public."""
    if task is None or not (private or task.public is Verdict.YES) or not (task.title or task.status or task.priority):
        return ()
    title = (" ", *quoted(task.title)) if task.title else ()
    stands = ", ".join(filter(None, (harmless(task.status), harmless(task.priority))))
    return harmless(task.id), *title, f" ({stands})" if stands else ""


def steps(plan: Plan) -> str:
    """Return the steps of a plan in order; `(look)` stands where people look before it goes on."""
    return ", ".join(f"{step.name} (look)" if step.look else step.name for step in plan.steps)


def step_at(request: Request, step: int, *, undoing: bool = False) -> str:
    """Return a step by its place, as `step 1 of 3: test servers`."""
    plan_steps = request.proposal.plan.steps if request.proposal else ()
    undo = request.deployment.undo if request.deployment else ()
    total = len(undo) if undoing else len(plan_steps)
    name = step_name(request, undo[step] if undoing and 0 <= step < len(undo) else step)
    return f"{'undoing ' if undoing else ''}step {step + 1} of {total}: {name}"


def step_name(request: Request, place: int) -> str:
    """Return the name of a step of the plan."""
    plan_steps = request.proposal.plan.steps if request.proposal else ()
    return plan_steps[place].name if 0 <= place < len(plan_steps) else f"step {place + 1}"


def target_of(request: Request) -> str:
    """Return the target, or that it is not known yet."""
    return request.target or "its target"


def at_most(names: Sequence[str], most: int) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - most
    return f"{', '.join(names[:most])} and {more} more" if more > 0 else ", ".join(names)


def ending(text: str) -> Words:
    """Return outside text that ends a sentence: with a full stop, unless it ends one itself."""
    said = free(text)
    return (said, "") if said.text.endswith((".", "!", "?", "…")) else (said, ".")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"
