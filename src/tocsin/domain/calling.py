"""Whom a request calls when it opens: of each team a few, and those first of whom somebody knows that they are near."""

from datetime import datetime

from tocsin.domain.people import PersonId, Roster, TeamId
from tocsin.domain.policy import Demand, Policy
from tocsin.domain.situation import Situation
from tocsin.domain.wish import Wish


def called(
    policy: Policy, wish: Wish, roster: Roster, situation: Situation
) -> tuple[tuple[TeamId, tuple[PersonId, ...]], ...]:
    """Name the few to be asked for each team: who is on call, else who was seen here last, else anybody."""
    demands = policy.demands(wish.reason, wish.remedy, frozen=situation.calendar.freeze_at(situation.now) is not None)
    since = situation.now - policy.limits.presence
    return tuple((demand.team, _few(demand, roster, situation, since)) for demand in demands)


def _few(demand: Demand, roster: Roster, situation: Situation, since: datetime) -> tuple[PersonId, ...]:
    """Of several on call those come first who were seen just now, then those who are in the channel at least."""
    free = [person for person in roster.of(demand.team) if person != situation.person]
    shift = [person for person in situation.on_call.of(demand.team) if person in free]
    presence = situation.presence
    on_call = sorted(shift, key=lambda person: (not presence.shows(person, since), person not in presence.joined))
    seen = sorted(
        (p for p in free if situation.presence.seen_at(p)), key=lambda p: _seen_key(situation, p), reverse=True
    )
    ranked = dict.fromkeys([*on_call, *seen, *sorted(free)])
    return tuple(ranked)[: max(demand.count, len(on_call[:2]), 1)]


def _seen_key(situation: Situation, person: PersonId) -> tuple[str, str]:
    seen = situation.presence.seen_at(person)
    return (seen.isoformat() if seen else "", person)
