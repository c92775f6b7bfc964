"""Signs of life on IRC: a verified line begins presence, leaving ends it, being joined is none."""

from datetime import UTC, datetime, timedelta

from tocsin.domain.people import PersonId
from tocsin.irc.events import AccountChanged, Departed, Departure, WentAway
from tocsin.irc.presence import IrcPresence

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
BO = PersonId("bo-sre")


class Room:
    """One person who may be there by another connection too."""

    def __init__(self) -> None:
        self.still_here = False
        self.presence = IrcPresence(lambda account: BO if account == "bo" else None, lambda person: self.still_here)

    def leaves(self, account: str | None = "bo") -> None:
        self.presence.left(Departed("bo", account, None, Departure.QUIT), NOW + timedelta(minutes=1))

    @property
    def gone_since(self) -> datetime | None:
        return self.presence.presence().gone_since(BO)


def test_nobody_is_seen_before_anything_was_said() -> None:
    assert Room().presence.presence().seen == ()


def test_a_verified_line_shows_a_person() -> None:
    room = Room()
    room.presence.spoke(BO, NOW)
    assert room.presence.presence().seen_at(BO) == NOW


def test_a_line_that_was_read_late_takes_back_no_later_one() -> None:
    room = Room()
    room.presence.spoke(BO, NOW + timedelta(minutes=1))
    room.presence.spoke(BO, NOW)
    assert room.presence.presence().seen_at(BO) == NOW + timedelta(minutes=1)


def test_whoever_leaves_is_gone_from_then_on() -> None:
    room = Room()
    room.presence.spoke(BO, NOW)
    room.leaves()
    room.presence.left(Departed("bo", "bo", "#ops", Departure.PART), NOW + timedelta(minutes=5))
    assert room.gone_since == NOW + timedelta(minutes=1)


def test_whoever_is_there_by_another_connection_is_not_gone() -> None:
    room = Room()
    room.still_here = True
    room.leaves()
    assert room.gone_since is None


def test_whoever_signs_out_is_gone() -> None:
    room = Room()
    room.presence.left(AccountChanged("bo", "bo", None), NOW)
    assert room.gone_since == NOW


def test_whoever_speaks_again_is_back() -> None:
    room = Room()
    room.leaves()
    room.presence.spoke(BO, NOW + timedelta(minutes=2))
    assert room.gone_since is None


def test_a_stranger_who_leaves_takes_nobody_along() -> None:
    room = Room()
    room.leaves(account=None)
    room.leaves(account="mallory")
    assert room.presence.presence().gone == ()


def test_after_a_split_nobody_who_was_seen_is_known_to_be_here() -> None:
    room = Room()
    room.presence.spoke(BO, NOW)
    room.presence.all_unsure(NOW + timedelta(seconds=1))
    assert room.gone_since == NOW + timedelta(seconds=1)


def test_whoever_goes_away_is_gone_unless_another_connection_is_attended() -> None:
    room = Room()
    room.presence.spoke(BO, NOW)
    room.still_here = True
    room.presence.left(WentAway("bo-phone", "bo"), NOW)
    assert room.gone_since is None
    room.still_here = False
    room.presence.left(WentAway("bo", "bo"), NOW)
    assert room.gone_since == NOW


def test_whoever_left_before_their_line_was_read_stays_gone() -> None:
    room = Room()
    room.leaves()
    room.presence.spoke(BO, NOW)
    assert room.gone_since == NOW + timedelta(minutes=1)


def test_thrown_out_of_a_channel_the_bot_knows_only_those_whom_it_sees_elsewhere() -> None:
    room = Room()
    room.presence.spoke(BO, NOW)
    room.still_here = True
    room.presence.lost_sight(NOW)
    assert room.gone_since is None
    room.still_here = False
    room.presence.lost_sight(NOW)
    assert room.gone_since == NOW
