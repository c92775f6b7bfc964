"""Everything that was looked up before deciding: deciding asks nobody and has no clock of its own."""

from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from tocsin.domain.change import Change, Task
from tocsin.domain.people import Directory, OnCall, PersonId, Presence, RequestId, Speaker, TargetId, TeamId
from tocsin.domain.plan import Recipe, Remedy
from tocsin.domain.policy import Policy
from tocsin.domain.request import Stamp
from tocsin.domain.schedule import Calendar
from tocsin.domain.wish import Wish

CODE_REVIEW = "code review"
"""The name under which the review system stands among those that did not answer."""

TASKS = "task"
"""And that of the bug tracker."""

CALENDAR = "calendar"
"""And that of the calendar."""

NEVER_LOCKED_OUT = frozenset({Remedy.ROLLBACK, Remedy.DISABLE})
"""The remedies that take something away: no lock keeps them from starting."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is deployed to; `sources` are the project and branch patterns (as in file names) that belong to it."""

    id: TargetId
    channel: str
    private_channel: str
    policy: Policy
    recipes: tuple[Recipe, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def takes(self, change: Change) -> bool:
        """Say whether a change goes to this target."""
        return any(
            fnmatchcase(change.project, project) and fnmatchcase(change.branch, branch)
            for project, branch in self.sources
        )

    def recipes_for(self, remedy: Remedy) -> tuple[Recipe, ...]:
        """Return the recipes that carry out this remedy."""
        return tuple(recipe for recipe in self.recipes if remedy in recipe.remedies)

    def recipe(self, name: str) -> Recipe | None:
        """Return the recipe of this name."""
        return next((recipe for recipe in self.recipes if recipe.name == name), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All targets, as configured now, and where people are paged by hand."""

    targets: tuple[Target, ...] = ()
    klaxon: str = ""

    def target(self, target: TargetId | None) -> Target | None:
        """Return the target of this id."""
        return next((each for each in self.targets if each.id == target), None)

    def for_change(self, change: Change) -> Target | None:
        """Return the target that a change goes to; of several the one with the stricter policy."""
        return _strictest([each for each in self.targets if each.takes(change)])

    def for_recipe(self, name: str) -> Target | None:
        """Return the target that has a recipe of this name; of several the one with the stricter policy."""
        return _strictest([each for each in self.targets if each.recipe(name)])

    def for_channel(self, channel: str) -> Target | None:
        """Return the strictest target of a channel, or of all, while the change has not told which it is."""
        here = [each for each in self.targets if channel in (each.channel, each.private_channel)]
        return _strictest(here or list(self.targets))


@dataclass(frozen=True, slots=True)
class Lock:
    """A request that left its target locked: no change or recipe of its kind starts there again by itself."""

    request: RequestId
    at: datetime
    change: int | None
    recipe: str
    label: str
    project: str = ""

    def bars(self, wish: Wish, change: Change | None, recipe: str) -> bool:
        """Say whether it keeps this from starting: the same change or, without one, the same recipe."""
        if wish.remedy in NEVER_LOCKED_OUT:
            return False
        same_project = change is not None and self.project in ("", change.project)
        return same_project and change.number == self.change if change else recipe == self.recipe


@dataclass(frozen=True, slots=True)
class Ground:
    """A target as the other requests left it."""

    running: RequestId | None = None
    last: RequestId | None = None
    locks: tuple[Lock, ...] = ()
    beside: tuple[RequestId, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What is the case at the moment of deciding.

    `twin` is an open request for the same thing, `unknown` names the systems that did not answer, `nonce` is a
    fresh secret for a check word, `id` the number a new request would get. `as_of` tells of which systems an earlier
    answer stands here; `refusal` is what the review system said in place of the change.
    """

    now: datetime
    speaker: Speaker
    directory: Directory = field(default_factory=Directory)
    catalogue: Catalogue = field(default_factory=Catalogue)
    on_call: OnCall = field(default_factory=OnCall)
    presence: Presence = field(default_factory=Presence)
    calendar: Calendar = field(default_factory=Calendar)
    ground: Ground = field(default_factory=Ground)
    change: Change | None = None
    task: Task | None = None
    unknown: tuple[str, ...] = ()
    as_of: tuple[tuple[str, datetime], ...] = ()
    refusal: str = ""
    nonce: str = ""
    id: RequestId = RequestId("")
    twin: RequestId | None = None
    open_by_speaker: int = 0

    @property
    def person(self) -> PersonId | None:
        """Return the verified person who acts."""
        return self.speaker.person

    @property
    def stamp(self) -> Stamp:
        """Return the stamp that events decided now will bear."""
        return Stamp(self.now, self.speaker.person)

    def is_member(self, person: PersonId, team: TeamId) -> bool:
        """Say whether a person is in a team now and not suspended."""
        return person in self.directory.members(team) and person not in self.directory.suspended


def _strictest(targets: list[Target]) -> Target | None:
    return max(targets, key=lambda target: target.policy.strictness, default=None)
