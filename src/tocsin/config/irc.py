"""The [irc] table of tocsin.toml, made into what the room of IRC asks for; the channels come from the targets."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import AccountName, Channel, Duration, Host, Nick, Port, Sentence, fold
from tocsin.config.positions import Path as KeyPath
from tocsin.config.private_files import Place, file_at, secret_at
from tocsin.config.reading import Source
from tocsin.domain.people import Directory
from tocsin.irc.settings import (
    ChannelToJoin,
    ClientCertificate,
    IrcSettings,
    Mechanism,
    Pace,
    Server,
    SignIn,
    UnusableSettings,
)

_PACE = Pace()


class ServerTable(Table):
    """One server of the network; they are tried in order."""

    host: Host = Field(description="The server's name, as its certificate has it.")
    port: Port = Field(default=6697, description="The server's port.")
    tls: bool = Field(default=True, description="Whether to talk over TLS; false only on this machine.")
    ca_file: str = Field(default="", description="Who signed the server's certificate, when the system does not know.")


def _some_servers(servers: list[ServerTable]) -> list[ServerTable]:
    if not servers:
        raise ValueError('is an empty list: write [{ host = "irc.example.org" }]')
    return servers


def _burst(number: int) -> int:
    if not 1 <= number <= 20:
        raise ValueError(f"is from 1 to 20 lines, not {number}")
    return number


def _pause(seconds: float) -> float:
    if not 0 <= seconds <= 60:
        raise ValueError(f"is from 0 to 60 seconds, not {seconds}")
    return seconds


def _quarantine(length: timedelta) -> timedelta:
    if not timedelta(seconds=1) <= length <= timedelta(minutes=10):
        raise ValueError("is from 1 s to 10 min")
    return length


class IrcTable(Table):
    """How the bot gets on IRC, and who may never be taken for a person there."""

    servers: Annotated[list[ServerTable], AfterValidator(_some_servers)] = Field(description="The servers, best first.")
    nick: Nick = Field(description="The bot's nick.")
    sasl: Literal["plain", "external"] | None = Field(
        default=None,
        description="How the bot signs in to services: plain with a password, external with a certificate.",
    )
    account: AccountName | None = Field(default=None, description="The bot's services account; its nick when left out.")
    password_file: str = Field(default="", description="With plain: the file that holds the password, mode 0600.")
    certificate_file: str = Field(default="", description="With external: the certificate that the bot shows.")
    key_file: str = Field(default="", description="The certificate's key, when it stands in a file of its own.")
    username: Nick | None = Field(default=None, description="The user name beside the nick.")
    realname: Sentence | None = Field(default=None, description="The line that /whois shows.")
    log_channel: Channel | None = Field(default=None, description="The channel where !log lines are said.")
    channel_key_files: dict[Channel, str] = Field(
        default={}, description="For channels with a key: the file that holds it, mode 0600."
    )
    denied_accounts: list[AccountName] = Field(
        default=[], description="Accounts of bots and relays: nothing that they say ever counts."
    )
    denied_nicks: list[Nick] = Field(default=[], description="Nicks of bots and relays, where they have no account.")
    services_nick: Nick = Field(default="NickServ", description="Whom to ask about accounts.")
    services_host: Host | None = Field(default=None, description="The host of services; learned when left out.")
    channel_services_nick: Nick = Field(default="ChanServ", description="Whom to ask for a voice in a channel.")
    voice_required: bool = Field(
        default=False, description="Whether the bot asks for a voice in each channel, and warns while it has none."
    )
    topic: bool = Field(default=False, description="Whether the bot keeps what is open in its channels' topics.")
    join_without_accounts: bool = Field(
        default=False, description="Whether to join a network without accounts, where nothing counts."
    )
    burst: Annotated[int, AfterValidator(_burst)] = Field(
        default=_PACE.burst, description="How many lines the bot may say at once."
    )
    seconds_per_line: Annotated[float, AfterValidator(_pause)] = Field(
        default=_PACE.seconds_per_line, description="After that, how many seconds each line takes."
    )
    split_quarantine: Annotated[Duration, AfterValidator(_quarantine)] = Field(
        default=timedelta(seconds=60), description="How long after a netsplit has ended nothing counts yet."
    )


class IrcTalk:
    """The [irc] table with what it needs around it, on its way to `IrcSettings`."""

    def __init__(self, table: IrcTable, source: Source, folder: Path) -> None:
        self._table = table
        self._source = source
        self._folder = folder

    def settings(self, channels: Iterable[str]) -> IrcSettings | None:
        """Return the settings with these channels and that of the log; what makes them unusable is reported."""
        table = self._table
        named = dict.fromkeys((*channels, *([table.log_channel] if table.log_channel else [])))
        given = {key: each for key in ("username", "realname") if (each := getattr(table, key)) is not None}
        servers, sign_in, keys = self._servers(), self._sign_in(), self._channel_keys()
        try:
            return IrcSettings(
                servers=servers,
                nick=table.nick,
                sign_in=sign_in,
                channels=tuple(ChannelToJoin(name, keys.get(fold(name), "")) for name in named),
                certificate=self._certificate(),
                join_without_accounts=table.join_without_accounts,
                voice_required=table.voice_required,
                topic=table.topic,
                denied_accounts=frozenset(table.denied_accounts),
                denied_nicks=frozenset(table.denied_nicks),
                services_nick=table.services_nick,
                channel_services_nick=table.channel_services_nick,
                services_host=table.services_host,
                pace=Pace(table.burst, table.seconds_per_line),
                split_quarantine=table.split_quarantine,
                **given,
            )
        except UnusableSettings as error:
            if servers and (sign_in is None or sign_in.password or sign_in.mechanism is Mechanism.EXTERNAL):
                self._place().error(f"[irc]: {error}.")
            return None

    def check_people(self, directory: Directory) -> None:
        """Report people who are the bot itself, or whose words are told never to count."""
        own = fold(self._table.account or self._table.nick)
        denied = {fold(account) for account in self._table.denied_accounts}
        for person in directory.people:
            for account in person.accounts:
                if fold(account.name) == own:
                    self._place("nick").error(
                        f"The account {account.name} is the bot's own, and not that of {person.id}."
                    )
                if fold(account.name) in denied:
                    sentence = (
                        f"{account.name} is denied here and belongs to {person.id}: take it out of one of the two."
                    )
                    self._place("denied_accounts").error(sentence)

    def _servers(self) -> tuple[Server, ...]:
        made = []
        for number, each in enumerate(self._table.servers):
            try:
                ca_file = file_at(self._place("servers", number, "ca_file"), each.ca_file) or None
                made.append(Server(each.host, each.port, each.tls, ca_file))
            except UnusableSettings as error:
                self._place("servers", number, "tls").error(f"{error}.")
        return tuple(made)

    def _sign_in(self) -> SignIn | None:
        table = self._table
        if table.sasl is None:
            return None
        account = table.account or table.nick
        if table.sasl == "external":
            return SignIn(Mechanism.EXTERNAL, account)
        if not table.password_file:
            self._place("sasl").error("password_file is missing: signing in with plain takes a password.")
        return SignIn(Mechanism.PLAIN, account, secret_at(self._place("password_file"), table.password_file))

    def _certificate(self) -> ClientCertificate | None:
        certificate = file_at(self._place("certificate_file"), self._table.certificate_file)
        key = file_at(self._place("key_file"), self._table.key_file)
        return ClientCertificate(certificate, key or None) if certificate else None

    def _channel_keys(self) -> dict[str, str]:
        named = self._table.channel_key_files.items()
        return {fold(channel): secret_at(self._place("channel_key_files", channel), file) for channel, file in named}

    def _place(self, *key: str | int) -> Place:
        path: KeyPath = ("irc", *key)
        return Place(self._folder, self._source, path)
