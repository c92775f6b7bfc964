"""Which LDAP is asked, and which of its groups are teams; asking it is for `ldap_groups`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from tocsin.domain.people import TeamId


@dataclass(frozen=True, slots=True)
class LdapSettings:
    """Where groups are read, and as whom (anybody, where nobody is named); `keep` is how long an answer is believed."""

    address: str
    user_base: str
    groups: Mapping[TeamId, str] = field(default_factory=dict)
    start_tls: bool = False
    ca_file: str = ""
    bind_dn: str = ""
    password: str = field(default="", repr=False)
    name_attribute: str = "uid"
    every: timedelta = timedelta(minutes=1)
    keep: timedelta = timedelta(hours=24)

    @property
    def system(self) -> str:
        """Return what people call it when it does not answer."""
        return f"LDAP at {self.host}"

    @property
    def host(self) -> str:
        """Return the name by which its certificate must know it."""
        return urlsplit(self.address).hostname or ""
