"""Acts done and answered alike for every surface that speaks in objects: this machine's socket and the HTTP API."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tocsin.domain.commands import Command
from tocsin.domain.errors import Refused, TocsinError
from tocsin.domain.people import Directory, RequestId, Speaker
from tocsin.service.answers import done
from tocsin.service.handler import Act, Handler
from tocsin.service.requests import Happening
from tocsin.service.seeing import has_part
from tocsin.views.announcing import hidden

Say = Callable[[Happening], list[str]]


@dataclass(frozen=True, slots=True)
class Answering:
    """Hands acts to the handler, and puts what happened in the words that the speaker may hear."""

    handler: Handler
    directory: Callable[[], Directory]
    say: Say

    async def act(
        self, wanted: Command, who: Speaker, meant: tuple[RequestId | None, ...], expected: int | None = None
    ) -> dict[str, Any]:
        """Act on one request, or on none for what concerns the house, or on several at once."""
        if len(meant) == 1:
            return done([await self.handler.handle(Act(who, wanted, meant[0], expected))], self._words_for(who))
        return await self._act_on_all(wanted, meant, who)

    async def _act_on_all(self, wanted: Command, meant: tuple[RequestId | None, ...], who: Speaker) -> dict[str, Any]:
        """Act on several requests, each for itself: that one refuses keeps none of the others from stopping."""
        happened: list[Happening] = []
        reasons: list[str] = []
        for request in meant:
            own = replace(who, act=f"{who.act} {request}" if who.act else "")
            try:
                happened.append(await self.handler.handle(Act(own, wanted, request)))
            except TocsinError as error:
                reasons += error.reasons if isinstance(error, Refused) else [f"{request}: {error}"]
        if not happened:
            raise Refused(dict.fromkeys(reasons))
        return done(happened, self._words_for(who), also=reasons)

    def _words_for(self, who: Speaker) -> Say:
        """Say of a private request no more than its id and state to somebody without a part in it, its stranger too."""

        def say(happening: Happening) -> list[str]:
            after = happening.after
            if after is None or not after.private:
                return self.say(happening)
            person = self.directory().person(who.person)
            return self.say(happening) if person and has_part(after, person) else [hidden(after)]

        return say
