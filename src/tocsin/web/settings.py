"""What the page needs to know of the installation: where it listens, where people reach it, how they sign in."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where it listens, and how it is reached; TLS is for the proxy in front."""

    name: str
    public_url: str
    host: str = "127.0.0.1"
    port: int = 8080
    session_lasts: timedelta = timedelta(hours=12)

    @property
    def origin(self) -> str:
        """Return scheme, host and port as browsers send them in `Origin`."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host_name(self) -> str:
        """Return the host alone, to which passkeys are bound."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def secure(self) -> bool:
        """Say whether people reach it over TLS."""
        return urlsplit(self.public_url).scheme == "https"
