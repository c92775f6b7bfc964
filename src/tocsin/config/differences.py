"""How two readings of the configuration differ, as sentences for everybody: who may say yes never changes quietly."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import chain

from tocsin.config.durations import in_words
from tocsin.config.loading import Loaded
from tocsin.config.settings import Settings
from tocsin.domain.people import Directory, Person, TeamId
from tocsin.domain.plan import Recipe
from tocsin.domain.policy import Demand, Limits, Policy
from tocsin.domain.situation import Target
from tocsin.neighbours.ldap.settings import LdapSettings
from tocsin.neighbours.reviews.git_naming import ReviewSettings
from tocsin.views.membership import moves


def changes(before: Loaded, after: Loaded) -> tuple[str, ...]:
    """Return what differs in people, policies in use, targets, recipes and reviews, each as one sentence."""
    return tuple(
        chain(
            _teams(before.directory, after.directory),
            _people(before.directory, after.directory),
            _ldap(before.ldap, after.ldap),
            _policies(before, after),
            _targets(before, after),
            _reviews(before.settings, after.settings),
        )
    )


def _teams(before: Directory, after: Directory) -> Iterator[str]:
    old, new = ({team.id: team.name for team in each.teams} for each in (before, after))
    yield from _come_and_gone("team", old, new)
    for team in old.keys() & new.keys():
        if old[team] != new[team]:
            yield f"team {team}: now called {new[team]} instead of {old[team]}"


def _people(before: Directory, after: Directory) -> Iterator[str]:
    old, new = ({person.id: person for person in each.people} for each in (before, after))
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name, Person(name)), new.get(name, Person(name))
        if name not in old:
            yield f"{name} is new in the directory"
        elif name not in new:
            yield f"{name} is no longer in the directory"
        yield from moves(was, now, before, after)
        yield from (f"{name} may no longer deploy {target}" for target in sorted(was.may_deploy - now.may_deploy))
        yield from (f"{name} may deploy {target}" for target in sorted(now.may_deploy - was.may_deploy))
        if name in old and name in new:
            yield from _signs(was, now)


def _signs(was: Person, now: Person) -> Iterator[str]:
    """By what a person is known: an address is said to have changed, and not which one it is."""
    old, new = ({account.name: account.registration for account in each.accounts} for each in (was, now))
    yield from (f"{was.id}: the account {account} is gone" for account in sorted(old.keys() - new.keys()))
    yield from (f"{was.id}: the account {account} is new" for account in sorted(new.keys() - old.keys()))
    for account in sorted(old.keys() & new.keys()):
        if old[account] != new[account]:
            what = "pinned anew" if old[account] and new[account] else "pinned" if new[account] else "no longer pinned"
            yield f"{was.id}: the account {account} is {what}"
    for key, word in (
        ("nicks", "nicks"),
        ("logins", "unix accounts"),
        ("emails", "addresses"),
        ("sign_in", "sign-ins"),
    ):
        if set(getattr(was, key)) != set(getattr(now, key)):
            yield f"{was.id}: other {word} than before"


def _ldap(before: LdapSettings | None, after: LdapSettings | None) -> Iterator[str]:
    """Who else is a member is said when it is known; here, that it is asked for otherwise."""
    old, new = (each.groups if each else {} for each in (before, after))
    for team in sorted(old.keys() | new.keys()):
        if old.get(team) != new.get(team):
            other = "another LDAP group" if team in old and team in new else "an LDAP group"
            yield f"team {team}: members of {other} {'count' if team in new else 'no longer count'} too"
    if before and after and replace(before, groups=after.groups, password=after.password) != after:
        yield "LDAP is asked in another way than before"


def _policies(before: Loaded, after: Loaded) -> Iterator[str]:
    """Only those that a target names: a limit changed for all is not told for profiles that nobody uses."""
    old, new = ({target.policy.profile: target.policy for target in each.catalogue.targets} for each in (before, after))
    for name in sorted(old.keys() & new.keys()):
        differing = _policy(old[name], new[name], before.directory, after.directory)
        yield from (f"policy {name}: {sentence}" for sentence in differing)


def _policy(was: Policy, now: Policy, old: Directory, new: Directory) -> Iterator[str]:
    for when in sorted({*_lists(was), *_lists(now)}):
        yield from _demands(_lists(was).get(when, ()), _lists(now).get(when, ()), when, new)
    gone, come = ([team for team in a.informed if team not in b.informed] for a, b in ((was, now), (now, was)))
    yield from (f"{old.team_name(team)} is no longer informed" for team in gone)
    yield from (f"{new.team_name(team)} is informed" for team in come)
    for key, sentences in _SWITCHES.items():
        if getattr(was, key) != getattr(now, key):
            yield sentences[getattr(now, key)]
    if was.look != now.look:
        yield f"at a checkpoint {now.look} must look instead of {was.look}"
    if was.banner != now.banner:
        yield f"its banner is {now.banner}" if now.banner else "it has no banner any more"
    yield from _limits(was.limits, now.limits)
    if was.version != now.version:
        yield f"version {now.version} instead of {was.version}"


_SWITCHES = {
    "author_may_confirm": {True: "an author may confirm", False: "an author may no longer confirm"},
    "broken_now": {True: "a window is no reason to ask back", False: "a window is a reason to ask back"},
}


def _lists(policy: Policy) -> dict[str, tuple[Demand, ...]]:
    """Every list of demands by when it holds, the one that always holds first."""
    by_reason = {f" for {reason}": demands for reason, demands in policy.for_reason}
    by_remedy = {f" for a {remedy}": demands for remedy, demands in policy.for_remedy}
    return {"": policy.confirm, **by_reason, **by_remedy, " in a freeze": policy.in_freeze}


def _demands(was: Iterable[Demand], now: Iterable[Demand], when: str, directory: Directory) -> Iterator[str]:
    old, new = ({demand.team: demand for demand in each} for each in (was, now))
    teams: list[TeamId] = sorted(old.keys() | new.keys())
    for team in teams:
        name = directory.team_name(team)
        if team not in new:
            yield f"{name} need no longer confirm{when}"
        elif team not in old:
            yield f"{name} must confirm too{when}" + (f", {new[team].count} of them" if new[team].count > 1 else "")
        else:
            yield from _demand(name, old[team], new[team], when)


def _demand(name: str, was: Demand, now: Demand, when: str) -> Iterator[str]:
    if was.count != now.count:
        yield f"{name} asks for {now.count} instead of {was.count}{when}"
    if was.on_call != now.on_call:
        yield f"{name} counts {'only when on call' if now.on_call else 'on call or not'}{when}"


def _limits(was: Limits, now: Limits) -> Iterator[str]:
    for each in fields(Limits):
        old, new = getattr(was, each.name), getattr(now, each.name)
        if old != new:
            yield f"{each.name} is {in_words(new)} instead of {in_words(old)}"


def _targets(before: Loaded, after: Loaded) -> Iterator[str]:
    old, new = ({target.id: target for target in each.catalogue.targets} for each in (before, after))
    yield from _come_and_gone("target", old, new)
    for name in sorted(old.keys() & new.keys()):
        yield from (f"target {name}: {sentence}" for sentence in _target(old[name], new[name]))


def _target(was: Target, now: Target) -> Iterator[str]:
    if was.policy.profile != now.policy.profile:
        yield f"policy {now.policy.profile} instead of {was.policy.profile}"
    if was.channel != now.channel:
        yield f"channel {now.channel} instead of {was.channel}"
    if was.private_channel != now.private_channel:
        yield "another private channel"
    if set(was.sources) != set(now.sources):
        yield "other changes belong to it than before"
    old, new = ({recipe.name: recipe for recipe in each.recipes} for each in (was, now))
    yield from _come_and_gone("recipe", old, new)
    for name in sorted(old.keys() & new.keys()):
        yield from (f"recipe {name}: {sentence}" for sentence in _recipe(old[name], new[name]))


def _recipe(was: Recipe, now: Recipe) -> Iterator[str]:
    if was.executor != now.executor:
        yield f"{now.executor} instead of {was.executor}"
    if was.remedies != now.remedies:
        yield f"for {', '.join(sorted(now.remedies))} instead of {', '.join(sorted(was.remedies))}"
    if was.values != now.values:
        yield "other values than before"
    if was.proofs != now.proofs:
        yield "another proof than before"
    if len(was.steps) != len(now.steps):
        yield f"{len(now.steps)} steps instead of {len(was.steps)}"
    elif was.steps != now.steps:
        differing = [str(n) for n, (a, b) in enumerate(zip(was.steps, now.steps, strict=True), 1) if a != b]
        yield f"step {' and '.join(differing)} differs"


def _reviews(before: Settings, after: Settings) -> Iterator[str]:
    """Where changes come from, and what of them the public may hear; an address is not told, it may be private."""
    old, new = ({each.project: each for each in settings.reviews} for settings in (before, after))
    yield from _come_and_gone("repository of", old, new)
    for project in sorted(old.keys() & new.keys()):
        was, now = old[project], new[project]
        yield from (f"repository of {project}: {sentence}" for sentence in _review(was, now))
    yield from _come_and_gone("Gerrit", *([each.system for each in made.gerrit] for made in (before, after)))
    yield from _come_and_gone("Phabricator", *(_phabricators(each) for each in (before, after)))
    if _spaces(before) != _spaces(after):
        yield "the public may enter other spaces of Phabricator than before"
    if before.train != after.train:
        yield "who conducts the train is found in another way than before"
    if before.tasks.public != after.tasks.public:
        yield f"the public {_may(public=after.tasks.public)} read tasks"


def _review(was: ReviewSettings, now: ReviewSettings) -> Iterator[str]:
    if was.repository != now.repository:
        yield "another place than before"
    if was.branches != now.branches:
        yield f"branches {', '.join(now.branches)} instead of {', '.join(was.branches)}"
    if was.site != now.site:
        yield "another site than before"
    if was.public != now.public:
        yield f"the public {_may(public=now.public)} read its changes"


def _phabricators(settings: Settings) -> list[str]:
    return [settings.phabricator.conduit.system] if settings.phabricator else []


def _spaces(settings: Settings) -> frozenset[str]:
    return settings.phabricator.public_spaces if settings.phabricator else frozenset()


def _may(*, public: bool) -> str:
    return "may" if public else "may no longer"


def _come_and_gone(kind: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    was, now = set(old), set(new)
    yield from (f"{kind} {name} is gone" for name in sorted(was - now))
    yield from (f"{kind} {name} is new" for name in sorted(now - was))
