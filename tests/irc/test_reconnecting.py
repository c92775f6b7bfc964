from tocsin.irc.reconnecting import LONGEST_SECONDS, Reconnecting


def always_the_longest(bound: float) -> float:
    return bound


def test_the_first_attempt_is_made_at_once() -> None:
    assert Reconnecting(always_the_longest).wait_seconds(1000.0) == 0.0


def test_each_failure_doubles_the_wait_up_to_five_minutes() -> None:
    reconnecting = Reconnecting(always_the_longest)
    moment, waits = 0.0, []
    for _ in range(9):
        reconnecting.attempted(moment)
        reconnecting.ended(1.0)
        moment += 1.0
        waits.append(reconnecting.wait_seconds(moment))
        moment += waits[-1]
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_the_wait_is_any_time_up_to_the_bound() -> None:
    bounds: list[float] = []

    def half(bound: float) -> float:
        bounds.append(bound)
        return bound / 2

    reconnecting = Reconnecting(half)
    reconnecting.attempted(0.0)
    reconnecting.ended(1.0)
    assert reconnecting.wait_seconds(1.0) == 2.5
    assert bounds == [5.0]


def test_no_minute_sees_more_than_four_attempts_however_short_the_waits() -> None:
    reconnecting = Reconnecting(lambda _: 0.0)
    moment, attempts = 0.0, []
    for _ in range(20):
        moment += reconnecting.wait_seconds(moment)
        reconnecting.attempted(moment)
        attempts.append(moment)
        reconnecting.ended(0.1)
        moment += 0.1
    assert all(later - earlier >= 59.999 for earlier, later in zip(attempts, attempts[4:], strict=False))


def test_five_healthy_minutes_make_good_for_all_failures() -> None:
    reconnecting = Reconnecting(always_the_longest)
    for moment in range(8):
        reconnecting.attempted(moment * 1000.0)
        reconnecting.ended(1.0)
    assert reconnecting.wait_seconds(8000.0) == LONGEST_SECONDS
    reconnecting.ended(300.0)
    assert reconnecting.wait_seconds(9000.0) == 5.0
