"""The commands without a socket: whatever is said, in whatever order, the network keeps standing."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tocsin.demo.irc_server.commands import COMMANDS, obey
from tocsin.demo.irc_server.network import Account, Client, Network
from tocsin.demo.irc_server.wire import read

ADA = Account("ada", "ada-word", "000000001", datetime(2024, 2, 29, tzinfo=UTC))
WORDS = [
    b"#room",
    b"#ROOM",
    b"ada",
    b"lin",
    b"NickServ",
    b"+v",
    b"-o",
    b"+ntm",
    b"@#room",
    b"ACC",
    b"IDENTIFY",
    b"INFO",
    b"*",
]
words = st.sampled_from([*WORDS, b"ada-word", b"LS", b"REQ", b"sasl", b"%tnaf,42", b":", b":two words", b"PLAIN", b"+"])
commands = st.sampled_from([name.encode() for name in COMMANDS if name != "QUIT"])
lines = st.builds(
    lambda name, rest: b" ".join([name, *rest]), commands, st.lists(words | st.binary(max_size=8), max_size=4)
)


class Heard:
    """Keeps what was sent to a client."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.lines.append(data)

    def close(self) -> None:
        self.lines.append(b"")


def enter(network: Network, nick: str) -> tuple[Client, Heard]:
    """Register a client without a capability."""
    heard = Heard()
    client = Client(heard.send, heard.close, "127.0.0.1")
    for line in (f"NICK {nick}", f"USER {nick} 0 * :{nick}", "JOIN #room"):
        obey(network, client, line.encode())
    return client, heard


@given(st.lists(st.tuples(st.booleans(), lines | st.binary(max_size=40)), max_size=20))
def test_nothing_that_is_said_breaks_the_network_or_sends_a_broken_line(said: list[tuple[bool, bytes]]) -> None:
    network = Network([ADA])
    (ada, ada_heard), (lin, lin_heard) = enter(network, "ada"), enter(network, "lin")
    for by_ada, line in said:
        obey(network, ada if by_ada else lin, line.replace(b"\n", b""))
    for sent in ada_heard.lines + lin_heard.lines:
        assert sent == b"" or (sent.count(b"\n") == 1 and len(sent) <= 512 and read(sent[:-2]))
    assert all(channel.members for channel in network.channels.values())
    for client in (ada, lin):
        network.drop(client, "over")
    assert not network.clients
    assert not network.channels


def test_the_age_of_an_account_is_told_in_days() -> None:
    network = Network([ADA])
    lin, heard = enter(network, "lin")
    obey(network, lin, b"PRIVMSG NickServ :INFO ada")
    [registered] = [line for line in heard.lines if b"Registered" in line]
    assert b"Registered : Feb 29 00:00:00 2024 +0000 (" in registered
    days = registered.partition(b"(")[2].split()[0]
    assert days.endswith(b"d")
    assert int(days[:-1]) > 365


def test_whoever_is_alone_in_a_channel_does_not_hear_itself() -> None:
    network = Network([])
    ada, heard = enter(network, "ada")
    obey(network, ada, b"PRIVMSG #room :anybody?")
    assert not [line for line in heard.lines if b"anybody" in line]
