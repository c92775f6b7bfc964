"""Who counts nowhere, and who counts again, in words: each line says what to do next, and what it takes."""

from typing import assert_never

from tocsin.domain import events as e
from tocsin.views.lines import Words
from tocsin.views.phrases import ending, listed


def of_suspension(event: e.PersonSuspended | e.RestoreSupported | e.PersonRestored) -> Words:
    """Return what happened to somebody's account."""
    match event:
        case e.PersonSuspended() if event.person == event.by:
            return (
                f"{event.person} suspended their own account: their yes counts nowhere, until !restore {event.person}",
            )
        case e.PersonSuspended():
            undo = f"; two others restore it: !restore {event.person}. "
            return (f"{event.person} is suspended by {event.by} and counts nowhere{undo}", *ending(event.reason))
        case e.RestoreSupported() if event.person == event.by:
            return (_by_the_owner(event),)
        case e.RestoreSupported():
            return (f"{event.by} would restore {event.person}; one more member says it too: !restore {event.person}",)
        case e.PersonRestored():
            names = ("their own passkey" if each == event.person else each for each in event.by)
            return (f"{event.person} is restored by {listed(names)} and counts again.",)
        case _:
            assert_never(event)


def _by_the_owner(event: e.RestoreSupported) -> str:
    """Since when they have the passkey tells whether a thief could have enrolled it."""
    theirs = f" (theirs since {event.passkey_since:%Y-%m-%d %H:%M} UTC)" if event.passkey_since else ""
    return (
        f"{event.person} says with a passkey{theirs} that the account is theirs again. Speak with them: for 1 h one"
        f" member, not who suspended them, restores it: !restore {event.person}"
    )
