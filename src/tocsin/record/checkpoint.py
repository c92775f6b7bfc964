"""Signed tree heads as in c2sp.org/tlog-checkpoint: whoever holds one can tell whether the record was changed since."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.record.merkle import HASH_BYTES
from tocsin.record.note import BadNote, PublicKey, open_note, sign_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """How many entries a record has, and the hash over all of them; `origin` names the record."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The head as it is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_head(head: Head, key: Ed25519PrivateKey) -> str:
    """Return the head as a note, signed in the name of its origin."""
    return sign_note(head.text, head.origin, key)


def open_head(note: str, keys: Iterable[PublicKey]) -> Head:
    """Return the head that one of these keys has signed in the name of its origin; raises `BadNote`."""
    opened = open_note(note, keys)
    head = _read(opened.text)
    if head.origin != opened.by.name:
        raise BadNote(f"{opened.by.name} has signed the head of another record, {head.origin}.")
    return head


def _read(text: str) -> Head:
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise BadNote("This is not a checkpoint: it is an origin, a size and a root, each on its line.")
    origin, size, root = lines[:3]  # what follows are extensions, which say nothing to us
    if not _SIZE.fullmatch(size):
        raise BadNote(f"{size!r} is not the size of a record.")
    return Head(origin, int(size), _root(root))


def _root(text: str) -> bytes:
    try:
        root = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise BadNote(f"{text!r} is not base64.") from broken
    if len(root) != HASH_BYTES or base64.b64encode(root).decode() != text:
        raise BadNote(f"{text!r} is not the root of a tree.")
    return root
