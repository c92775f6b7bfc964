"""The key that signs the heads of the record: a file that only its owner reads, made at the very first start."""

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.domain.errors import RecordUnavailable
from tocsin.record.note import PublicKey

LARGEST_KEY_FILE_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the record's name, such as `example.org/tocsin`, and its key."""

    origin: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """What signatures are checked with."""
        return PublicKey.of(self.origin, self.key)


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a file, making both when there is none; raises `RecordUnavailable` with what to do."""
    try:
        if not path.exists():
            _make(path)
        return _load(path)
    except OSError as error:
        raise RecordUnavailable(f"The record's key {path} cannot be used: {error.strerror}.") from error


def _load(path: Path) -> Ed25519PrivateKey:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        content = file.read(LARGEST_KEY_FILE_BYTES)
    if mode & 0o077:
        raise RecordUnavailable(f"Others can read the record's key (mode {mode:04o}): chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as broken:
        raise RecordUnavailable(f"{path} holds no key that we can read: {broken}") from broken
    if not isinstance(key, Ed25519PrivateKey):
        raise RecordUnavailable(f"{path} holds a key of another kind: it takes an Ed25519 key.")
    return key


def _make(path: Path) -> None:
    """Write the whole file aside and link it into place: of two first starts at once, both then read the same key."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Have the file's name survive a power loss, as its content does: heads signed by a lost key help nobody."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
