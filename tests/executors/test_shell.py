"""Real commands: carried out exactly, at most once, and followed through any end of ours."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tocsin.domain.deployment import Fate
from tocsin.domain.errors import StepFailed
from tocsin.domain.plan import Step
from tocsin.executors.attempts import Attempt, last_line
from tocsin.executors.shell import ShellExecutor

ATTEMPT = "E1-forward-1-1"


def step(*arguments: str, **more: object) -> Step:
    return Step("a step", arguments, **more)  # type: ignore[arg-type]


def shell(code: str, **more: object) -> Step:
    return step("/bin/sh", "-c", code, **more)


@pytest.fixture
def executor(tmp_path: Path) -> ShellExecutor:
    return ShellExecutor(tmp_path / "attempts", grace=timedelta(milliseconds=300))


async def eventually(true: Callable[[], bool], seconds: float = 10) -> None:
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")


async def test_a_command_that_ends_well_is_done_and_its_output_is_kept_with_its_hash(executor: ShellExecutor) -> None:
    outcome = await executor.carry(ATTEMPT, step("/bin/echo", "a  b", "*"))
    assert (outcome.fate, outcome.exit_code, outcome.last_line) == (Fate.ENDED, 0, "a  b *")
    assert outcome.output_sha256 == hashlib.sha256(b"a  b *\n").hexdigest()


async def test_no_shell_reads_the_arguments(executor: ShellExecutor, tmp_path: Path) -> None:
    outcome = await executor.carry(ATTEMPT, step("/bin/echo", f"$(touch {tmp_path}/made); `id` && true"))
    assert not (tmp_path / "made").exists()
    assert outcome.last_line.startswith("$(touch")


async def test_both_streams_are_kept_and_a_failure_has_its_exit_code(executor: ShellExecutor) -> None:
    outcome = await executor.carry(ATTEMPT, shell("echo out; echo bad >&2; exit 3"))
    assert (outcome.exit_code, outcome.last_line) == (3, "bad")


async def test_the_environment_is_clean_but_for_path_home_lang_the_request_and_the_steps_own(tmp_path: Path) -> None:
    inherited = {"PATH": "/usr/bin:/bin", "HOME": "/nowhere", "SECRET": "s3cret"}
    executor = ShellExecutor(tmp_path, inherited=inherited)
    await executor.carry(ATTEMPT, step("/usr/bin/env", environment=(("MINE", "1"),)))
    surroundings = (tmp_path / ATTEMPT / "output").read_text().splitlines()
    assert {line.split("=")[0] for line in surroundings} == {"PATH", "HOME", "MINE", "TOCSIN_REQUEST"}
    assert f"TOCSIN_REQUEST={ATTEMPT.partition('-')[0]}" in surroundings


async def test_a_step_runs_in_its_folder(executor: ShellExecutor, tmp_path: Path) -> None:
    outcome = await executor.carry(ATTEMPT, step("/bin/pwd", folder=str(tmp_path)))
    assert outcome.last_line == str(tmp_path.resolve())


@pytest.mark.parametrize(
    "wrong", [step("/no/such/program"), step("/etc/passwd"), step("/bin/true", folder="/no/such/folder")]
)
async def test_a_command_that_cannot_start_certainly_did_not_run(executor: ShellExecutor, wrong: Step) -> None:
    with pytest.raises(StepFailed, match="did not run"):
        await executor.carry(ATTEMPT, wrong)
    with pytest.raises(StepFailed, match="did not run"):
        await executor.carry(ATTEMPT, wrong)


async def test_a_step_over_its_time_limit_is_ended_even_when_it_ignores_the_wish_to_end(
    executor: ShellExecutor,
) -> None:
    stubborn = shell("trap '' TERM; while :; do sleep 0.05; done", limit=timedelta(milliseconds=200))
    outcome = await executor.carry(ATTEMPT, stubborn)
    assert (outcome.fate, outcome.exit_code) == (Fate.TIMED_OUT, None)


async def test_a_kill_ends_the_whole_group(executor: ShellExecutor, tmp_path: Path) -> None:
    pid = tmp_path / "child"
    carrying = asyncio.create_task(executor.carry(ATTEMPT, shell(f"sleep 60 & echo $! > {pid}; wait")))
    await eventually(lambda: pid.exists() and pid.read_text() != "")
    await executor.kill(ATTEMPT)
    assert (await carrying).fate is Fate.KILLED
    await eventually(lambda: not Path(f"/proc/{pid.read_text().strip()}").exists())


async def test_a_kill_of_what_never_began_is_quiet(executor: ShellExecutor) -> None:
    await executor.kill(ATTEMPT)


async def test_an_attempt_runs_once_however_often_it_is_carried_out(executor: ShellExecutor, tmp_path: Path) -> None:
    once = shell(f"echo ran >> {tmp_path}/ran; sleep 0.3")
    outcomes = await asyncio.gather(*(executor.carry(ATTEMPT, once) for _ in range(4)))
    again = await executor.carry(ATTEMPT, once)
    assert (tmp_path / "ran").read_text() == "ran\n"
    assert {each.exit_code for each in (*outcomes, again)} == {0}


async def test_output_is_told_as_it_comes(tmp_path: Path) -> None:
    told: list[bytes] = []

    async def listen(attempt: str, data: bytes) -> None:
        assert attempt == ATTEMPT
        told.append(data)

    await ShellExecutor(tmp_path, on_output=listen).carry(ATTEMPT, shell("echo one; sleep 0.4; echo two"))
    assert b"".join(told) == b"one\ntwo\n"
    assert len(told) > 1


async def test_output_over_its_limit_is_cut_and_the_command_goes_on(tmp_path: Path) -> None:
    executor = ShellExecutor(tmp_path, output_limit_bytes=1000)
    outcome = await executor.carry(ATTEMPT, shell(f"head -c 3000000 /dev/zero; touch {tmp_path}/end"))
    assert outcome.exit_code == 0
    assert (tmp_path / "end").exists()
    assert "output cut here" in outcome.last_line
    assert outcome.output_bytes < 1200


async def test_a_grandchild_that_keeps_the_output_open_is_not_waited_for(
    executor: ShellExecutor, tmp_path: Path
) -> None:
    pid = tmp_path / "daemon"
    began = time.monotonic()
    outcome = await executor.carry(ATTEMPT, shell(f"setsid sleep 20 & echo $! > {pid}; exit 0"))
    assert outcome.exit_code == 0
    assert time.monotonic() - began < 10
    os.kill(int(pid.read_text()), signal.SIGKILL)


DRIVER = """
import asyncio, sys
from pathlib import Path
from datetime import timedelta
from tocsin.domain.plan import Step
from tocsin.executors.shell import ShellExecutor
step = Step("a step", ("/bin/sh", "-c", sys.argv[2]))
print(asyncio.run(ShellExecutor(Path(sys.argv[1])).carry("E1-forward-1-1", step)).exit_code)
"""


def drive(folder: Path, code: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": "src"}
    command = [sys.executable, "-c", textwrap.dedent(DRIVER), str(folder), code]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


async def test_a_command_outlives_a_killed_server_and_the_next_one_learns_its_outcome(tmp_path: Path) -> None:
    code = f"echo ran >> {tmp_path}/ran; sleep 1; exit 5"
    first = drive(tmp_path, code)
    await eventually(lambda: (tmp_path / "ran").exists())
    first.kill()
    first.communicate(timeout=20)
    second = drive(tmp_path, code)
    assert second.communicate(timeout=20)[0] == "5\n"
    assert (tmp_path / "ran").read_text() == "ran\n"


async def test_when_the_shim_is_killed_too_nobody_knows_and_it_is_never_run_again(tmp_path: Path) -> None:
    executor = ShellExecutor(tmp_path)
    once = shell(f"echo ran >> {tmp_path}/ran; sleep 0.5")
    carrying = asyncio.create_task(executor.carry(ATTEMPT, once))
    await eventually(lambda: (tmp_path / "ran").exists())
    os.kill(int((tmp_path / ATTEMPT / "shim").read_text().split()[0]), signal.SIGKILL)
    assert (await carrying).fate is Fate.UNKNOWN
    assert (await executor.carry(ATTEMPT, once)).fate is Fate.UNKNOWN
    assert (tmp_path / "ran").read_text() == "ran\n"


async def test_a_command_without_a_shim_is_ended_all_the_same(executor: ShellExecutor, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    stubborn = shell(f"trap '' TERM; echo $$ > {pid}; while :; do sleep 0.1; done")
    carrying = asyncio.create_task(executor.carry(ATTEMPT, stubborn))
    await eventually(lambda: pid.exists() and pid.read_text() != "")
    os.kill(int((tmp_path / "attempts" / ATTEMPT / "shim").read_text().split()[0]), signal.SIGKILL)
    await executor.kill(ATTEMPT)
    assert (await asyncio.wait_for(carrying, 20)).fate is Fate.UNKNOWN
    assert Attempt(tmp_path / "attempts" / ATTEMPT).command is None


async def test_what_is_ended_before_it_began_does_not_begin(executor: ShellExecutor, tmp_path: Path) -> None:
    await executor.kill(ATTEMPT)
    with pytest.raises(StepFailed, match="it was ended before it began; it did not run"):
        await executor.carry(ATTEMPT, shell(f"touch {tmp_path}/ran"))
    assert not (tmp_path / "ran").exists()


async def test_an_attempt_that_no_shim_takes_on_certainly_did_not_run_and_never_will(tmp_path: Path) -> None:
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexit 0\n")
    sleeper.chmod(0o700)
    executor = ShellExecutor(tmp_path / "attempts", claim_limit=timedelta(milliseconds=300), python=str(sleeper))
    with pytest.raises(StepFailed, match="no process took it on"):
        await executor.carry(ATTEMPT, shell(f"touch {tmp_path}/ran"))
    with pytest.raises(StepFailed, match="no process took it on"):
        await ShellExecutor(tmp_path / "attempts").carry(ATTEMPT, shell(f"touch {tmp_path}/ran"))
    assert not (tmp_path / "ran").exists()


async def test_a_shim_that_hangs_at_its_start_is_not_waited_for(tmp_path: Path) -> None:
    hangs = tmp_path / "python"
    hangs.write_text("#!/bin/sh\nexec sleep 20\n")
    hangs.chmod(0o700)
    executor = ShellExecutor(tmp_path / "attempts", claim_limit=timedelta(milliseconds=300), python=str(hangs))
    began = time.monotonic()
    with pytest.raises(StepFailed, match="it did not run"):
        await executor.carry(ATTEMPT, shell(f"touch {tmp_path}/ran"))
    assert time.monotonic() - began < 10


async def test_an_outcome_waits_for_room_on_a_full_disk(executor: ShellExecutor, tmp_path: Path) -> None:
    folder = tmp_path / "attempts" / ATTEMPT
    full = folder / "rc.tmp"  # as if the disk were full: the outcome cannot be written
    carrying = asyncio.create_task(executor.carry(ATTEMPT, shell(f"mkdir {full}; echo ran >> {tmp_path}/ran; exit 5")))
    await eventually(lambda: (tmp_path / "ran").exists())
    await asyncio.sleep(0.5)
    assert not carrying.done()
    full.rmdir()
    assert (await carrying).exit_code == 5


async def test_no_zombie_is_left_behind(executor: ShellExecutor) -> None:
    await executor.carry(ATTEMPT, shell("true"))
    shim = executor.attempts / ATTEMPT / "shim"
    await eventually(lambda: not Path(f"/proc/{shim.read_text().split()[0]}").exists())


def test_only_its_owner_reads_what_a_step_printed(tmp_path: Path) -> None:
    executor = ShellExecutor(tmp_path / "attempts")
    asyncio.run(executor.carry(ATTEMPT, shell("echo secret")))
    assert (executor.attempts / ATTEMPT).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("tail", "shown"),
    [
        (b"", ""),
        (b"one\ntwo\n\n  \n", "two"),
        (b"\x1b[31mred\x1b[0m\n", "red"),
        (b"10%\r20%\r100%\r", "100%"),
        (b"a\x00b\x07\xff\n", "a b \ufffd"),
    ],
)
def test_the_last_line_is_shown_as_harmless_text(tail: bytes, shown: str) -> None:
    assert last_line(tail) == shown
