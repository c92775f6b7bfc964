"""Running the command line: in this process, which is quick, or as people do, in one of its own."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tocsin.cli.main import main

PATIENCE_SECONDS = 60.0
TOCSIN = (sys.executable, "-m", "tocsin.cli")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The last line of the standard error."""
        return self.err.splitlines()[-1] if self.err else ""


def run(*words: str, env: Mapping[str, str | None] | None = None) -> Ended:
    """Run a command in this process; nothing may come of it but an end with a code."""
    result = CliRunner().invoke(main, list(words), prog_name="tocsin", env={"TOCSIN_CONFIG": None, **(env or {})})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


async def run_aside(*words: str, socket: Path | None = None) -> Ended:
    """Run a command while the loop of this test goes on."""
    return await asyncio.to_thread(run, *words, env={"TOCSIN_SOCKET": str(socket)} if socket else None)


def process(*words: str, **given: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401 - for the process
    """Run a command in a process of its own."""
    env = {**os.environ, **given.pop("env", {})}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "timeout": PATIENCE_SECONDS, **given}
    return subprocess.run([*TOCSIN, *words], env=env, check=False, **options)
