"""Windows, freezes and shifts are read in UTC or with their zone, and every fault is told on its line."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.config.folders import Folder
from tocsin.domain.people import PersonId, TeamId
from tocsin.neighbours.calendars.written import CalendarSettings, DatedFreeze, DatedWindow, NoDeployDays, WeeklyWindow
from tocsin.neighbours.rotas.written import RotaSettings, Shift

WEEKLY = '[[weekly]]\nname = "w"\n'
DATED = '[[freeze]]\nname = "f"\n'
SHIFT = '[[shift]]\nteam = "sre"\n'


def test_a_calendar_is_read_with_everything(folder: Folder) -> None:
    folder.write(
        "calendar.toml",
        """timezone = "Europe/Berlin"
[[weekly]]
name = "late"
days = ["mon", "sun"]
start = 21:30:00
length = "2 h"
[[window]]
name = "once"
starts = 2026-12-01T10:00:00+01:00
ends = 2026-12-01T11:00:00+01:00
[[freeze]]
name = "holidays"
starts = 2026-12-21T00:00:00Z
ends = 2027-01-04T00:00:00Z
why = "few people"
[no_deploy]
days = ["sat"]
why = "rest"
""",
    )
    december = datetime(2026, 12, 1, 9, tzinfo=UTC)
    holidays = DatedFreeze(
        "holidays", datetime(2026, 12, 21, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC), "few people"
    )
    assert folder.load().calendar == CalendarSettings(
        weekly=(WeeklyWindow("late", frozenset({0, 6}), time(21, 30), timedelta(hours=2), "Europe/Berlin"),),
        windows=(DatedWindow("once", december, december + timedelta(hours=1)),),
        freezes=(holidays,),
        no_deploy=NoDeployDays(frozenset({5}), "Europe/Berlin", "rest"),
    )


def test_without_a_calendar_or_a_rota_there_are_none(folder: Folder) -> None:
    for file in ("calendar.toml", "rota.toml"):
        (folder.path / file).unlink()
    assert (folder.load().calendar, folder.load().rota) == (CalendarSettings(), RotaSettings())


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('timezone = "Europe/Berlni"\n', 1, "timezone 'Europe/Berlni' is no time zone: did you mean Europe/Berlin?"),
        ('timezone = "Europe"\n', 1, "timezone 'Europe' is no time zone: did you mean"),
        ('timezone = "../etc/passwd"\n', 1, "timezone '../etc/passwd' is no time zone: did you mean"),
        (
            f'{WEEKLY}days = ["mo"]\nstart = "08:00"\nlength = "1 h"\n',
            3,
            "entry 1 of days: 'mo' is not one of mon, tue, wed, thu, fri, sat, sun.",
        ),
        (
            f'{WEEKLY}days = []\nstart = "08:00"\nlength = "1 h"\n',
            3,
            "days is an empty list: name some of mon, tue, wed, thu, fri, sat, sun.",
        ),
        (
            f'{WEEKLY}days = ["mon"]\nlength = "1 h"\nstart = "8"\n',
            5,
            "start is a time of day such as \"13:00\", not '8'.",
        ),
        (
            f'{WEEKLY}days = ["mon"]\nlength = "25 h"\nstart = "08:00"\n',
            1,
            "entry 1 of weekly is open for 1 day 1 h: a window of every week lasts a day at most.",
        ),
        (
            f"{DATED}ends = 2026-12-02T00:00:00Z\nstarts = 2026-12-01T00:00:00\n",
            4,
            "starts does not say where: write 2026-12-01T00:00:00Z for UTC, or an offset such as +01:00.",
        ),
        (
            f'{DATED}ends = 2026-12-02T00:00:00Z\nstarts = "tomorrow"\n',
            4,
            "starts is a date and time such as 2026-12-24T08:00:00Z, without quotes, not a text.",
        ),
        (
            f"{DATED}ends = 2026-12-01T00:00:00Z\nstarts = 2026-12-01T00:00:00Z\n",
            1,
            "entry 1 of freeze ends before it starts: put the two in order.",
        ),
        (
            f"{DATED}ends = 2026-12-01T00:00:00Z\n",
            1,
            "starts is missing: When it begins, such as 2026-12-21T00:00:00Z.",
        ),
    ],
)
def test_a_faulty_calendar_is_an_error_on_its_line(folder: Folder, text: str, line: int, sentence: str) -> None:
    folder.write("calendar.toml", text)
    [problem] = folder.problems()
    assert problem.startswith(f"calendar.toml:{line}: {sentence}")


def test_a_rota_is_read_with_everything(folder: Folder) -> None:
    folder.write(
        "rota.toml",
        f'{SHIFT}people = ["mo-sre"]\nbackups = ["bo-sre"]\n'
        f'starts = 2026-11-23T09:00:00+01:00\nends = 2026-11-30T08:00:00Z\n{SHIFT}people = ["bo-sre"]\n',
    )
    sre, bo, mo = TeamId("sre"), PersonId("bo-sre"), PersonId("mo-sre")
    starts, ends = datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert folder.load().rota.shifts == (Shift(sre, (mo,), (bo,), starts, ends), Shift(sre, (bo,)))


def test_who_conducts_the_train_is_read_like_a_shift(folder: Folder) -> None:
    folder.write(
        "rota.toml",
        '[[conductor]]\nteam = "release-engineering"\npeople = ["kim-releng"]\nbackups = ["rei-releng"]\n',
    )
    releng, kim, rei = TeamId("release-engineering"), PersonId("kim-releng"), PersonId("rei-releng")
    assert folder.load().rota == RotaSettings((), (Shift(releng, (kim,), (rei,)),))


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (f'{SHIFT}people = ["bo-sr"]\n', 3, "There is no person bo-sr: did you mean bo-sre?"),
        (f"{SHIFT}people = []\n", 3, "people is an empty list: name a person of directory.toml."),
        (
            f'{SHIFT}people = ["lin"]\n',
            3,
            "lin is not in sre: being on call makes nobody a member of a team.",
        ),
        ('[[shift]]\npeople = ["bo-sre"]\nteam = "sr"\n', 3, "There is no team sr: did you mean sre?"),
        (
            f'{SHIFT}people = ["bo-sre"]\nstarts = 2026-12-01T00:00:00Z\n',
            1,
            "entry 1 of shift has starts or ends alone: write both, or none for a shift at all times.",
        ),
        (
            f'{SHIFT}people = ["bo-sre"]\nstarts = 2026-12-01T00:00:00Z\nends = 2026-11-01T00:00:00Z\n',
            1,
            "entry 1 of shift ends before it starts: put the two in order.",
        ),
        (
            '[[conductor]]\npeople = ["kim-relen"]\nteam = "release-engineering"\n',
            2,
            "There is no person kim-relen: did you mean kim-releng?",
        ),
        (
            '[[conductor]]\npeople = ["kim-releng"]\nteam = "sre"\n',
            2,
            "kim-releng is not in sre: being on call makes nobody a member of a team.",
        ),
    ],
)
def test_a_faulty_rota_is_an_error_on_its_line(folder: Folder, text: str, line: int, sentence: str) -> None:
    folder.write("rota.toml", text)
    assert folder.problems() == [f"rota.toml:{line}: {sentence}"]


def test_the_faults_of_shifts_and_conductors_are_told_at_once_each_on_its_line(folder: Folder) -> None:
    conductor = '[[conductor]]\nteam = "sre"\n'
    folder.write("rota.toml", f'{SHIFT}people = []\n{SHIFT}people = ["zoe"]\n{conductor}{conductor}people = ["zo"]\n')
    known = "known are ada, bo-sre, mo-sre, kim-releng, rei-releng, sam-sec, lin."
    assert folder.problems() == [
        "rota.toml:3: people is an empty list: name a person of directory.toml.",
        f"rota.toml:6: There is no person zoe: {known}",
        "rota.toml:7: people is missing: Who is asked, best first.",
        f"rota.toml:11: There is no person zo: {known}",
    ]


def test_a_policy_for_who_is_on_call_without_a_shift_is_a_warning(folder: Folder) -> None:
    folder.change("targets/website.toml", 'policy = "both"', 'policy = "sre-oncall"')
    assert folder.warnings() == []
    folder.write("rota.toml", "")
    line = folder.line("targets/website.toml", "policy =")
    sentence = "Only who is on call should confirm for SRE, and rota.toml has neither a shift nor a source of it."
    assert folder.warnings() == [f"targets/website.toml:{line}: {sentence}"]
