"""What goes wrong on real networks, made to order: a split of the network, and its mending."""

from collections.abc import Iterable

from tocsin.demo.irc_server.channels import announce_entry
from tocsin.demo.irc_server.client_state import Channel, Client
from tocsin.demo.irc_server.modes import Change, spelled
from tocsin.demo.irc_server.network import SERVER_NAME, Network
from tocsin.demo.irc_server.wire import Event

FAR_SERVER = "irc2.example.org"


def split_off(network: Network, nicks: Iterable[str]) -> None:
    """Put clients on the far side of a split: both sides see the other's people quit, and hear nothing more of them."""
    people = {person for nick in nicks if (person := network.find(nick))}
    audience = {person: network.peers(person) for person in network.clients.values() if person.registered}
    network.cut_off |= people
    for person, peers in audience.items():
        lost = [peer for peer in peers if not network.connects(person, peer)]
        event = Event(person.source, "QUIT", (f"{SERVER_NAME} {FAR_SERVER}",), person.account_name)
        network.deliver(event, lost)


def mend(network: Network) -> None:
    """End the split: everybody sees the people of the other side enter again, with what they were in the channel."""
    far, network.cut_off = network.cut_off, set()
    for channel in network.channels.values():
        for person in channel.members:
            others = [member for member in channel.members if (member in far) != (person in far)]
            _enter_again(network, person, channel, others)


def _enter_again(network: Network, person: Client, channel: Channel, others: list[Client]) -> None:
    announce_entry(network, person, channel, others)
    held = [Change(True, letter, person.nick) for letter in sorted(channel.members[person])]
    if held:
        network.deliver(Event(SERVER_NAME, "MODE", (channel.name, *spelled(held))), others)
