"""The CAP command: what a client may ask for, and being told when that changes."""

from tocsin.demo.irc_server.client_state import Client
from tocsin.demo.irc_server.network import CAPABILITIES, SERVER_NAME, Network
from tocsin.demo.irc_server.wire import Event, Line


def negotiate(network: Network, client: Client, line: Line) -> None:
    """Answer one CAP line; LS and REQ of a newcomer hold its registration back until END."""
    verb, *rest = line.parameters
    match verb.upper():
        case "LS":
            client.negotiating = not client.registered
            version_302 = bool(rest) and rest[0].isdecimal() and len(rest[0]) < 9 and int(rest[0]) >= 302
            client.hears_changes |= version_302
            _tell(network, client, "LS", _listed(network, with_values=version_302))
        case "LIST":
            _tell(network, client, "LIST", " ".join(sorted(client.capabilities)))
        case "REQ":
            client.negotiating = not client.registered
            _request(network, client, rest[-1] if rest else "")
        case "END":
            client.negotiating = False
        case _:
            network.reply(client, "410", verb, "Invalid CAP subcommand")


def withdraw(network: Network, capability: str) -> None:
    """Stop offering a capability, and say so: a fault that a bot has to notice."""
    network.offered.pop(capability, None)
    for client in list(network.clients.values()):
        client.capabilities.discard(capability)
        if client.hears_changes:
            _tell(network, client, "DEL", capability)


def offer(network: Network, capability: str) -> None:
    """Offer a withdrawn capability again, and say so."""
    value = network.offered[capability] = CAPABILITIES[capability]
    for client in list(network.clients.values()):
        if client.hears_changes:
            _tell(network, client, "NEW", f"{capability}={value}" if value else capability)


def _request(network: Network, client: Client, wish: str) -> None:
    words = wish.split()
    if any(word.removeprefix("-") not in network.offered for word in words):
        _tell(network, client, "NAK", wish)
        return
    for word in words:
        if word.startswith("-"):
            client.capabilities.discard(word[1:])
        else:
            client.capabilities.add(word)
    client.hears_changes |= "cap-notify" in client.capabilities
    _tell(network, client, "ACK", wish)


def _listed(network: Network, *, with_values: bool) -> str:
    pairs = sorted(network.offered.items())
    return " ".join(f"{name}={value}" if value and with_values else name for name, value in pairs)


def _tell(network: Network, client: Client, verb: str, words: str) -> None:
    network.deliver(Event(SERVER_NAME, "CAP", (client.name, verb, words)), [client])
