"""The channel where a logging bot hears `!log` lines: a line is said there, and waited for until it was said."""

import asyncio
from dataclasses import dataclass
from typing import Final

from tocsin.domain.errors import Unreachable
from tocsin.irc.desk import Mouth
from tocsin.irc.names import cut
from tocsin.irc.replies import visible
from tocsin.irc.session import Session

SAID_WITHIN_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.05
SYSTEM: Final = "IRC"
"""It is the merge key too: while one line waits no other is said, save the same one once more."""


@dataclass(frozen=True, slots=True)
class LogChannel:
    """Says one line at a time; where the network shows us our own lines, it counts as said when we have seen it."""

    channel: str
    session: Session
    mouth: Mouth
    seconds: float = SAID_WITHIN_SECONDS

    async def write(self, line: str) -> None:
        """Say a line; raises `Unreachable` when we are not there, or when it was not said in time."""
        if self.session.closed is not None or self.session.network.channel(self.channel) is None:
            raise Unreachable(SYSTEM, f"the bot is not in {self.channel}")
        text = cut(visible(line), self.mouth.room(self.channel))
        self.mouth.say(self.channel, text, merge_key=SYSTEM)
        try:
            async with asyncio.timeout(self.seconds):
                while self.session.is_unsaid(self.channel, text):
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise Unreachable(SYSTEM, f"{self.channel} did not hear it within {self.seconds:g} s") from None
