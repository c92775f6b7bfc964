"""Which capabilities the server offers, and which are on; what it takes to trust a line is for authority.

Law: without every required capability nothing that is said counts, from the moment in which one is taken away.
"""

from collections.abc import Callable, Iterable

from tocsin.irc.message import Message

REQUIRED = ("sasl", "account-tag", "server-time", "message-tags", "batch")
WISHED = (
    "extended-join", "account-notify", "echo-message", "labeled-response", "cap-notify", "chghost", "away-notify",
)  # fmt: skip
OFFERED_AT_MOST = 500  # names, so that an endless list fills no memory

Send = Callable[..., None]


class Capabilities:
    """The negotiation on one connection, from the first CAP LS to the last CAP DEL."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._offered: dict[str, str] = {}
        self._asked: set[str] = set()
        self._on: set[str] = set()
        self._listed = False
        self.missing: tuple[str, ...] = REQUIRED  # the required ones that are not on

    @property
    def settled(self) -> bool:
        """All that the server offers was told, and all that was asked for is answered."""
        return self._listed and not self._asked

    @property
    def not_offered(self) -> tuple[str, ...]:
        """The required ones that this server does not have at all."""
        return tuple(name for name in REQUIRED if name not in self._offered)

    @property
    def on(self) -> tuple[str, ...]:
        """Those that are on, by name."""
        return tuple(sorted(self._on))

    def has(self, name: str) -> bool:
        """Tell whether a capability is on."""
        return name in self._on

    def mechanisms(self) -> frozenset[str]:
        """The ways to sign in that the server names; many name none, and take what they take."""
        return frozenset(filter(None, self._offered.get("sasl", "").upper().split(",")))

    def begin(self) -> None:
        """Ask for the list; the server then waits with its welcome until CAP END."""
        self._send("CAP", "LS", "302")

    def answered_without(self) -> None:
        """Take note that this server knows no capabilities."""
        self._listed = True

    def heard(self, message: Message) -> None:
        """Follow one CAP line."""
        names = message.param(-1).split()
        match message.param(1).upper():
            case "LS":
                self._list(names, last=message.param(2) != "*")
            case "NEW":
                self._offer(names)
                self._ask(names)
            case "DEL":
                for name in names:
                    self._offered.pop(name, None)
                self._off(names)
            case "ACK":
                self._acknowledge(names)
            case "NAK":
                self._asked -= set(names)

    def _list(self, words: list[str], *, last: bool) -> None:
        self._offer(words)
        if last and not self._listed:
            self._listed = True
            self._ask(REQUIRED)
            self._ask(WISHED)

    def _offer(self, words: list[str]) -> None:
        for word in words[: OFFERED_AT_MOST - len(self._offered)]:
            name, _, value = word.partition("=")
            self._offered[name] = value

    def _ask(self, words: Iterable[str]) -> None:
        """Ask in one line, for a server grants a whole line or nothing of it."""
        names = ({word.partition("=")[0] for word in words} & self._offered.keys()) - self._on
        wanted = [name for name in (*REQUIRED, *WISHED) if name in names]
        if wanted:
            self._asked.update(wanted)
            self._send("CAP", "REQ", " ".join(wanted))

    def _acknowledge(self, words: list[str]) -> None:
        granted = {word for word in words if word in self._asked}
        self._asked -= granted
        self._on |= granted
        self._off(word.removeprefix("-") for word in words if word.startswith("-"))

    def _off(self, names: Iterable[str]) -> None:
        gone = set(names)
        self._on -= gone
        self.missing = tuple(name for name in REQUIRED if name not in self._on)
        self._asked -= gone
