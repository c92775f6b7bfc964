"""The document of the API holds: schemathesis sends whatever it allows and much that it does not, by many a token."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.web.house import House
from tocsin.service.tokens import Scope

EXAMPLES, SEED = 15, 17
pytestmark = pytest.mark.fuzz
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance,ignored_auth"
)
STREAMS = r"/events$"
"""They never end by themselves; tests of their own hear them."""


async def tried(house: House, folder: Path, *arguments: str) -> tuple[int | None, str]:
    """Run schemathesis against a house, and return how it ended with what it said."""
    schemathesis = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{house.settings.port}/api/openapi.json"),
        *("--checks", CHECKS, "--max-examples", str(EXAMPLES), "--seed", str(SEED), "--generation-database", "none"),
        *("--exclude-path-regex", STREAMS, "--no-color", *arguments),
        cwd=folder,
        env={**os.environ, "NO_PROXY": "*"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await schemathesis.communicate()
    return schemathesis.returncode, said.decode()


async def test_every_answer_is_as_declared_and_none_is_a_fault(house: House, tmp_path: Path) -> None:
    await house.world.ready()
    code, said = await tried(house, tmp_path)
    assert code == 0, said[-6000:]


@pytest.mark.parametrize("person", ["ada", "kim-releng"])
async def test_so_it_is_where_a_token_opens_everything_and_the_request_is_there(
    house: House, tmp_path: Path, person: str
) -> None:
    await house.world.ready()
    before = house.world.requests.position
    (tmp_path / "schemathesis.toml").write_text('[parameters]\n"path.request_id" = "E1"\n')
    bearing = house.program(person, *Scope).headers["Authorization"]
    code, said = await tried(house, tmp_path, "-H", f"Authorization: {bearing}")
    assert code == 0, said[-6000:]
    assert house.world.requests.position > before, "some of it was done"
