"""From the first byte to a welcome under our nick and account; channels are for joining.

Law: where somebody can sign in, the bot is on the network signed in or not at all. Where nobody can, it comes only when
the settings allow it, and then nothing that is said counts.
"""

from datetime import datetime, timedelta

from tocsin.irc.capabilities import Capabilities, Send
from tocsin.irc.login import Login, SignOnFailed
from tocsin.irc.message import Message
from tocsin.irc.settings import IrcSettings

PATIENCE = timedelta(seconds=45)  # for a welcome: servers look up names for up to half a minute
NICK_AGAIN = timedelta(seconds=60)
LOGIN_AGAIN = timedelta(seconds=60)
OTHER_NICKS = 3


class SigningOn:
    """The connection's way to a welcome, and its nick and account ever after; raises SignOnFailed."""

    def __init__(self, settings: IrcSettings, send: Send) -> None:
        self.capabilities = Capabilities(send)
        self.welcomed = False
        self.account: str | None = None
        self.tried_nick = settings.nick
        self._settings = settings
        self._send = send
        self._login = Login(settings.sign_in, send) if settings.sign_in else None
        self._ended = False
        self._began_at: datetime | None = None
        self._login_at: datetime | None = None
        self._nick_at: datetime | None = None

    @property
    def signed_in(self) -> bool:
        """Services know us, and have not said otherwise since."""
        return self._login is not None and self._login.done

    def begin(self, now: datetime) -> None:
        """Say the first lines."""
        self._began_at = now
        self.capabilities.begin()
        self._send("NICK", self.tried_nick)
        self._send("USER", self._settings.username, "0", "*", self._settings.realname)

    def heard_capabilities(self, message: Message, now: datetime) -> None:
        """Follow a CAP line, or a server that knows no such command."""
        if message.command == "CAP":
            self.capabilities.heard(message)
        elif message.param(1).upper() == "CAP":
            self.capabilities.answered_without()
        self._proceed(now)

    def heard_login(self, message: Message, now: datetime) -> None:
        """Follow AUTHENTICATE and the numerics about our account."""
        match message.command:
            case "900":
                self.account = message.param(2)
            case "901":
                self._logged_out()
            case _ if self._login:
                self._login.heard(message)
        self._proceed(now)

    def heard_welcome(self) -> None:
        """Take note that the network has let us in."""
        self.welcomed = True
        if not self.signed_in and not self._may_come_without():
            raise SignOnFailed("the network let us in without signing in")

    def nick_refused(self, nick: str, now: datetime) -> None:
        """Take another nick; later the wanted one is tried again."""
        if self.welcomed:
            return
        if len(self.tried_nick) >= len(self._settings.nick) + OTHER_NICKS:
            raise SignOnFailed(f"neither {self._settings.nick} nor a nick like it is free")
        self.tried_nick += "_"
        self._nick_at = now
        self._send("NICK", self.tried_nick)

    def regain_nick(self, now: datetime) -> None:
        """Ask for the wanted nick."""
        self._nick_at = now
        self._send("NICK", self._settings.nick)

    def tick(self, own_nick: str, now: datetime) -> None:
        """Give up what takes too long, and ask again for what was refused."""
        if not self.welcomed and self._began_at and now - self._began_at > PATIENCE:
            raise SignOnFailed(f"no welcome within {PATIENCE.seconds} s")
        if self._login:
            self._login.tick(now)
        if self.welcomed:
            self._proceed(now)
            if own_nick != self._settings.nick and (not self._nick_at or now - self._nick_at > NICK_AGAIN):
                self.regain_nick(now)

    def _proceed(self, now: datetime) -> None:
        """Go one step: capabilities, then the account, then the end of the negotiation."""
        if not self.capabilities.settled:
            return
        if self._login and self.capabilities.has("sasl") and not self._login.done:
            self._sign_in(self._login, now)
        elif not self._ended and not self.welcomed:
            self._end_negotiation()

    def _sign_in(self, login: Login, now: datetime) -> None:
        waited = self._login_at is None or now - self._login_at > LOGIN_AGAIN
        if not login.under_way and waited:
            self._login_at = now
            login.begin(self.capabilities.mechanisms(), now)

    def _end_negotiation(self) -> None:
        missing = self.capabilities.missing
        if missing and not self._may_come_without():
            raise SignOnFailed(f"the network does not offer {' '.join(missing)}, without which nobody can be known")
        self._ended = True
        self._send("CAP", "END")

    def _may_come_without(self) -> bool:
        """Only where nobody can sign in at all: no account named by us, or no accounts on the network."""
        nobody_can = not self._login or not {"sasl", "account-tag"}.isdisjoint(self.capabilities.not_offered)
        return self._settings.join_without_accounts and nobody_can

    def _logged_out(self) -> None:
        self.account = None
        if self._login:
            self._login.done = False
