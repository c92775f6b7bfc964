"""What the page needs to know of the installation: where it listens, where people reach it, how they sign in."""

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """A provider of OpenID Connect, and what we are there; `claim` is what the directory knows people by."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    claim: str = "sub"
    label: str = "single sign-on"
    scopes: tuple[str, ...] = ("openid",)


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """A proxy that signs people in itself: the header in which it names them, and from where it connects."""

    header: str
    peers: tuple[IPv4Network | IPv6Network, ...]

    def is_at(self, host: str) -> bool:
        """Say whether the proxy connects from this address."""
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in each for each in self.peers)


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where it listens, and how it is reached; TLS is for the proxy in front."""

    name: str
    public_url: str
    host: str = "127.0.0.1"
    port: int = 8080
    session_lasts: timedelta = timedelta(hours=12)
    local: bool = True
    oidc: OidcSettings | None = None
    proxy: ProxySettings | None = None

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
    def takes_passkeys(self) -> bool:
        """Say whether browsers use passkeys there: a host with a name, over TLS; at this very machine also without."""
        named = not self.host_name.replace(".", "").isdigit() and ":" not in self.host_name
        return named and (self.secure or self.host_name == "localhost" or self.host_name.endswith(".localhost"))

    @property
    def secure(self) -> bool:
        """Say whether people reach it over TLS."""
        return urlsplit(self.public_url).scheme == "https"
