"""How often somebody may try to sign in: a few times a while from one place and as one person, so nobody guesses."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil

MOST = 10
MOST_FOR_MANY = 1000
"""From this very machine, where a proxy speaks for everybody: one who guesses behind it must not lock the others out.
So many guesses at a code of ten letters are as good as none."""
MOST_BEGUN = 100
"""Sign-ins that one place begins with a provider: a whole team may sit behind one address."""
MOST_OF_ONE = 20
"""Times that one person is let in: more is a program, not somebody at a keyboard."""
WITHIN = timedelta(minutes=5)
MOST_PLACES = 10_000
"""Places that are remembered; the one that tried longest ago is forgotten first."""


class Tries:
    """The tries of each place, or of each person, of the last while."""

    def __init__(self) -> None:
        """Begin with none."""
        self._tried: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, place: str, now: datetime, most: int) -> timedelta | None:
        """Return how long a place must wait before it may try again; nothing where it may now."""
        lately = self._lately(place, now)
        return lately[-most] + WITHIN - now if len(lately) >= most else None

    def note(self, place: str, now: datetime) -> None:
        """Note a try."""
        lately = self._lately(place, now)
        lately.append(now)
        self._tried[place] = lately
        self._tried.move_to_end(place)
        while len(self._tried) > MOST_PLACES:
            self._tried.popitem(last=False)

    def _lately(self, place: str, now: datetime) -> deque[datetime]:
        lately = self._tried.get(place) or deque(maxlen=MOST_FOR_MANY)
        while lately and now - lately[0] >= WITHIN:
            lately.popleft()
        return lately


def place_named(host: str) -> str:
    """Return the place of an address: one household has a whole network of those of IPv6."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address) or address.is_loopback:
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False).network_address)


def most_from(place: str) -> int:
    """Return how many tries a place has: one that speaks for many has more."""
    try:
        return MOST_FOR_MANY if ip_address(place).is_loopback else MOST
    except ValueError:
        return MOST


def in_minutes(wait: timedelta) -> str:
    """Say when to try again."""
    return f"try again in {ceil(wait.total_seconds() / 60)} min"
