"""Sentences about confirmations: given, gone, enough, and no longer enough."""

from tocsin.domain import events as e
from tocsin.domain.request import Request
from tocsin.views.counting import quorum_of
from tocsin.views.lines import Said, harmless
from tocsin.views.phrases import counted_for, ending


def given(event: e.ConfirmationGiven, request: Request) -> Said:
    """One person's yes, and the team for which it counts."""
    team = quorum_of(request).team_of(event.person)
    remark = f" ({harmless(event.remark)})" if event.remark else ""
    if team:
        return Said((f"{event.person} confirms for {request.roster.name(team)}{remark}.",))
    named = request.roster.named(sorted(event.teams))
    return Said((f"{event.person} confirms too, for {named}, which has its yes.",))


def taken_back(event: e.ConfirmationTakenBack) -> Said:
    """Somebody took their yes back."""
    return Said((f"{event.person} takes their yes back.",))


def voided(event: e.ConfirmationVoided) -> Said:
    """A yes counts no longer."""
    return Said((f"the yes of {event.person} counts no longer: ", *ending(event.why)), calls=(event.person,))


def ready(event: e.BecameReady, request: Request) -> Said:
    """The quorum is met and nothing holds."""
    return Said((f"is confirmed by {counted_for(request, event.counted)}",), is_of=True)


def no_longer_ready(event: e.NoLongerReady) -> Said:
    """Something of what made it ready is gone."""
    return Said(("is no longer ready: ", *ending(event.why)), is_of=True)
