"""Who came into a team and who left it, in sentences: the same whether a file or another system says so."""

from collections.abc import Iterator

from tocsin.domain.people import Directory, Person


def moves(was: Person, now: Person, before: Directory, after: Directory) -> Iterator[str]:
    """Yield a sentence for each team that one person left or joined."""
    yield from (f"{now.id} left {before.team_name(team)}" for team in sorted(was.teams - now.teams))
    yield from (f"{now.id} joined {after.team_name(team)}" for team in sorted(now.teams - was.teams))


def all_moves(before: Directory, after: Directory) -> tuple[str, ...]:
    """Return those of everybody who is in both directories."""
    old = {person.id: person for person in before.people}
    pairs = ((old[person.id], person) for person in after.people if person.id in old)
    return tuple(sentence for was, now in pairs for sentence in moves(was, now, before, after))
