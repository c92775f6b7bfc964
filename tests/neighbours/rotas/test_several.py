"""Several rotas as one: which decides for a team, and what is believed of one that has fallen silent."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import Directory, OnCall, Person, PersonId, TeamId
from tocsin.neighbours.rotas import several as rotas
from tocsin.neighbours.rotas.building import several_rotas
from tocsin.neighbours.rotas.several import BELIEVED, FRESH, RotaSource, SeveralRotas
from tocsin.neighbours.rotas.sources import TopicSettings
from tocsin.neighbours.rotas.written import ConfiguredRota, RotaSettings, Shift
from tocsin.service.ports import Rota

SRE, RELENG = TeamId("sre"), TeamId("releng")
BO, MO, CY, KIM, REI = (PersonId(name) for name in ("bo-sre", "mo-sre", "cy-sre", "kim-releng", "rei-releng"))
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Told:
    """A rota that says what it is told to, or nothing."""

    def __init__(self, answer: OnCall | None, seconds: float = 0.0) -> None:
        self.answer = answer
        self.asked: list[datetime] = []
        self._seconds = seconds

    async def on_call(self, now: datetime) -> OnCall:
        self.asked.append(now)
        await asyncio.sleep(self._seconds)
        if self.answer is None:
            raise Unreachable("it", "did not answer")
        return self.answer


def shift(team: TeamId, *people: PersonId, backups: tuple[PersonId, ...] = ()) -> OnCall:
    return OnCall(((team, people),), ((team, backups),) if backups else ())


def source(rota: Rota, team: TeamId = SRE, fresh: timedelta = timedelta(), *, conducts: bool = False) -> RotaSource:
    return RotaSource(rota, "a system", frozenset({team}), conducts, fresh)


async def asked(*sources: RotaSource, at: datetime = NOW) -> OnCall:
    return await SeveralRotas(sources).on_call(at)


# --- which decides ----------------------------------------------------------------------------------------------------


async def test_without_any_nobody_is_on_call_and_nothing_is_unknown() -> None:
    assert await asked() == OnCall()


async def test_for_a_team_the_first_that_was_written_down_decides() -> None:
    told = await asked(source(Told(shift(SRE, BO, backups=(CY,)))), source(Told(shift(SRE, MO, backups=(BO,)))))
    assert told == OnCall(((SRE, (BO,)),), ((SRE, (CY,)),))


async def test_each_team_has_its_own_first() -> None:
    told = await asked(source(Told(shift(SRE, BO))), source(Told(shift(RELENG, KIM)), RELENG))
    assert (told.of(SRE), told.of(RELENG), told.unknown) == ((BO,), (KIM,), frozenset())


async def test_where_the_first_names_nobody_any_member_counts_and_whom_the_next_names_is_asked_first() -> None:
    told = await asked(source(Told(OnCall(unknown=frozenset({SRE})))), source(Told(shift(SRE, MO))))
    assert (told.of(SRE), told.unknown) == ((MO,), frozenset({SRE}))


async def test_where_the_first_is_silent_any_member_counts_and_it_is_named() -> None:
    told = await asked(source(Told(None)), source(Told(shift(SRE, MO))))
    assert (told.of(SRE), told.unknown, told.silent) == ((MO,), frozenset({SRE}), ("a system",))


async def test_one_that_is_silent_behind_the_one_that_decides_takes_nothing_away() -> None:
    told = await asked(source(Told(shift(SRE, BO))), source(Told(None)))
    assert (told.of(SRE), told.unknown) == ((BO,), frozenset())


async def test_who_conducts_the_train_is_asked_before_the_shift_of_their_team() -> None:
    train = source(Told(shift(RELENG, REI, backups=(KIM,))), RELENG, conducts=True)
    told = await asked(source(Told(shift(RELENG, KIM)), RELENG), train)
    assert (told.of(RELENG), told.backup(RELENG)) == ((REI, KIM), ())


async def test_a_train_that_is_silent_takes_nothing_from_a_shift_that_is_known() -> None:
    told = await asked(source(Told(None), RELENG, conducts=True), source(Told(shift(RELENG, KIM)), RELENG))
    assert (told.of(RELENG), told.unknown) == ((KIM,), frozenset())


async def test_a_team_that_has_a_train_alone_is_not_known_while_that_is_silent() -> None:
    assert (await asked(source(Told(None), RELENG, conducts=True))).unknown == {RELENG}
    assert (await asked(source(Told(OnCall()), RELENG, conducts=True))).unknown == frozenset()


SHIFTS = (Shift(SRE, (BO,), (MO,)), Shift(RELENG, (KIM,), (), NOW, NOW + timedelta(weeks=1)))
CONDUCTORS = (Shift(RELENG, (REI,), (KIM,)),)


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(weeks=1)])
async def test_a_file_alone_says_what_it_says(at: datetime) -> None:
    settings = RotaSettings(SHIFTS, CONDUCTORS)
    alone, told = await ConfiguredRota(settings).on_call(at), await several_rotas(settings, Directory(), no).on_call(at)
    for team in (SRE, RELENG):
        assert (told.of(team), told.backup(team)) == (alone.of(team), alone.backup(team))
    assert told.unknown == alone.unknown


def no(channel: str) -> None:
    return None


async def test_a_topic_decides_only_where_nothing_else_is_written_down() -> None:
    directory = Directory((Person(CY, frozenset({SRE, RELENG}), nicks=("cy",)),))
    topics = tuple(TopicSettings(team, "#ops") for team in (SRE, RELENG))
    told = await several_rotas(RotaSettings(SHIFTS[:1], (), topics), directory, lambda _: "on call: cy").on_call(NOW)
    assert (told.of(SRE), told.of(RELENG), told.unknown) == ((BO,), (CY,), frozenset())


# --- what is believed of a silent one ---------------------------------------------------------------------------------


async def test_the_last_answer_is_believed_for_an_hour_then_any_member_counts_until_it_answers_again() -> None:
    system = Told(shift(SRE, BO))
    several = SeveralRotas([source(system)])
    with capture_logs() as said:
        await several.on_call(NOW)
        system.answer = None
        for after in (SECOND, BELIEVED - SECOND):
            told = await several.on_call(NOW + after)
            assert (told.of(SRE), told.unknown, told.silent) == ((BO,), frozenset(), ())
        for after in (BELIEVED, BELIEVED + SECOND):
            told = await several.on_call(NOW + after)
            assert (told.of(SRE), told.unknown, told.silent) == ((), frozenset({SRE}), ("a system",))
        system.answer = shift(SRE, MO)
        assert await several.on_call(NOW + 2 * BELIEVED) == shift(SRE, MO)
    assert [each["event"] for each in said] == [
        "who is on call is not told",
        "who is on call is not known: any member counts",
        "who is on call is told again",
    ]


async def test_an_answer_is_fresh_for_a_while_so_that_no_limit_is_reached() -> None:
    system = Told(shift(SRE, BO))
    several = SeveralRotas([source(system, fresh=FRESH)])
    for after in (timedelta(), FRESH - SECOND, FRESH):
        assert (await several.on_call(NOW + after)).of(SRE) == (BO,)
    assert system.asked == [NOW, NOW + FRESH]


def test_answers_are_kept_shorter_than_they_are_asked_for() -> None:
    assert timedelta(seconds=10) <= FRESH < timedelta(seconds=30)


async def test_one_that_takes_too_long_is_given_up_and_the_others_are_not_kept_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotas, "SECONDS", 0.05)
    began = asyncio.get_running_loop().time()
    told = await asked(
        source(Told(shift(SRE, BO), 5)), source(Told(shift(SRE, BO), 5), RELENG), source(Told(shift(SRE, MO)))
    )
    assert asyncio.get_running_loop().time() - began < 2
    assert (told.of(SRE), told.unknown) == ((MO,), frozenset({SRE, RELENG}))
