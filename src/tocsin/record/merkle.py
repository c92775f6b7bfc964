"""The Merkle tree of RFC 6962: one hash for a whole list, and short proofs about it; signing is left to others.

Law: a leaf and an inner node never hash alike, for their first bytes differ.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Proof = tuple[bytes, ...]


def leaf_hash(content: bytes) -> bytes:
    """Hash the content of one leaf."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees together."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows to the right; it keeps the hash of every full subtree, so that nothing is hashed twice."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        """Build the tree of these leaf hashes."""
        # Full subtrees of 2**n leaves stand end to end in the n-th array: 64 bytes a leaf in all.
        self._levels = [bytearray()]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0]) // HASH_BYTES

    def leaf(self, index: int) -> bytes:
        """Return the leaf hash with this index, counted from 0."""
        assert 0 <= index < self.size, "a leaf is asked that is there"
        return self._subtree(index, index + 1)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        assert len(leaf) == HASH_BYTES, "a leaf is a hash"
        self._levels[0] += leaf
        height = 0
        while len(self._levels[height]) % (2 * HASH_BYTES) == 0:
            pair = bytes(self._levels[height][-2 * HASH_BYTES :])
            height += 1
            if height == len(self._levels):
                self._levels.append(bytearray())
            self._levels[height] += node_hash(pair[:HASH_BYTES], pair[HASH_BYTES:])

    def rewind(self, size: int) -> None:
        """Forget the leaves after the first `size`."""
        for height, level in enumerate(self._levels):
            del level[(size >> height) * HASH_BYTES :]

    def root(self, size: int | None = None) -> bytes:
        """Return the hash over the first `size` leaves, or over all."""
        size = self.size if size is None else size
        assert 0 <= size <= self.size, "a root is asked of leaves that are there"
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> Proof:
        """Return the proof that the leaf with this index, counted from 0, is among the first `size`."""
        assert 0 <= index < size <= self.size, "a leaf is proved to be among those that are there"
        return self._path(index, 0, size)

    def consistency(self, old: int, new: int) -> Proof:
        """Return the proof that the first `new` leaves begin with the first `old`."""
        assert 0 <= old <= new <= self.size, "an older tree is the smaller one"
        return self._subproof(old, 0, new, whole=True) if old else ()

    def _subtree(self, begin: int, end: int) -> bytes:
        width = end - begin
        if width & (width - 1) == 0:  # full: RFC 6962 cuts so that it begins at a multiple of its width
            height = width.bit_length() - 1
            place = (begin >> height) * HASH_BYTES
            return bytes(self._levels[height][place : place + HASH_BYTES])
        cut = begin + _left_width(width)
        return node_hash(self._subtree(begin, cut), self._subtree(cut, end))

    def _path(self, index: int, begin: int, end: int) -> Proof:
        if end - begin == 1:
            return ()
        cut = begin + _left_width(end - begin)
        if index < cut:
            return (*self._path(index, begin, cut), self._subtree(cut, end))
        return (*self._path(index, cut, end), self._subtree(begin, cut))

    def _subproof(self, old: int, begin: int, end: int, *, whole: bool) -> Proof:
        if old == end - begin:
            return () if whole else (self._subtree(begin, end),)
        left = _left_width(end - begin)
        cut = begin + left
        if old <= left:
            return (*self._subproof(old, begin, cut, whole=whole), self._subtree(cut, end))
        return (*self._subproof(old - left, cut, end, whole=False), self._subtree(begin, cut))


def proves_inclusion(leaf: bytes, proof: Sequence[bytes], root: bytes, *, index: int, size: int) -> bool:
    """Say whether the proof leads from this leaf to this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(
    proof: Sequence[bytes], *, old_size: int, old_root: bytes, new_size: int, new_root: bytes
) -> bool:
    """Say whether the proof shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2)."""
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if old_size >= new_size:
        return old_size == new_size and not proof and old_root == new_root
    # Of a full older tree the proof leaves out the root, which the verifier has.
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def _left_width(width: int) -> int:
    """Return the largest power of two below the width: where RFC 6962 cuts."""
    return 1 << ((width - 1).bit_length() - 1)
