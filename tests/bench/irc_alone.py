"""A process with the room `irc` and nothing else of Tocsin: on a network, in a channel, until it is ended.

python -m tests.bench.irc_alone PORT CA_FILE ACCOUNT CHANNEL    (the password comes by standard input)
"""

import asyncio
import sys
from datetime import UTC, datetime

from tocsin.irc.connection import Connection
from tocsin.irc.events import Event
from tocsin.irc.session import Session
from tocsin.irc.settings import ChannelToJoin, IrcSettings, Mechanism, Server, SignIn

NICK = "alone"


def main(port: str, ca_file: str, account: str, channel: str) -> None:
    """Be there, and listen."""
    settings = IrcSettings(
        servers=(Server("localhost", int(port), ca_file=ca_file),),
        nick=NICK,
        sign_in=SignIn(Mechanism.PLAIN, account, sys.stdin.readline().strip()),
        channels=(ChannelToJoin(channel),),
    )

    async def listen(event: Event) -> None:
        """Do nothing about it."""

    asyncio.run(Connection(settings, Session(settings, datetime.now(UTC)), listen).run())


if __name__ == "__main__":
    main(*sys.argv[1:])
