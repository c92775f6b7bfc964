"""`make demo` as a stranger runs it: the whole story on our own small network, and a record that verifies."""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120.0


async def test_the_whole_story_is_told_and_its_record_verifies() -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "STAY": ""}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tocsin.demo",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=surroundings,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    told = printed.decode()
    assert process.returncode == 0, told
    assert "E1 is live" in told
    assert "E2 is rolled back" in told
    assert told.rstrip().splitlines()[-1].startswith("record verified")
