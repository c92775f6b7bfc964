"""Programs of others: no shell, no input, no surroundings but those given, and nothing left of them afterwards."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tocsin.neighbours.asking import running
from tocsin.neighbours.asking.running import Ran, run

BARE: Mapping[str, str] = {"PATH": "/usr/bin:/bin"}


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", code)


async def test_what_it_said_and_how_it_ended_are_told() -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); raise SystemExit(3)"
    assert await run(python(code), BARE, seconds=20, heard_bytes=100) == Ran(3, b"out\n", b"err\n")


async def test_beyond_what_is_listened_to_it_is_dropped_and_the_program_ends_all_the_same() -> None:
    ran = await run(python("print('x' * 10_000_000)"), BARE, seconds=20, heard_bytes=10)
    assert (ran.code, ran.printed, ran.cut) == (0, b"x" * 10, True)


async def test_an_answer_of_just_the_length_is_whole() -> None:
    assert (await run(python("print('x' * 9)"), BARE, seconds=20, heard_bytes=10)).cut is False


async def test_it_gets_its_arguments_as_they_are_and_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SECRET", "x")
    code = "import os, sys; print(sys.argv[1:], sorted(os.environ), sys.stdin.read())"
    ran = await run((*python(code), "$(date) ; `id`", "--x"), {"A": "1", "LC_ALL": "C"}, seconds=20, heard_bytes=1000)
    assert ran.printed == b"['$(date) ; `id`', '--x'] ['A', 'LC_ALL'] \n"


async def test_one_that_is_late_is_asked_to_end_and_may_put_its_files_in_order(tmp_path: Path) -> None:
    tidy = f"trap 'touch {tmp_path}/tidy; exit' TERM; touch {tmp_path}/up; while :; do sleep 0.05; done"
    with pytest.raises(TimeoutError):
        await run(("sh", "-c", tidy), BARE, seconds=1)
    assert (tmp_path / "tidy").exists()


async def test_one_that_will_not_end_is_killed_with_all_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0.3)
    stubborn = f"trap '' TERM; sleep 300 & echo $! > {tmp_path}/child; while :; do sleep 0.05; done"
    with pytest.raises(TimeoutError):
        await run(("sh", "-c", stubborn), BARE, seconds=0.5, heard_bytes=10)
    await over(tmp_path / "child")


async def test_a_child_that_it_leaves_behind_is_ended_with_it(tmp_path: Path) -> None:
    began = time.monotonic()
    ran = await run(("sh", "-c", f"sleep 300 & echo $! > {tmp_path}/child"), BARE, seconds=20)
    assert ran.code == 0
    assert time.monotonic() - began < 10
    await over(tmp_path / "child")


async def test_when_nobody_waits_any_more_it_is_ended(tmp_path: Path) -> None:
    work = run(("sh", "-c", f"echo $$ > {tmp_path}/self; exec sleep 300"), BARE, seconds=60, heard_bytes=10)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(work, 0.5)
    await over(tmp_path / "self")


async def test_one_that_is_not_there_is_an_error_of_the_system() -> None:
    with pytest.raises(FileNotFoundError):
        await run(("/nowhere/at-all",), BARE, seconds=1)


async def over(file: Path) -> None:
    """Wait until the process whose number stands in a file is over; a zombie is, whoever has to bury it."""
    process = Path("/proc") / file.read_text().strip() / "stat"
    for _ in range(200):
        try:
            if process.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except OSError:
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"{process} lives on")


async def test_a_program_is_told_something_and_hears_where_it_ends() -> None:
    told = b"one\ntwo\n" * 100_000
    ran = await run(("wc", "-c"), {"PATH": os.environ["PATH"]}, seconds=20, heard_bytes=100, told=told)
    assert ran.printed.strip() == str(len(told)).encode()


async def test_a_program_that_does_not_listen_has_ended_all_the_same() -> None:
    ran = await run(("true",), {"PATH": os.environ["PATH"]}, seconds=20, told=b"x" * 10_000_000)
    assert ran.code == 0
