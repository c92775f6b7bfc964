"""What somebody should mend: told while it lasts."""

import pytest

from tests.irc.talking import SETTINGS
from tocsin.irc.events import ChannelLost, Disconnected, Echoed, Event, TopicChanged, TopicRefused, Undelivered
from tocsin.irc.troubles import Troubles

MUTED = Undelivered("#ops", "Cannot send to channel (+m).")
LOCKED = TopicRefused("#ops", "You do not have access to change the topic on this channel")
NO_LINE = "the last line of the bot did not get through to #ops (Cannot send to channel (+m)); give it a voice there"


@pytest.fixture
def troubles() -> Troubles:
    return Troubles(SETTINGS, str.casefold, lambda nick: nick == "tocsin")


def test_at_first_there_is_none(troubles: Troubles) -> None:
    assert troubles.sentences() == ()


def test_each_is_told_with_what_to_do(troubles: Troubles) -> None:
    troubles.heard(MUTED)
    troubles.heard(LOCKED)
    no_line, no_topic = troubles.sentences()
    assert no_line == NO_LINE
    assert no_topic.startswith("the bot may not set the topic of #ops; it takes the rights of an operator")


def test_a_person_who_is_not_there_is_no_trouble(troubles: Troubles) -> None:
    troubles.heard(Undelivered("ada", "No such nick"))
    assert troubles.sentences() == ()


@pytest.mark.parametrize(("event", "left"), [
    (Echoed("#OPS", "E1", "E1", intact=True), 1),
    (TopicChanged("#Ops", "E1 asked", "tocsin"), 1),
    (TopicChanged("#ops", "up", "ada"), 2),
    (TopicChanged("#ops", "up", None), 2),
    (ChannelLost("#ops", "ada kicked the bot: out"), 0),
    (ChannelLost("#other", "ada kicked the bot: out"), 2),
    (Disconnected("the server fell silent"), 0),
])  # fmt: skip
def test_it_ends_when_the_network_shows_that_it_is_over(troubles: Troubles, event: Event, left: int) -> None:
    troubles.heard(MUTED)
    troubles.heard(LOCKED)
    troubles.heard(event)
    assert len(troubles.sentences()) == left


def test_what_the_server_says_is_shown_without_its_controls(troubles: Troubles) -> None:
    troubles.heard(Undelivered("#ops", "Cannot\x02 send"))
    assert "\x02" not in troubles.sentences()[0]
