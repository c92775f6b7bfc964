"""How much of one person's talk is answered."""

from datetime import UTC, datetime, timedelta

from tocsin.irc.patience import ANSWERS, PEOPLE, WITHIN, Left, Patience

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def spent(nick: str = "ada") -> Patience:
    patience = Patience()
    assert [patience.left(nick, NOW) for _ in range(ANSWERS)] == [Left.ENOUGH] * ANSWERS
    return patience


def test_after_the_last_answer_one_sentence_says_so_and_then_nothing_does() -> None:
    patience = spent()
    assert [patience.left("ada", NOW) for _ in range(3)] == [Left.LAST, Left.NONE, Left.NONE]


def test_patience_comes_back_with_time() -> None:
    assert spent().left("ada", NOW + WITHIN + timedelta(seconds=1)) is Left.ENOUGH


def test_one_nicks_flood_costs_nobody_else_anything() -> None:
    assert spent("mallory").left("ada", NOW) is Left.ENOUGH


def test_only_so_many_nicks_are_remembered() -> None:
    patience = spent()
    for number in range(PEOPLE):
        patience.left(f"nick{number}", NOW)
    assert patience.left("ada", NOW) is Left.ENOUGH
