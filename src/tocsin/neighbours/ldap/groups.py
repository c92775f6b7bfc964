"""Members of groups in LDAP, by the names that their entries bear; nothing is written, and no referral followed.

Laws: what is not the whole answer is none. A group that is not there has no members, and neither has one an entry that
is gone. A group within a group is not looked into. Only who is under `user_base` is anybody.
"""

import asyncio
import socket
import ssl
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol

from tocsin.domain.errors import Unreachable
from tocsin.domain.people import TeamId
from tocsin.neighbours.asking.circuit import Circuit
from tocsin.neighbours.ldap.names import Dn, Rdn, parsed, same
from tocsin.neighbours.ldap.settings import LdapSettings

with warnings.catch_warnings():
    # It uses old names of a library below it, which says so at every import.
    warnings.simplefilter("ignore", DeprecationWarning)
    import ldap3  # type: ignore[import-untyped] # it has no types of its own
    from ldap3.utils.conv import escape_filter_chars  # type: ignore[import-untyped] # nor here

SECONDS: Final = 4.5
PATIENCE_SECONDS: Final = 4
"""For connecting, and for each answer: the library takes whole seconds."""
MOST_MEMBERS: Final = 2_000
"""Of all groups: more is no team, but the wrong group, and could not be looked up in time."""
AT_ONCE: Final = 200
PAGE: Final = 500
SUCCESS: Final = 0
NO_SUCH_OBJECT: Final = 32
REFUSED: Final = {
    8: "it asks for a stronger sign-in: use ldaps:// or start_tls",
    10: "it refers to another server: name that one in address",
    13: "it asks for TLS: use ldaps:// or start_tls",
    48: "it takes no sign-in of this kind: write bind_dn and password_file",
    49: "it does not take bind_dn with the password of password_file",
    50: "it does not let us read: give bind_dn the right to, or write another",
}
_DNS: Final = ("member", "uniqueMember")
_NAMES: Final = "memberUid"

Entry = dict[str, list[bytes]]


class _Connection(Protocol):
    """What we touch of the library's connection."""

    socket: socket.socket


