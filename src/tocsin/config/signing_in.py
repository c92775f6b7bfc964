"""[web.oidc] and [web.proxy] of tocsin.toml: who else than the command line may say who somebody on the page is."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import Sentence, WebAddress, matching
from tocsin.config.private_files import Place, secret_at
from tocsin.config.reading import Source
from tocsin.config.reviews import LOOPBACK
from tocsin.domain.people import Directory
from tocsin.web.settings import OidcSettings, ProxySettings

_USUAL = OidcSettings("", "")
CHOSEN_BY_PEOPLE = frozenset({"name", "nickname", "preferred_username", "given_name", "family_name"})
OF_OTHERS = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "forwarded",
        "host",
        "origin",
        "referer",
    }
)
"""Headers that browsers, or proxies on their own account, fill in for another purpose."""


def _issuer(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("is on another machine: ask it by https://")
    if parts.query or parts.fragment:
        raise ValueError("ends before any ? or #: write it as the provider calls itself")
    return address


def _header(name: str) -> str:
    if name.lower() in OF_OTHERS or name.lower().startswith("x-forwarded-"):
        raise ValueError("is filled in for another purpose: have the proxy use one of its own, such as X-Signed-In")
    return name


def _network(text: str) -> str:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise ValueError(
            f"holds {text!r}: write an address such as 192.0.2.7, or a network such as 192.0.2.0/28"
        ) from (error)
    if network.prefixlen == 0:
        raise ValueError(f"holds {text!r}, which is everybody: anybody could then say who they are")
    return text


def _some(networks: list[str]) -> list[str]:
    if not networks:
        raise ValueError("is an empty list: name the addresses from which the proxy connects")
    return networks


Network = Annotated[str, AfterValidator(_network)]


class OidcTable(Table):
    """Signing in by a provider of OpenID Connect; it leads people back to public_url with /sign-in/oidc/back behind."""

    issuer: Annotated[WebAddress, AfterValidator(_issuer)] = Field(
        description="The provider, as it calls itself, such as https://login.example.org."
    )
    client_id: Sentence = Field(description="What this page is called there.")
    client_secret_file: str = Field(
        default="", description="The file that holds the secret of this page there, mode 0600; none where it has none."
    )
    claim: Annotated[str, AfterValidator(matching(r"[!-~]{1,100}", "is the name of a claim, such as sub"))] = Field(
        default=_USUAL.claim, description="The claim that stands in sign_in of the directory; email must be verified."
    )
    label: Sentence = Field(default=_USUAL.label, description="What people call the provider.")
    scopes: list[Annotated[str, AfterValidator(matching(r"[!#-\[\]-~]{1,100}", "is a word such as openid"))]] = Field(
        default=list(_USUAL.scopes), description="What the provider is asked to tell."
    )


class ProxyTable(Table):
    """A proxy in front that signs people in itself, and names them in a header of each request."""

    header: Annotated[
        str,
        AfterValidator(matching(r"[A-Za-z][A-Za-z0-9-]{0,63}", "is a header such as X-Signed-In")),
        AfterValidator(_header),
    ] = Field(description="The header; it must take it out of whatever browsers send.")
    only_from: Annotated[list[Network], AfterValidator(_some)] = Field(
        description="The addresses or networks from which the proxy connects; from elsewhere the header counts nothing."
    )


def oidc(table: OidcTable | None, folder: Path, source: Source) -> OidcSettings | None:
    """Return the settings of the provider, and report what does not go together."""
    if table is None:
        return None
    path = ("web", "oidc")
    if "openid" not in table.scopes:
        source.error((*path, "scopes"), 'The provider must be asked for openid at least: scopes = ["openid"].')
    if table.claim == "email" and "email" not in table.scopes:
        source.error((*path, "claim"), 'The provider tells email only when asked: scopes = ["openid", "email"].')
    if table.claim in CHOSEN_BY_PEOPLE:
        source.warn(
            (*path, "claim"),
            f"At many providers people choose their {table.claim} themselves, and so whom they are here: sub is safer.",
        )
    secret = secret_at(Place(folder, source, (*path, "client_secret_file")), table.client_secret_file)
    return OidcSettings(table.issuer, table.client_id, secret, table.claim, table.label, tuple(table.scopes))


def proxy(table: ProxyTable | None, source: Source) -> ProxySettings | None:
    """Return the settings of the proxy; one beside which others can stand is warned of."""
    if table is None:
        return None
    made = ProxySettings(table.header, tuple(map(ip_network, table.only_from)))
    if near := [str(each) for each in made.peers if _is_near(each)]:
        source.warn(
            ("web", "proxy", "only_from"),
            f"{near[0]} is this machine: whoever has an account here can connect too, and say that they are anybody.",
        )
    return made


def warn_of_nobody(table: OidcTable | ProxyTable | None, name: str, directory: Directory, source: Source) -> None:
    """Warn of a way to sign in by which nobody could."""
    if table and not any(person.sign_in for person in directory.people):
        source.warn(("web", name), "Nobody in directory.toml has sign_in, so that nobody can sign in by it.")


def _is_near(network: IPv4Network | IPv6Network) -> bool:
    return network.is_loopback
