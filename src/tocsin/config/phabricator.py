"""[phabricator] of tocsin.toml: the site whose tasks are read and commented on; asking it is for neighbours."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tocsin.config.checking import Table
from tocsin.config.names import Sentence, WebAddress
from tocsin.config.private_files import Place, secret_at
from tocsin.config.reading import Source
from tocsin.config.reviews import LOOPBACK
from tocsin.neighbours.tasks.conduit import ConduitSettings
from tocsin.neighbours.tasks.phabricator import PhabricatorSettings


def over_tls(address: str) -> str:
    """Return an address that may be asked with a secret: over TLS, or on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("is on another machine: ask it by https://")
    if parts.fragment:
        raise ValueError("ends before any #")
    return address.rstrip("/")


def _without_question(address: str) -> str:
    if urlsplit(address).query:
        raise ValueError("ends before any ?: it is the address behind which tasks have theirs")
    return address


def _spaces(phids: list[str]) -> list[str]:
    for phid in phids:
        if not phid.startswith("PHID-SPCE-"):
            raise ValueError(f"holds {phid!r}: the PHID of a space begins with PHID-SPCE-")
    return phids


class PhabricatorTable(Table):
    """A Phabricator or Phorge, asked over Conduit."""

    site: Annotated[WebAddress, AfterValidator(over_tls), AfterValidator(_without_question)] = Field(
        description="The address behind which tasks have theirs, such as https://tasks.example.org."
    )
    token_file: Sentence = Field(description="The file that holds the Conduit token of tocsin's account, mode 0600.")
    public_spaces: Annotated[list[Sentence], AfterValidator(_spaces)] = Field(
        default=[],
        description="The PHIDs of the spaces that the public may enter; a task in any other space is private.",
    )


def phabricator(table: PhabricatorTable | None, folder: Path, source: Source) -> PhabricatorSettings | None:
    """Make settings of the table, with the token of its file."""
    if table is None:
        return None
    token = secret_at(Place(folder, source, ("phabricator", "token_file")), table.token_file)
    return PhabricatorSettings(ConduitSettings(table.site, token), frozenset(table.public_spaces))
