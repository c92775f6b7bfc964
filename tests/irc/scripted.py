"""A network in which one thing is wrong: a few lines of IRC over plain TCP, with the faults that a test asks for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tocsin.irc.settings import ChannelToJoin, IrcSettings, Mechanism, Pace, Server, SignIn

OFFER = "sasl=PLAIN account-tag server-time message-tags batch extended-join echo-message"
SERVICES = ":NickServ!NickServ@services.example.org NOTICE tocsin :"
REGISTERED = "Jan 02 03:04:05 2020 +0000"


@dataclass(slots=True)
class Scripted:
    """What the network does; `accounts` are entity ids by name, empty where it hides them."""

    offer: str = OFFER
    login: str = "903"
    silent_services: bool = False
    accounts: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    voice: bool = True
    taken: set[str] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def server(self) -> Server:
        return Server("127.0.0.1", self.port, tls=False)

    @property
    def settings(self) -> IrcSettings:
        """Settings with which the bot would be here."""
        return IrcSettings(
            servers=(self.server,),
            nick="tocsin",
            sign_in=SignIn(Mechanism.PLAIN, "tocsin", "open-sesame"),
            channels=(ChannelToJoin("#ops"), ChannelToJoin("#quiet")),
            pace=Pace(burst=20, seconds_per_line=0.2),
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one client until it leaves."""
        try:
            while line := (await reader.readline()).decode().strip():
                self.heard.append(line)
                for answer in self._answers(*line.split(" ", 1)):
                    writer.write(f"{answer}\r\n".encode())
                if line.startswith("QUIT"):
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answers(self, command: str, rest: str = "") -> list[str]:
        match command:
            case "CAP" if rest.startswith("LS"):
                return [f":s CAP * LS :{self.offer}"]
            case "CAP" if rest.startswith("REQ"):
                return [f":s CAP * ACK {rest.removeprefix('REQ ')}"]
            case "CAP" if rest == "END":
                return [":s 001 tocsin :Welcome"]
            case "NICK" if rest in self.taken:
                return [f":s 433 * {rest} :Nickname is already in use."]
            case "AUTHENTICATE" if rest == "PLAIN":
                return ["AUTHENTICATE +"]
            case "AUTHENTICATE":
                return self._signed_in()
            case "JOIN":
                return self._joined(rest)
            case "PRIVMSG":
                return [] if self.silent_services else self._told(rest.partition(" :")[2])
        return []

    def _signed_in(self) -> list[str]:
        if self.login != "903":
            return [f":s {self.login} * :no"] if self.login else []
        return [":s 900 tocsin tocsin!t@h tocsin :You are now logged in as tocsin", ":s 903 tocsin :done"]

    def _joined(self, channel: str) -> list[str]:
        if numeric := self.refused.get(channel):
            return [f":s {numeric} tocsin {channel} :no"]
        voice = [f":s MODE {channel} +v tocsin"] if self.voice else []
        return [f":tocsin!t@h JOIN {channel} tocsin :Tocsin", f":s 366 tocsin {channel} :End of names", *voice]

    def _told(self, asked: str) -> list[str]:
        verb, name = asked.split()[:2]
        if verb == "ACC":
            return [f"{SERVICES}{name} -> tocsin ACC 3 AAAAAAAAA"]
        if name not in self.accounts:
            return [f"{SERVICES}\x02{name}\x02 is not registered."]
        entity = [f"Entity ID  : {self.accounts[name]}"] if self.accounts[name] else []
        lines = [f"Information on {name} (account {name}):", f"Registered : {REGISTERED}", *entity]
        return [f"{SERVICES}{line}" for line in (*lines, "*** End of Info ***")]


@asynccontextmanager
async def scripted(network: Scripted) -> AsyncIterator[Scripted]:
    """Let the network be there for as long as the block lasts."""
    listening = await asyncio.start_server(network.serve, "127.0.0.1", 0)
    network.port = listening.sockets[0].getsockname()[1]
    try:
        yield network
    finally:
        listening.close()
