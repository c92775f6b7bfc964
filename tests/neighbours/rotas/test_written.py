"""The rota of a file: of each team its conductor first, then the first shift that holds; a gap is not known."""

from datetime import UTC, datetime, timedelta

from tocsin.domain.people import OnCall, PersonId, TeamId
from tocsin.neighbours.rotas.written import ConfiguredRota, RotaSettings, Shift

SRE, RELENG = TeamId("sre"), TeamId("release-engineering")
NOW, WEEK = datetime(2026, 11, 24, 2, 0, tzinfo=UTC), timedelta(weeks=1)
BO, MO, KIM, REI = (PersonId(name) for name in ("bo-sre", "mo-sre", "kim-releng", "rei-releng"))


async def asked(*shifts: Shift, conductors: tuple[Shift, ...] = (), at: datetime = NOW) -> OnCall:
    return await ConfiguredRota(RotaSettings(shifts, conductors)).on_call(at)


async def test_without_a_rota_nobody_is_on_call_and_nothing_is_unknown() -> None:
    assert await asked() == OnCall()


async def test_a_shift_without_times_holds_always() -> None:
    shifts = await asked(Shift(SRE, (BO,), (MO,)))
    assert (shifts.of(SRE), shifts.backup(SRE), shifts.unknown) == ((BO,), (MO,), frozenset())


async def test_of_two_shifts_at_one_time_the_first_counts() -> None:
    assert (await asked(Shift(SRE, (BO,)), Shift(SRE, (MO,)))).of(SRE) == (BO,)


async def test_a_shift_includes_its_start_and_not_its_end_and_a_gap_is_not_known() -> None:
    shift = Shift(SRE, (BO,), (), NOW, NOW + WEEK)
    assert (await asked(shift)).of(SRE) == (BO,)
    for outside in (NOW - timedelta(seconds=1), NOW + WEEK):
        there = await asked(shift, at=outside)
        assert (there.of(SRE), there.unknown) == ((), frozenset({SRE}))


async def test_one_shift_follows_the_other_without_a_gap() -> None:
    week, next_week = Shift(SRE, (BO,), (), NOW, NOW + WEEK), Shift(SRE, (MO,), (), NOW + WEEK, NOW + 2 * WEEK)
    assert (await asked(week, next_week, at=NOW + WEEK)).of(SRE) == (MO,)


async def test_who_conducts_the_train_is_asked_first_for_their_team_and_its_shift_after_them() -> None:
    shifts = await asked(Shift(RELENG, (KIM,)), conductors=(Shift(RELENG, (REI,), (KIM,)),))
    assert (shifts.of(RELENG), shifts.backup(RELENG)) == ((REI, KIM), ())


async def test_a_conductor_serves_a_team_without_a_shift_with_a_backup() -> None:
    shifts = await asked(Shift(SRE, (BO,)), conductors=(Shift(RELENG, (KIM,), (REI,), NOW, NOW + WEEK),))
    assert (shifts.of(RELENG), shifts.backup(RELENG)) == ((KIM,), (REI,))
    assert shifts.of(SRE) == (BO,)


async def test_nobody_is_named_twice() -> None:
    shifts = await asked(Shift(RELENG, (KIM, REI), (REI,)), conductors=(Shift(RELENG, (REI,), (KIM, REI)),))
    assert (shifts.of(RELENG), shifts.backup(RELENG)) == ((REI, KIM), ())


async def test_a_week_without_a_train_is_no_gap_in_the_rota() -> None:
    train = Shift(RELENG, (KIM,), (), NOW, NOW + WEEK)
    assert await asked(conductors=(train,), at=NOW + WEEK) == OnCall()


async def test_a_conductor_does_not_hide_a_gap_in_the_shifts_of_their_team() -> None:
    past = Shift(RELENG, (REI,), (), NOW - WEEK, NOW)
    shifts = await asked(past, conductors=(Shift(RELENG, (KIM,)),))
    assert (shifts.of(RELENG), shifts.unknown) == ((KIM,), frozenset({RELENG}))
