"""[ldap] of directory.toml: where groups are read whose members are in teams; asking is for neighbours."""

import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.durations import in_words
from tocsin.config.names import Duration, Sentence, matching
from tocsin.config.private_files import Place, file_at, secret_at
from tocsin.config.reading import Source
from tocsin.config.reviews import LOOPBACK
from tocsin.domain.people import TeamId
from tocsin.neighbours.ldap.names import parsed
from tocsin.neighbours.ldap.settings import LdapSettings

SHORTEST: Final = timedelta(seconds=10)
LONGEST: Final = timedelta(hours=1)
_USUAL: Final = LdapSettings("", "")


def _dn(text: str) -> str:
    if not parsed(text):
        raise ValueError("is a distinguished name such as cn=ops,ou=groups,dc=example,dc=org")
    return text


def _address(text: str) -> str:
    if not _is_address(text):
        raise ValueError("is an address such as ldaps://ldap.example.org")
    parts = urlsplit(text)
    if parts.username or parts.password or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("ends with the host or its port: who signs in and what is read stand in keys of their own")
    return text.rstrip("/")


def _is_address(text: str) -> bool:
    """Reading the port of an address is what checks it."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("ldap", "ldaps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _rhythm(every: timedelta) -> timedelta:
    if not SHORTEST <= every <= LONGEST:
        raise ValueError(f"is from {in_words(SHORTEST)} to {in_words(LONGEST)}, not {in_words(every)}")
    return every


Dn = Annotated[Sentence, AfterValidator(_dn)]


class LdapTable(Table):
    """An LDAP server, which is only read."""

    address: Annotated[Sentence, AfterValidator(_address)] = Field(
        description="The server, such as ldaps://ldap.example.org, or ldap:// with start_tls."
    )
    user_base: Dn = Field(description="Under which people are: an entry elsewhere is nobody's.")
    start_tls: bool = Field(default=_USUAL.start_tls, description="Whether TLS begins on a connection by ldap://.")
    ca_file: str = Field(
        default=_USUAL.ca_file, description="The file of certificates to trust, PEM; those of the machine without."
    )
    bind_dn: Dn | None = Field(default=None, description="Who tocsin is there; without, it asks as anybody would.")
    password_file: str = Field(default="", description="With bind_dn: the file that holds its password, mode 0600.")
    name_attribute: Annotated[
        str, AfterValidator(matching(r"[A-Za-z][A-Za-z0-9-]{0,63}", "is the name of an attribute, such as uid"))
    ] = Field(default=_USUAL.name_attribute, description="The attribute of people's entries that holds their name.")
    every: Annotated[Duration, AfterValidator(_rhythm)] = Field(
        default=_USUAL.every, description="How often it is asked."
    )
    keep: Duration = Field(
        default=_USUAL.keep,
        description="How long its last answer counts while it is silent; then nobody is a member by LDAP alone.",
    )


def ldap(table: LdapTable | None, groups: Mapping[TeamId, str], folder: Path, source: Source) -> LdapSettings | None:
    """Make settings of the table and of the teams' groups, and report what does not go together."""
    if table is None:
        for team in groups if "ldap" not in source.data else ():
            source.error(
                ("teams", team, "ldap_group"), "No LDAP is asked: write [ldap] too, with address and user_base."
            )
        return None
    _check(table, source)
    if not any("ldap_group" in each for each in _teams(source)):
        source.warn(("ldap",), "No team has an ldap_group, so that nothing is asked.")
    place = Place(folder, source, ("ldap", "password_file"))
    made = LdapSettings(
        address=table.address,
        user_base=table.user_base,
        groups=groups,
        start_tls=table.start_tls,
        ca_file=_trusted(Place(folder, source, ("ldap", "ca_file")), table.ca_file),
        bind_dn=table.bind_dn or "",
        password=secret_at(place, table.password_file) if table.bind_dn else "",
    )
    return replace(made, name_attribute=table.name_attribute, every=table.every, keep=table.keep)


def _check(table: LdapTable, source: Source) -> None:
    parts = urlsplit(table.address)
    if parts.scheme == "ldap" and not table.start_tls and parts.hostname not in LOOPBACK:
        sentence = "The server is on another machine: ask it by ldaps://, or with start_tls = true."
        source.error(("ldap", "address"), sentence)
    if parts.scheme == "ldaps" and table.start_tls:
        source.error(("ldap", "start_tls"), "ldaps:// is TLS from the start: take start_tls out.")
    if bool(table.bind_dn) != bool(table.password_file):
        there, missing = ("bind_dn", "password_file") if table.bind_dn else ("password_file", "bind_dn")
        source.error(("ldap", there), f"The sign-in needs {missing} too; without both it asks as anybody would.")
    if table.keep < table.every:
        source.error(("ldap", "keep"), f"keep is shorter than every ({in_words(table.every)}): make it longer.")


def _teams(source: Source) -> list[Mapping[str, object]]:
    teams = source.data.get("teams")
    return [each for each in teams.values() if isinstance(each, dict)] if isinstance(teams, dict) else []


def _trusted(place: Place, name: str) -> str:
    """Return the path of a file that holds certificates."""
    path = file_at(place, name)
    if path and Path(path).is_file():
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
        except OSError:  # an error of TLS is one too
            place.error(f"{name} holds no certificate in PEM that can be read.")
    return path
