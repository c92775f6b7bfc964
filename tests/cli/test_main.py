"""The command line as a whole: names, versions, and how a command ends that something from outside stopped."""

import os
import signal
import socket
import subprocess
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from tests.cli.running import PATIENCE_SECONDS, TOCSIN, process, run
from tocsin.cli import exits
from tocsin.cli.main import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_has_help(name: str) -> None:
    module, attribute, about = COMMANDS[name]
    assert isinstance(getattr(import_module(module), attribute), click.Command)
    assert about.endswith(".")
    ended = run(name, "--help")
    assert (ended.code, ended.err) == (0, "")


def test_the_version_is_told() -> None:
    assert run("--version").out == f"tocsin {version('tocsin')}\n"


def test_all_commands_are_listed_with_what_they_do() -> None:
    out = run("--help").out
    assert all(name in out and about.split()[0] in out for name, (_, _, about) in COMMANDS.items())


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("confirm", "There is no command confirm. Did you mean: tocsin request confirm"),
        ("requests", "There is no command requests. Did you mean: tocsin request"),
        ("xyzzy", "There is no command xyzzy. All commands: tocsin --help"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest(word: str, sentence: str) -> None:
    ended = run(word)
    assert (ended.code, ended.error) == (exits.USAGE, f"Error: {sentence}")


def test_codes_are_all_different_and_never_change() -> None:
    codes = {name: value for name, value in vars(exits).items() if isinstance(value, int)}
    assert codes == {
        "DONE": 0, "REFUSED": 1, "USAGE": 2, "UNREACHABLE": 3, "UNKNOWN": 4, "UNRECORDED": 5, "MISCONFIGURED": 6,
        "BROKEN": 7, "UNWRITTEN": 8, "INTERRUPTED": 130,
    }  # fmt: skip


def test_a_full_disk_under_the_output_is_one_sentence(configuration: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = process("--config", str(configuration), "recipe", "show", "website", stdout=full)
    assert ended.returncode == exits.UNWRITTEN
    assert ended.stderr == "The output could not be written: No space left on device.\n"


def test_an_output_that_nobody_reads_is_one_sentence(configuration: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = process("--config", str(configuration), "recipe", "show", "website", stdout=writing)
    finally:
        os.close(writing)
    assert ended.returncode == exits.UNWRITTEN
    assert ended.stderr == "Nobody reads the output any more; the rest was not written.\n"


def test_a_closed_output_is_no_accident(configuration: Path) -> None:
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *TOCSIN, "--config", str(configuration), "recipe", "show", "website"],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (closed.returncode, closed.stderr) == (exits.DONE, "")


def test_an_interrupted_act_leaves_it_open_whether_it_was_done(tmp_path: Path) -> None:
    place = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(place))
        silent.listen()
        env = {**os.environ, "TOCSIN_SOCKET": str(place)}
        # A shell starts what runs in the background with Ctrl-C ignored, and whatever it starts inherits that.
        heeding = ["env", "--default-signal=INT", *TOCSIN, "request", "go", "E17"]
        with subprocess.Popen(heeding, env=env, stderr=subprocess.PIPE, text=True) as asking:
            talking, _ = silent.accept()
            with talking:
                assert talking.recv(1000)
                time.sleep(0.05)  # until it waits for the answer
                asking.send_signal(signal.SIGINT)
                _, err = asking.communicate(timeout=PATIENCE_SECONDS)
    assert asking.returncode == exits.INTERRUPTED
    assert err.strip() == "Interrupted. What is so now: tocsin request list"
