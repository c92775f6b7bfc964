"""NickServ, in Atheme's words: signing in by message, and telling who an account is; it makes no accounts."""

import hmac
from datetime import datetime

from tocsin.demo.irc_server.client_state import Account, Client
from tocsin.demo.irc_server.network import SERVICE_NICK, SERVICES_NAME, Network, fold, message_id, now
from tocsin.demo.irc_server.wire import Event

SOURCE = f"{SERVICE_NICK}!{SERVICE_NICK}@{SERVICES_NAME}"
UNITS = (("y", 365 * 86400), ("w", 7 * 86400), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def check_password(network: Network, name: str, password: str) -> Account | None:
    """Find the account of that name if the password is right."""
    account = network.accounts.get(fold(name))
    given = password.encode("utf-8", "surrogateescape")
    return account if account and hmac.compare_digest(account.password.encode(), given) else None


def answer(network: Network, client: Client, text: str) -> None:
    """Do what a client asks NickServ for, and answer with notices."""
    verb, *words = text.split() or [""]
    match verb.upper():
        case "IDENTIFY" | "ID" if words:
            _identify(network, client, words)
        case "LOGOUT" if client.account:
            _say(network, client, "You have been logged out.")
            network.sign_out(client)
        case "ACC":
            _tell_account(network, client, [*words, client.nick][0], whose_session=words[1:] == ["*"])
        case "INFO":
            _tell_information(network, client, words[0] if words else client.nick)
        case _:
            _say(network, client, f"Invalid command. Use {_bold(f'/msg {SERVICE_NICK} help')} for a command listing.")


def _identify(network: Network, client: Client, words: list[str]) -> None:
    name, password = (words[0], words[1]) if len(words) > 1 else (client.nick, words[0])
    if client.account and fold(client.account.name) == fold(name):
        _say(network, client, f"You are already logged in as {_bold(client.account.name)}.")
    elif fold(name) not in network.accounts:
        _say(network, client, f"{_bold(name)} is not a registered nickname.")
    elif account := check_password(network, name, password):
        _say(network, client, f"You are now identified for {_bold(account.name)}.")
        network.sign_in(client, account)
    else:
        _say(network, client, f"Invalid password for {_bold(name)}.")


def _tell_account(network: Network, client: Client, nick: str, *, whose_session: bool) -> None:
    """With a star, tell the account of that nick's session; without, how it stands to the account of its own name."""
    session = network.find(nick)
    account = session.account if session and whose_session else network.accounts.get(fold(nick))
    shown = f"{nick} -> {account.name if account and session else '*'}" if whose_session else nick
    if not session:
        _say(network, client, f"{shown} ACC 0 (offline)")
    elif not account:
        _say(network, client, f"{shown} ACC 0 (not registered)")
    else:
        _say(network, client, f"{shown} ACC {3 if session.account is account else 1} {account.entity_id}")


def _tell_information(network: Network, client: Client, name: str) -> None:
    if name.startswith("="):
        session = network.find(name[1:])
        account = session.account if session else None
    else:
        account = network.accounts.get(fold(name))
    if not account:
        _say(network, client, f"{_bold(name)} is not registered.")
        return
    _say(network, client, f"Information on {_bold(account.name)} (account {_bold(account.name)}):")
    _say(network, client, f"Registered : {_moment(account.registered_at)} ({_age(account.registered_at)} ago)")
    _say(network, client, f"Entity ID  : {account.entity_id}")
    _say(network, client, f"*** {_bold('End of Info')} ***")


def _say(network: Network, client: Client, text: str) -> None:
    network.deliver(Event(SOURCE, "NOTICE", (client.nick, text), tags={"msgid": message_id()}), [client])


def _bold(text: str) -> str:
    """Mark a word as Atheme does: invisible in most clients, and in the way of whoever compares whole sentences."""
    return f"\x02{text}\x02"


def _moment(moment: datetime) -> str:
    return f"{moment:%b %d %H:%M:%S %Y} +0000"


def _age(moment: datetime) -> str:
    """Spell an age by its largest units, three at most."""
    rest = max(int((now() - moment).total_seconds()), 0)
    parts: list[str] = []
    for unit, seconds in UNITS:
        count, rest = divmod(rest, seconds)
        if count or parts or unit == "s":
            parts.append(f"{count}{unit}")
    return " ".join(parts[:3])
