"""One session that hears whatever it is told; what it tells and sends is held against the plain bytes of each line."""

import re
from contextlib import suppress
from datetime import timedelta

from tests.irc.talking import SETTINGS, Talk
from tocsin.irc.events import Event, LineHeard
from tocsin.irc.message import UnsafeLine
from tocsin.irc.settings import IrcSettings

LINES_AT_MOST = 200
BEGINNINGS = 4
CERTAIN_TAGS = {b"account", b"time"}
UNCERTAIN_TAGS = {b"batch", b"draft/relaymsg"}


class Conversation:
    """A script in bytes: the first says how it begins, then each line is the server's, or one of ours after a NUL."""

    def __init__(self, settings: IrcSettings = SETTINGS) -> None:
        self._talk = Talk(settings)
        self.counted = 0
        self.heard = 0

    def goes(self, data: bytes) -> None:
        """Play a script."""
        self._begin(data[0] % BEGINNINGS if data else 0)
        for line in data[1:].split(b"\n")[:LINES_AT_MOST]:
            if line.startswith(b"\0"):
                self._ours(line[1:2], line[2:])
            else:
                self._theirs(line)
            self._sends_nothing_odd()

    def still_answers(self) -> None:
        """Whatever was said, the next connection works as the first one should have."""
        talk = self._talk
        talk.session.lost("the script is over")
        assert talk.session.closed
        talk.session.start(talk.now)
        talk.ready()
        talk.server("PING still-there")
        assert "PONG still-there" in talk.out()
        # A split or the line's own id can outlast nothing: who speaks now for the first time is heard.
        assert talk.line(msgid="never-said-before").verified

    def theirs(self, line: bytes) -> None:
        """Let the server say one line, and look at what comes of it."""
        self._theirs(line)
        self._sends_nothing_odd()

    def comes_back(self) -> None:
        """Connect again where the connection has ended."""
        if self._talk.session.closed:
            self._talk.session.lost("the server is gone")
            self._talk.session.start(self._talk.now)
            self._talk.ready()

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self._talk.now += timedelta(seconds=seconds)
        self._nobody_spoke(self._talk.session.tick(self._talk.now))
        self._sends_nothing_odd()

    def says(self, target: str, text: str) -> None:
        """Say something ourselves, or hear that it cannot be said."""
        try:
            self._talk.session.say(target, text)
        except UnsafeLine:
            return
        self._sends_nothing_odd()

    def ready(self) -> "Conversation":
        """Be signed on, and in the channel."""
        self._talk.ready()
        return self

    def _begin(self, how: int) -> None:
        if how >= 1:
            self._talk.sign_on()
        if how >= 2:
            self._talk.join()
        if how >= 3:
            self._talk.out()
            self._talk.pass_time(1)

    def _theirs(self, line: bytes) -> None:
        self.heard += self._talk.session.closed is None
        filled = line.replace(b"%T", self._talk.stamp().encode()).replace(b"\n", b"")
        for event in self._talk.session.receive(filled + b"\n", self._talk.now):
            if isinstance(event, LineHeard) and event.verified:
                self.counted += 1
                assert is_certain(filled.rstrip(b"\r")), f"it counted: {filled!r}"
                assert event.account == account_of(filled)

    def _ours(self, what: bytes, words: bytes) -> None:
        session, text = self._talk.session, words.decode("utf-8", "replace")
        match what:
            case b"s":
                self.says("#ops", text)
            case b"p":
                self.says(text[:20], text[20:])
            case b"a":
                with suppress(UnsafeLine):
                    session.ask_registration(text)
            case b"l":
                self._nobody_spoke(session.lost(text))
                session.start(self._talk.now)
            case _:
                self.passes(float(what[0]) if what else 1.0)

    def _nobody_spoke(self, events: list[Event]) -> None:
        assert not any(isinstance(event, LineHeard) for event in events)

    def _sends_nothing_odd(self) -> None:
        for line in self._talk.session.take_outgoing(self._talk.now):
            assert line.endswith(b"\r\n"), line
            assert len(line) <= 512, line
            assert not re.search(rb"[\r\n\0]", line[:-2]), line
            line.decode()


def account_of(line: bytes) -> str | None:
    """Return the one account that the bytes of a line name."""
    section = line[1:].split(b" ")[0] if line.startswith(b"@") else b""
    tags = [tag.partition(b"=") for tag in section.split(b";")]
    named = {_unescaped(value.decode("utf-8", "replace")) for key, _, value in tags if key == b"account"}
    return named.pop() if len(named) == 1 and not named & {"", "*"} else None


def is_certain(line: bytes) -> bool:
    """Say whether the bytes alone allow that a line counts: a plain PRIVMSG of a person, one account, a time."""
    tags, _, rest = line.partition(b" ")
    keys = {tag.partition(b"=")[0] for tag in tags[1:].split(b";")}
    source, _, rest = rest.lstrip(b" ").partition(b" ")
    if not keys >= CERTAIN_TAGS or keys & UNCERTAIN_TAGS or account_of(line) is None:
        return False
    spoken = re.match(
        rb" *PRIVMSG +[^ ]+ +(?::([^\x00-\x1f\x7f]*)$|[^\x00-\x1f\x7f :][^\x00-\x1f\x7f ]*( |$))", rest, re.IGNORECASE
    )
    return spoken is not None and re.fullmatch(rb":[^!@ ]+![^ ]*", source) is not None


def _unescaped(value: str) -> str:
    letters, plain = iter(value), ""
    for letter in letters:
        if letter == "\\":
            letter = next(letters, "")
            letter = {":": ";", "s": " ", "r": "\r", "n": "\n"}.get(letter, letter)
        plain += letter
    return plain
