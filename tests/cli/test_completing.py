"""Completion as shells ask for it: by click's own protocol, in a process of its own."""

import asyncio
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import process, run
from tests.conftest import Require
from tests.local.office import Office


def completed(line: str, **env: str) -> list[str]:
    """Return what bash is offered for the last word of a line."""
    words = shlex.split(line) + ([""] if line.endswith(" ") else [])
    asked = {"_TOCSIN_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    ended = process(env={**asked, **env})
    assert (ended.returncode, ended.stderr) == (0, "")
    return [each.partition(",")[2] for each in ended.stdout.splitlines() if each]


def test_commands_are_completed() -> None:
    assert completed("tocsin re") == ["recipe", "review", "request", "record"]


def test_verbs_are_completed() -> None:
    assert completed("tocsin request con") == ["confirm"]
    assert completed("tocsin request re") == ["report", "resume", "refuse", "renew", "restore"]


def test_options_are_completed() -> None:
    assert "--reason" in completed("tocsin request open --re")
    assert completed("tocsin request open --reason a") == ["availability", "abuse"]
    assert completed("tocsin --conf") == ["--config"]


async def test_the_ids_of_open_requests_are_completed(office: Office) -> None:
    await office.asks()
    await office.asks_for_another()
    where = {"TOCSIN_SOCKET": str(office.path)}
    assert await asyncio.to_thread(completed, "tocsin request confirm ", **where) == ["E1", "E2"]
    assert await asyncio.to_thread(completed, "tocsin request show e2", **where) == ["E2"]
    assert await asyncio.to_thread(completed, "tocsin request hold E1 ", **where) == []


def test_without_a_server_no_id_is_completed_and_nothing_is_said() -> None:
    assert completed("tocsin request confirm ") == []


def test_targets_and_their_recipes_are_completed(configuration: Path) -> None:
    (configuration / "targets/wikis.toml").write_text("")
    where = {"TOCSIN_CONFIG": str(configuration)}
    assert completed("tocsin recipe show w", **where) == ["website", "wikis"]
    assert completed(f"tocsin --config {configuration} recipe show we") == ["website"]
    assert completed("tocsin recipe show website ", **where) == ["deploy", "go-back"]
    assert completed("tocsin recipe show wikis ", **where) == []


def test_people_and_their_accounts_are_completed(configuration: Path) -> None:
    where = {"TOCSIN_CONFIG": str(configuration)}
    assert completed("tocsin directory pin bo", **where) == ["bo-sre"]
    assert completed("tocsin directory pin bo-sre ", **where) == ["bo-sre"]
    assert completed("tocsin directory pin nobody ", **where) == []


def test_a_broken_file_completes_nothing(configuration: Path) -> None:
    (configuration / "directory.toml").write_text("= no")
    assert completed("tocsin directory pin ", TOCSIN_CONFIG=str(configuration)) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_what_it_needs(shell: str) -> None:
    ended = run("completion", shell)
    assert ended.code == 0
    assert f"_TOCSIN_COMPLETE={shell}_complete" in ended.out


def test_what_bash_gets_is_right_for_bash(require: Require) -> None:
    require("bash", shutil.which("bash"))
    source = run("completion", "bash").out
    said = subprocess.run(["bash", "-n"], input=source, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


def test_another_shell_is_wrong_use() -> None:
    assert run("completion", "csh").code == 2
