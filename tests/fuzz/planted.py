"""Laws that are broken by a rare input, to see whether it is found, told, and can be tried again."""

from tests.fuzz.laws import Law, bounded
from tocsin.irc.message import parse


def nobody_is_kicked(data: bytes) -> None:
    """Broken by one command of many."""
    message = parse(data)
    assert message is None or message.command != "KICK"


def nothing_takes_long(data: bytes) -> None:
    """Broken by a line whose reading takes far longer than its length."""
    with bounded(0.2):
        message = parse(data)
        if message and message.command == "KICK":
            sum(range(30_000_000))


def everything_ends(data: bytes) -> None:
    """Broken by a line whose reading never ends."""
    message = parse(data)
    while message and message.command == "KICK":
        pass


PLANTED: dict[str, Law] = {"kicked": nobody_is_kicked, "slow": nothing_takes_long, "endless": everything_ends}
