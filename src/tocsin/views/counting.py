"""Who counts and who is missing, worked out from a request's own data where nobody looked anything up.

The roster of the opening stands in for the directory: what is said then may be older than what the rules would say now,
and never lets anything happen.
"""

from dataclasses import replace
from datetime import datetime

from tocsin.domain.people import SYSTEM, Directory, Person, PersonId, Speaker, Surface, Team
from tocsin.domain.quorum import Quorum, Voice
from tocsin.domain.request import Request
from tocsin.domain.schedule import Calendar
from tocsin.domain.situation import Situation
from tocsin.domain.standing import places

ITSELF = Speaker(SYSTEM, Surface.TOCSIN)


def situation_of(request: Request, at: datetime, known: Situation | None) -> Situation:
    """Return what is known of a moment: what was looked up, or else what the request itself remembers."""
    if known:
        return replace(known, now=at, speaker=ITSELF)
    roster = request.roster
    everybody = {person for _, people in roster.members for person in people} | roster.deployers
    people = tuple(_person(request, person) for person in sorted(everybody))
    teams = tuple(Team(team, name) for team, name in roster.names)
    return Situation(at, ITSELF, Directory(people, teams), calendar=Calendar(known=False))


def quorum_of(request: Request) -> Quorum:
    """Count the confirmations that stand, for the teams for which they were given."""
    voices = (Voice(each.person, each.teams, each.on_call_for) for each in request.confirmations)
    return Quorum.of(places(request), voices)


def _person(request: Request, person: PersonId) -> Person:
    teams = frozenset(team for team, people in request.roster.members if person in people)
    deploys = frozenset({request.target}) if request.target and person in request.roster.deployers else frozenset()
    return Person(person, teams, deploys, nicks=(person,))
