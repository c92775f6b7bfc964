"""Events of changes, printed by a real program: heard line by line, bounded, begun again, and ended with us."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.service.world import until
from tocsin.neighbours.asking.running import GRACE_SECONDS
from tocsin.neighbours.reviews.gerrit import GerritSettings
from tocsin.neighbours.reviews.gerrit_events import LONGEST_LINE_BYTES, GerritEvents, changed_by, listening

WAIT = 0.05
STAY = "import time; time.sleep(300)"


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-u", "-c", code)


def event(number: object, kind: str = "patchset-created") -> str:
    return json.dumps({"type": kind, "change": {"number": number}})


@asynccontextmanager
async def followed(code: str, tell: Callable[[int], None]) -> AsyncIterator[GerritEvents]:
    """Follow a program for as long as the block lasts."""
    events = GerritEvents("gerrit.example.org", python(code), WAIT)
    running = asyncio.create_task(events.run(tell))
    try:
        yield events
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.wait([running])


async def heard(code: str, count: int) -> list[int]:
    """Return the first numbers that a program tells."""
    told: list[int] = []
    async with followed(code, told.append):
        await until(lambda: len(told) >= count)
    return told


# --- what is heard ----------------------------------------------------------------------------------------------------


async def test_the_number_of_each_change_is_told_in_order() -> None:
    assert await heard(f"print('''{event(7)}\n{event(8)}'''); {STAY}", 2) == [7, 8]


@pytest.mark.parametrize(
    "kind",
    [
        "patchset-created",
        "change-merged",
        "change-abandoned",
        "change-restored",
        "change-deleted",
        "comment-added",
        "private-state-changed",
        "wip-state-changed",
    ],
)
def test_what_may_change_what_was_shown_is_told(kind: str) -> None:
    assert changed_by(json.loads(event(7, kind))) == 7


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"type": "ref-updated", "refUpdate": {}},
        {"type": "topic-changed", "change": {"number": 7}},
        {"type": ["patchset-created"], "change": {"number": 7}},
        {"type": "patchset-created"},
        {"type": "patchset-created", "change": [7]},
        {"type": "patchset-created", "change": {}},
        {"type": "patchset-created", "change": {"number": 0}},
        {"type": "patchset-created", "change": {"number": -7}},
        {"type": "patchset-created", "change": {"number": 7.5}},
        {"type": "patchset-created", "change": {"number": 10**12}},
        {"type": "patchset-created", "change": {"number": "9" * 5000}},
        {"type": "patchset-created", "change": {"number": "seven"}},
    ],
)
def test_whatever_else_is_printed_tells_of_no_change(told: dict[str, object]) -> None:
    assert changed_by(told) is None


def test_a_number_may_be_written_as_text() -> None:
    assert changed_by(json.loads(event("1234"))) == 1234


async def test_a_line_that_is_no_event_is_counted_and_passed_over() -> None:
    told: list[int] = []
    junk = "print('welcome'); print('[1]'); print('{' * 100_000); print(b'\\xff\\xfe');"
    async with followed(f"{junk} print('{event(7)}'); {STAY}", told.append) as events:
        await until(lambda: told)
        assert events.unread == 4
    assert told == [7]


async def test_a_line_without_end_is_dropped_and_the_next_one_heard() -> None:
    told: list[int] = []
    long = f"sys.stdout.write('x' * {3 * LONGEST_LINE_BYTES} + '\\n');"
    async with followed(f"import sys; {long} print('{event(7)}'); {STAY}", told.append) as events:
        await until(lambda: told)
        assert events.unread == 1
    assert told == [7]


async def test_a_line_is_heard_when_its_end_comes() -> None:
    half, rest = event(7)[:10], event(7)[10:]
    code = f"import sys, time; sys.stdout.write('{half}'); time.sleep(0.3); print('{rest}'); {STAY}"
    assert await heard(code, 1) == [7]


# --- how it goes on, and ends -----------------------------------------------------------------------------------------


async def test_a_command_that_ends_is_started_again(tmp_path: Path) -> None:
    assert await heard(f"print('{event(7)}')", 3) == [7, 7, 7]


async def test_it_waits_longer_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    running = asyncio.create_task(GerritEvents("gerrit.example.org", ("/no/such/program",), 1.0).run(print))
    while len(waited) < 9:
        await real(0.01)
    running.cancel()
    bounds = [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert all(bound / 2 <= seconds <= bound for seconds, bound in zip(waited, bounds, strict=False))


async def test_why_it_ended_is_logged_in_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    complaint = "import sys; sys.stderr.write('hello\\nPermission denied (publickey).\\n'); sys.exit(255)"
    async with followed(complaint, print):
        await until(lambda: "Permission denied (publickey)." in capsys.readouterr().out)


async def test_a_program_that_is_not_there_ends_nothing() -> None:
    events = GerritEvents("gerrit.example.org", ("/no/such/program",), WAIT)
    running = asyncio.create_task(events.run(print))
    await asyncio.sleep(4 * WAIT)
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])


async def test_a_listener_that_breaks_ends_nothing() -> None:
    told: list[int] = []

    def breaks(number: int) -> None:
        told.append(number)
        raise ValueError("a mistake")

    async with followed(f"print('{event(7)}'); {STAY}", breaks):
        await until(lambda: len(told) >= 2)


async def test_what_only_closes_its_output_is_ended_and_started_again(tmp_path: Path) -> None:
    note = f"import os, pathlib; pathlib.Path('{tmp_path}', str(os.getpid())).touch(); os.close(1); os.close(2)"
    async with followed(f"{note}; {STAY}", print):
        await until(lambda: len(list(tmp_path.iterdir())) >= 2)
    await until(lambda: not any(alive(int(each.name)) for each in tmp_path.iterdir()))


async def test_at_the_end_nothing_is_left_of_it_nor_of_what_it_started(tmp_path: Path) -> None:
    child = f"subprocess.Popen(['sleep', '300']).pid, file=open('{tmp_path}/child', 'w')"
    code = f"import os, subprocess; print({child}); print(os.getpid(), file=open('{tmp_path}/own', 'w')); {STAY}"
    async with followed(code, print):
        await until(lambda: all(number_in(tmp_path / name) for name in ("child", "own")))
    await until(lambda: not any(alive(number_in(tmp_path / name)) for name in ("child", "own")))


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.1, 0.15, 0.2])
async def test_it_can_be_cancelled_at_any_moment(seconds: float) -> None:
    async with followed("print('{}')", print):
        await asyncio.sleep(seconds)


async def test_one_that_never_stops_printing_is_ended_in_time() -> None:
    told: list[int] = []
    async with followed(f"while True: print('{event(7)}')", told.append):
        await until(lambda: told)
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 3 * GRACE_SECONDS


async def test_it_gets_nothing_of_our_surroundings_but_what_ssh_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TOCSIN_SECRET", "x")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/nowhere")
    names = tmp_path / "names"
    async with followed(f"import os; print(*os.environ, file=open('{names}', 'w')); {STAY}", print):
        await until(lambda: names.exists() and names.read_text().endswith("\n"))
    assert set(names.read_text().split()) <= {"PATH", "HOME", "LANG", "SSH_AUTH_SOCK", "LC_CTYPE"}
    assert "SSH_AUTH_SOCK" in names.read_text()


def test_only_a_gerrit_with_a_command_is_listened_to() -> None:
    silent, talking = GerritSettings("https://a.example.org"), GerritSettings("https://b.example.org", events=("x",))
    coroutines = list(listening((silent, talking), print))
    assert len(coroutines) == 1
    coroutines[0].close()


def number_in(path: Path) -> int:
    return int(path.read_text()) if path.exists() and path.read_text().endswith("\n") else 0


def alive(process_id: int) -> bool:
    """Say whether a process is there and more than a name that nobody has read yet."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
