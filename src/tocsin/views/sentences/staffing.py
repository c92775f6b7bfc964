"""Sentences about who takes part: more and fewer teams, the deployer, who is here."""

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.views.lines import Said
from tocsin.views.phrases import ending


def needed(event: e.TeamNeeded, request: Request) -> Said:
    """A specialist team must confirm as well."""
    return Said((f"{event.person} asks for the yes of {request.roster.name(event.team)} too.",))


def waiver_supported(event: e.WaiverSupported, request: Request) -> Said:
    """One confirmer would do without a team."""
    return Said((f"{event.person} would do without {request.roster.name(event.team)}: ", *ending(event.reason)))


def waived(event: e.TeamWaived, request: Request) -> Said:
    """A team need not confirm any more."""
    return Said((f"{request.roster.name(event.team)} did not answer and need not confirm; it is informed.",))


def taken(event: e.DeployerTaken) -> Said:
    """Somebody became the deployer."""
    instead = f" instead of {event.before}" if event.before else ""
    return Said((f"{event.person} is the deployer{instead}.",))


def here(event: e.PresenceShown) -> Said:
    """Somebody said that they are here."""
    return Said((f"{event.person} is here.",))
