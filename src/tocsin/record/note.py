"""Signed notes as in c2sp.org/signed-note: text that people can read, with Ed25519 signature lines below it.

Laws: a line by an unknown key is passed over, a bad one by a known key spoils the note, and without a good one by a
known key there is no note.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tocsin.domain.errors import TocsinError

ED25519 = b"\x01"
KEY_ID_BYTES = 4
KEY_BYTES = 32
SIGNATURE_BYTES = 64
MOST_SIGNATURES = 100
LONGEST_NOTE = 100_000
"""In characters: a note comes from outside, and nobody is to choke on it."""
_BEGINS = "\N{EM DASH} "


class BadNote(TocsinError):
    """A note that is malformed, or that nobody whom we know has signed."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signatures are checked with, and the name it goes by."""

    name: str
    raw: bytes

    @classmethod
    def of(cls, name: str, key: Ed25519PrivateKey) -> "PublicKey":
        """Return the half of a signing key that may be shown."""
        return cls(name, key.public_key().public_bytes_raw())

    @property
    def id(self) -> bytes:
        """The short id in a signature line; it finds the key, and proves nothing."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """The key in one word, for a file, a page or an export: `name+id+key`."""
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.raw)}"

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Say whether the signature of the content is by this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Opened:
    """A note that holds: its text, and the first known key that signed it."""

    text: str
    by: PublicKey


def read_key(text: str) -> PublicKey:
    """Read what `PublicKey.text` wrote; raises `BadNote`."""
    parts = text.split("+", 2)  # base64 has + of its own
    if len(parts) != 3:
        raise BadNote(f"{text!r} is not a key: it is name+id+key.")
    name, key_id, encoded = parts
    raw = _from_base64(encoded)
    key = PublicKey(name, raw[1:])
    if raw[:1] != ED25519 or len(raw) != 1 + KEY_BYTES or key.id.hex() != key_id or not is_name(name):
        raise BadNote(f"{text!r} is not an Ed25519 key with its id.")
    return key


def is_name(name: str) -> bool:
    """Say whether a key may go by this name: one printable word without a plus sign."""
    return bool(name) and name.isprintable() and "+" not in name and not any(letter.isspace() for letter in name)


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Sign a text, which ends with a new line, in this name."""
    assert is_name(name), "a key's name is one word without a plus sign"
    assert text.endswith("\n"), "a note's text ends with a new line"
    signature = key.sign(text.encode())
    return f"{text}\n{_BEGINS}{name} {_base64(PublicKey.of(name, key).id + signature)}\n"


def open_note(note: str, keys: Iterable[PublicKey]) -> Opened:
    """Return the text of a note that one of these keys has signed; raises `BadNote`."""
    known = {(key.name, key.id): key for key in keys}
    text, lines = _divide(note)
    good: list[PublicKey] = []
    for name, key_id, signature in map(_signature, lines):
        key = known.get((name, key_id))
        if key is None:
            continue
        if not key.signed(text.encode(), signature):
            raise BadNote(f"The signature of {name} is not of this text.")
        good.append(key)
    if not good:
        raise BadNote("Nobody whom we know has signed this.")
    return Opened(text, good[0])


def _divide(note: str) -> tuple[str, list[str]]:
    if len(note) > LONGEST_NOTE or any(ord(letter) < 0x20 and letter != "\n" for letter in note):
        raise BadNote("This is not a note: it is too long, or holds control characters.")
    text, gap, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not gap or not text or lines.pop() != "" or not 1 <= len(lines) <= MOST_SIGNATURES:
        raise BadNote("This is not a note: it is text, an empty line, and signature lines.")
    return text + "\n", lines


def _signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.removeprefix(_BEGINS).split(" ")
    if not line.startswith(_BEGINS) or len(parts) != 2 or not is_name(parts[0]):
        raise BadNote(f"{line!r} is not a signature line.")
    content = _from_base64(parts[1])
    if len(content) <= KEY_ID_BYTES:
        raise BadNote(f"{line!r} holds no signature.")
    return parts[0], content[:KEY_ID_BYTES], content[KEY_ID_BYTES:]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _from_base64(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise BadNote(f"{text!r} is not base64.") from broken
    if _base64(content) != text:
        raise BadNote(f"{text!r} is not base64 as it is written.")
    return content
