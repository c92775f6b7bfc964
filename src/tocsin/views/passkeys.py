"""What happened to passkeys, in words: a channel hears what somebody may have to stop, and not every new device."""

from typing import assert_never

from tocsin.domain import events as e
from tocsin.views.lines import Words, quoted
from tocsin.views.phrases import ending


def is_quiet(event: e.HouseEvent) -> bool:
    """Say whether an event is none of a channel's business."""
    match event:
        case e.PasskeyEnrolled():
            return event.how is not e.Enrolment.VOUCHED
        case e.PasskeyRemoved():
            return event.replaced
        case _:
            return False


def of_passkey(event: e.PasskeyEnrolled | e.PasskeyRemoved | e.PasskeyVouched) -> Words:
    """Return what happened, with what to do where it should not have."""
    match event:
        case e.PasskeyEnrolled():
            return (f"{event.person} enrolled the passkey ", *quoted(event.name), _how(event))
        case e.PasskeyRemoved():
            return _removed(event)
        case e.PasskeyVouched():
            word = f"{event.by} vouches that {event.person} lost their passkeys: for 1 h they can enrol a new one."
            return (f"{word} Not so? !suspend {event.person} <why>. ", *ending(event.reason))
        case _:
            assert_never(event)


def _removed(event: e.PasskeyRemoved) -> Words:
    if event.replaced:
        return ("The passkey ", *quoted(event.name), f" of {event.person} ended with the new one.")
    return (f"{event.person} removed their passkey ", *quoted(event.name), ": it confirms nothing any more.")


def _how(event: e.PasskeyEnrolled) -> str:
    match event.how:
        case e.Enrolment.FIRST:
            return ", their first: the session alone vouched for them."
        case e.Enrolment.WITH_OLDER:
            return " with one that they had."
        case e.Enrolment.VOUCHED:
            away = f"Not so? !suspend {event.person} <why>"
            return f" on the word of {event.by}; the ones before it are gone. {away}"
        case _:
            assert_never(event.how)
