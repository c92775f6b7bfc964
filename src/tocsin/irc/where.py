"""Which channel hears what: a request lives in its target's channel, a private one in the private channel."""

from collections.abc import Callable

from tocsin.domain.request import Request
from tocsin.domain.situation import Catalogue, Target


class Where:
    """Finds channels by the catalogue as it is now; names are compared as the network compares them."""

    def __init__(self, catalogue: Callable[[], Catalogue], are_equal: Callable[[str, str], bool]) -> None:
        """Take a way to read the catalogue and one to compare names."""
        self._catalogue = catalogue
        self.are_equal = are_equal

    def home(self, request: Request) -> str:
        """Return the channel where a request is talked about and acted on; empty when it has none any more."""
        return self.private(request) if request.private else request.channel

    def private(self, request: Request) -> str:
        """Return the private channel of a request's target; empty where none is left, and then nothing is said."""
        target = self._target(request)
        return target.private_channel if target else ""

    def is_home(self, request: Request, channel: str | None) -> bool:
        """Say whether acts on a request count in a channel."""
        return bool(channel) and self.are_equal(channel or "", self.home(request))

    def channels(self) -> tuple[str, ...]:
        """Return the channels of all targets, the private ones too, each once."""
        named = [name for each in self._catalogue().targets for name in (each.channel, each.private_channel)]
        return tuple(dict.fromkeys(named))

    def is_private(self, channel: str) -> bool:
        """Say whether a channel is the private one of any target."""
        return any(self.are_equal(channel, each.private_channel) for each in self._catalogue().targets)

    def elsewhere(self, request: Request) -> str:
        """Say where to act on a request; of a private one only that much is said."""
        if request.private:
            return f"{request.id} is handled in its private channel, or on the command line."
        return f"Say it in {request.channel}, where everybody of {request.id} sees it."

    def _target(self, request: Request) -> Target | None:
        catalogue = self._catalogue()
        return catalogue.target(request.target) or catalogue.for_channel(request.channel)