class _Verified(ldap3.Tls):  # type: ignore[misc] # the library has no types
    """TLS that takes only a certificate which is trusted and bears the server's name, as the language itself checks."""

    def __init__(self, settings: LdapSettings) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = ssl.create_default_context(cafile=settings.ca_file or None)
        self._host = settings.host
        self.refused = ""

    def wrap_socket(self, connection: _Connection, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's way
        """Begin TLS on a connection, and remember why a certificate was not taken."""
        opened, host = connection.socket, self._host
        connection.socket = wrapped = self._context.wrap_socket(
            opened, server_hostname=host, do_handshake_on_connect=False
        )
        try:
            wrapped.do_handshake()  # apart, so that it can be given up by then
        except ssl.SSLCertVerificationError as error:
            self.refused = error.verify_message
            raise


@dataclass(frozen=True, slots=True)
class LdapGroups:
    """The groups of one server."""

    settings: LdapSettings
    seconds: float = SECONDS
    circuit: Circuit = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep one circuit, which remembers whether it answers."""
        object.__setattr__(self, "circuit", Circuit(self.settings.system))

    async def members(self) -> Mapping[TeamId, frozenset[str]]:
        """Return the names of each group's members; raises `Unreachable`."""
        with self.circuit.asking():
            asking = _Asking(self.settings)
            try:
                async with asyncio.timeout(self.seconds):
                    return await asyncio.to_thread(asking.members)
            except TimeoutError:
                raise Unreachable(self.settings.system, "no answer in time") from None
            finally:
                asking.give_up()


class _Asking:
    """One conversation, in a thread of its own."""

    def __init__(self, settings: LdapSettings) -> None:
        self._settings = settings
        self._connection: Any = None

    def members(self) -> Mapping[TeamId, frozenset[str]]:
        """Ask for every group, then for everybody whom one names."""
        with self._translating():
            groups = {team: self._group(dn) for team, dn in self._settings.groups.items()}
            if sum(len(dns) + len(names) for dns, names in groups.values()) > MOST_MEMBERS:
                raise self._unreachable(f"the groups have more than {MOST_MEMBERS} members: name smaller ones")
            known = self._names({dn for dns, _ in groups.values() for dn in dns})
        return {
            team: frozenset({*names, *(name for dn in dns for name in known.get(dn, ()))})
            for team, (dns, names) in groups.items()
        }

    def give_up(self) -> None:
        """End a read that is waited for no longer, so that its thread ends; what is closed already stays so."""
        opened = self._connection.socket if self._connection else None
        if opened is not None:
            try:
                socket.socket.shutdown(opened, socket.SHUT_RDWR)  # that of a TLS socket would not wake its reader
            except OSError:
                return

    @contextmanager
    def _translating(self) -> Iterator[None]:
        """Hold a connection, and say what goes wrong in words: what the library says may hold what was sent."""
        tls = None
        try:
            tls = _Verified(self._settings)
            self._open(tls)
            yield
        except Unreachable:
            raise
        except Exception as error:  # noqa: BLE001 - of bytes that are no LDAP the library makes whatever it stumbles over
            if tls and tls.refused:
                why = f"its certificate is not trusted: {tls.refused}"
                raise self._unreachable(f"{why} (ca_file names whom to trust)") from None
            raise self._unreachable(f"no usable answer ({type(error).__name__})") from None
        finally:
            if self._connection is not None and self._connection.socket is not None:
                self._connection.socket.close()  # the library leaves one open that could not connect

    def _open(self, tls: _Verified) -> None:
        settings = self._settings
        server = ldap3.Server(settings.address, get_info=ldap3.NONE, tls=tls, connect_timeout=PATIENCE_SECONDS)
        connection = ldap3.Connection(
            server,
            settings.bind_dn or None,
            settings.password or None,
            auto_referrals=False,
            check_names=False,
            read_only=True,
            receive_timeout=PATIENCE_SECONDS,
        )
        self._connection = connection  # from here on it can be given up
        connection.open(read_server_info=False)
        if settings.start_tls and not connection.start_tls(read_server_info=False):
            raise self._unreachable("it does not begin TLS: use ldaps://, if it has that")
        connection.bind(read_server_info=False)
        self._must_have(SUCCESS)

    def _group(self, dn: str) -> tuple[frozenset[Dn], frozenset[str]]:
        """Return whom a group names by their entries, and whom by a name."""
        wanted = [*_DNS, _NAMES]
        self._connection.search(dn, "(objectClass=*)", ldap3.BASE, attributes=wanted, size_limit=1)
        self._must_have(SUCCESS, NO_SUCH_OBJECT)
        found = (each["raw_attributes"] for each in _entries(self._connection.response))
        entry: Entry = next(found, {})
        if any(";range=" in key for key in entry):
            raise self._unreachable(f"only a part of the members of {dn} was told")
        dns = (parsed(_text(value)) for key in _DNS for value in entry.get(key, ()))
        names = (_text(value).strip() for value in entry.get(_NAMES, ()))
        return frozenset(same(each) for each in dns if each), frozenset(each for each in names if each)

    def _names(self, dns: Iterable[Dn]) -> dict[Dn, tuple[str, ...]]:
        """Look for many entries at once by what their names begin with; of those found some bear other names."""
        known: dict[Dn, tuple[str, ...]] = {}
        wanted, attribute = sorted(dns), self._settings.name_attribute
        for start in range(0, len(wanted), AT_ONCE):
            asked = frozenset(wanted[start : start + AT_ONCE])
            for dn, entry in self._search(_any_of(sorted({each[0] for each in asked})), attribute):
                if (found := same(parsed(dn))) in asked:
                    values = next((each for key, each in entry.items() if key.lower() == attribute.lower()), [])
                    known[found] = tuple(_text(value) for value in values)
        return known

    def _search(self, wanted: str, attribute: str) -> Iterator[tuple[str, Entry]]:
        """Read under `user_base`, page by page."""
        pages = self._connection.extend.standard.paged_search(
            self._settings.user_base, wanted, ldap3.SUBTREE, attributes=[attribute], paged_size=PAGE, generator=True
        )
        for number, each in enumerate(islice(pages, MOST_MEMBERS + 1)):
            self._must_have(SUCCESS)
            if number == MOST_MEMBERS:
                raise self._unreachable("more entries bear such names than can be members")
            yield from ((entry["dn"], entry["raw_attributes"]) for entry in _entries([each]))
        self._must_have(SUCCESS)

    def _must_have(self, *results: int) -> None:
        code = self._connection.result["result"]
        if code in results:
            return
        if code == NO_SUCH_OBJECT:
            raise self._unreachable(f"there is no {self._settings.user_base}, or it is not shown: mend user_base")
        raise self._unreachable(REFUSED.get(code, f"it answers {self._connection.result['description']}"))

    def _unreachable(self, why: str) -> Unreachable:
        return Unreachable(self._settings.system, why)


def _any_of(rdns: Iterable[Rdn]) -> str:
    """Return a filter of everything whose own name begins in one of these ways."""
    return f"(|{''.join(_equal(rdn) for rdn in rdns)})"


def _equal(rdn: Rdn) -> str:
    pairs = [f"({key}={escape_filter_chars(value)})" for key, value in rdn]
    return pairs[0] if len(pairs) == 1 else f"(&{''.join(pairs)})"


def _entries(response: Iterable[dict[str, Any]] | None) -> Iterator[dict[str, Any]]:
    """References to other servers are among what is found, and nobody follows them."""
    return (each for each in response or () if each.get("type") == "searchResEntry")


def _text(value: bytes) -> str:
    return value.decode(errors="replace")
