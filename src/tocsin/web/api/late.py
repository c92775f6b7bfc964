"""The API, put together when a program first asks: its library takes longer to load than all of the pages."""

import asyncio
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from tocsin.web.office import Office

if TYPE_CHECKING:
    from tocsin.web.api.app import Api


class LateApi:
    """Stands where the API is, and makes it once."""

    def __init__(self, office: Office) -> None:
        """Take what it works with; nothing is loaded yet."""
        self._office = office
        self._api: Api | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked, while pages go on being answered."""
        async with self._making:
            if self._api is None:
                made = await asyncio.to_thread(_library)
                self._api = made(self._office)
        await self._api(scope, receive, send)

    def end(self) -> None:
        """End every stream: the server stops."""
        if self._api:
            self._api.events.end()


def _library() -> "type[Api]":
    from tocsin.web.api.app import Api

    return Api
