"""Programs that speak over the API, and the streams that they hear."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2

from tests.web.house import House
from tocsin.cli.routes import TOP


async def said(program: httpx2.AsyncClient, path: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """Act, and return what is answered once it is done."""
    answer = await program.post(f"{TOP}/requests/{path}".removesuffix("/"), json=fields or {})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["outcome"] == "done"
    return told


def program_by(house: House, secret: str) -> httpx2.AsyncClient:
    """Return a program with this secret."""
    program = house.program()
    program.headers["Authorization"] = f"Bearer {secret}"
    return program


async def heard(answer: httpx2.Response) -> AsyncIterator[dict[str, Any]]:
    """Yield the events of a stream."""
    async for line in answer.aiter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))
