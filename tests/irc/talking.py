"""A session with a scripted server at the other end: a test says the server's lines and reads what the bot answers."""

from datetime import UTC, datetime, timedelta

from tocsin.irc.events import Event, LineHeard
from tocsin.irc.session import Session
from tocsin.irc.settings import ChannelToJoin, IrcSettings, Mechanism, Server, SignIn

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OFFER = (
    "sasl=PLAIN,EXTERNAL account-tag server-time message-tags batch extended-join account-notify echo-message"
    " labeled-response cap-notify chghost away-notify multi-prefix"
)
SETTINGS = IrcSettings(
    servers=(Server("irc.example.org"),),
    nick="tocsin",
    sign_in=SignIn(Mechanism.PLAIN, "tocsin", "open-sesame"),
    channels=(ChannelToJoin("#ops"),),
    denied_accounts=frozenset({"bridge-bot"}),
    denied_nicks=frozenset({"Relay[m]"}),
    services_host="services.example.org",
)


class Talk:
    """One session, the time, and everything that it told so far."""

    def __init__(self, settings: IrcSettings = SETTINGS) -> None:
        self.now = START
        self.session = Session(settings, self.now)
        self.settings = settings
        self.session.start(self.now)
        self._ids = 0

    def server(self, *lines: str) -> list[Event]:
        """Let the server say lines; return what the session tells."""
        return self.session.receive("".join(f"{line}\r\n" for line in lines).encode(), self.now)

    def out(self) -> list[str]:
        """Return the lines that the session wants to send now."""
        return [line.decode().removesuffix("\r\n") for line in self.session.take_outgoing(self.now)]

    def pass_time(self, seconds: float, step: float = 1.0, *, silent: bool = False) -> list[Event]:
        """Let time pass, a tick at a time; unless it is silent, the server shows with each that it is there."""
        events: list[Event] = []
        left = seconds
        while left > 0:
            self.now += timedelta(seconds=min(step, left))
            left -= step
            events += self.session.tick(self.now)
            if not silent:
                events += self.server(":irc.example.org PONG irc.example.org tocsin")
        return events

    def stamp(self, seconds: float = 0.0) -> str:
        """Spell the time as server-time does."""
        return (self.now + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def sign_on(self, offer: str = OFFER) -> None:
        """Go the usual way to the welcome."""
        self.server(f":irc.example.org CAP * LS :{offer}")
        names = [word.partition("=")[0] for word in offer.split()]
        self.server(f":irc.example.org CAP * ACK :{' '.join(names)}")
        self.server(
            "AUTHENTICATE +",
            ":irc.example.org 900 tocsin tocsin!bot@host.example.org tocsin :You are now logged in as tocsin",
            ":irc.example.org 903 tocsin :SASL authentication successful",
            ":irc.example.org 001 tocsin :Welcome",
            ":irc.example.org 005 tocsin CASEMAPPING=rfc1459 CHANTYPES=# PREFIX=(ov)@+ STATUSMSG=@+"
            " CHANMODES=b,k,l,imnt NICKLEN=16 NETWORK=Example WHOX :are supported by this server",
        )

    def join(self, channel: str = "#ops") -> None:
        """Let the server confirm our JOIN."""
        self.server(
            f"@time={self.stamp()} :tocsin!bot@host.example.org JOIN {channel} tocsin :Tocsin",
            f":irc.example.org 332 tocsin {channel} :on call: bo-sre",
            f":irc.example.org 353 tocsin = {channel} :@ada +tocsin bo-sre",
            f":irc.example.org 366 tocsin {channel} :End of /NAMES list.",
        )

    def ready(self) -> "Talk":
        """Be signed on and in the channel, with nothing left to send, a second later."""
        self.sign_on()
        self.join()
        self.out()
        self.pass_time(1)
        return self

    def line(self, text: str = "!confirm E17 plum-otter", target: str = "#ops", **tags: str) -> LineHeard:
        """Let bo-sre say something as it should be; tags replace or add to the usual ones."""
        self._ids += 1
        usual = {"account": "bo-sre", "time": self.stamp(), "msgid": f"id{self._ids}"}
        spelled = ";".join(f"{key}={value}" for key, value in {**usual, **tags}.items())
        return self.heard(f"@{spelled} :bo-sre!bo@sre.example.org PRIVMSG {target} :{text}")

    def heard(self, *lines: str) -> LineHeard:
        """Let the server say lines, of which exactly one is somebody's."""
        (heard,) = [event for event in self.server(*lines) if isinstance(event, LineHeard)]
        return heard
