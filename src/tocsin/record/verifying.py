"""Telling whether a record is still what was signed: entries, signed heads and public keys in, a verdict out.

Law: nothing is believed but the keys. A head held elsewhere, such as in the admin log, is handed in like any other.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tocsin.record.checkpoint import Head, open_head
from tocsin.record.entry import Entry, flaws
from tocsin.record.merkle import Tree
from tocsin.record.note import BadNote, PublicKey


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not fit, at a position of the record; 0 stands for the record as a whole."""

    position: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and everything that was wrong with it."""

    positions: int
    redacted: int
    signed_heads: int
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Say whether the record is what was signed."""
        return not self.problems


def verify(entries: Iterable[Entry], checkpoints: Iterable[str], keys: Sequence[PublicKey]) -> Verdict:
    """Check every entry, the chain, the tree and each signed head; reads the entries once, in the order given."""
    tree, problems, redacted = Tree(), list[Problem](), 0
    versions: dict[str, int] = defaultdict(int)
    before: Entry | None = None
    for entry in entries:
        problems.extend(Problem(entry.position, flaw) for flaw in flaws(entry, before))
        problems.extend(_out_of_step(entry, versions))
        tree.append(entry.hash_of_content())
        redacted += entry.redacted
        before = entry
    heads = list(_opened(checkpoints, keys, problems))
    problems.extend(_head_problems(sorted(heads, key=lambda head: head.size), tree))
    return Verdict(tree.size, redacted, len(heads), tuple(problems))


def _out_of_step(entry: Entry, versions: dict[str, int]) -> Iterator[Problem]:
    expected = versions[entry.stream] + 1
    if entry.version != expected:
        sentence = f"Entry {entry.position} is number {entry.version} of {entry.stream}, where {expected} belongs."
        yield Problem(entry.position, sentence)
    versions[entry.stream] = entry.version


def _opened(checkpoints: Iterable[str], keys: Sequence[PublicKey], problems: list[Problem]) -> Iterator[Head]:
    for note in checkpoints:
        try:
            yield open_head(note, keys)
        except BadNote as bad:
            problems.append(Problem(0, f"A signed head is not good: {bad}"))


def _head_problems(heads: Sequence[Head], tree: Tree) -> Iterator[Problem]:
    """Say each kind of trouble once, where it begins: from one wrong entry on, every head is wrong."""
    within = [head for head in heads if head.size <= tree.size]
    wrong = [head.size for head in within if tree.root(head.size) != head.root]
    if wrong:
        others = f", nor {len(wrong) - 1} after it" if len(wrong) > 1 else ""
        yield Problem(wrong[0], f"The first {wrong[0]} entries are not those of the head signed for them{others}.")
    largest = heads[-1].size if heads else 0
    if largest > tree.size:
        yield Problem(tree.size + 1, f"A head was signed over {largest} entries: those after {tree.size} are missing.")
    if largest < tree.size:
        yield Problem(largest + 1, f"Nobody signed the entries from {largest + 1} to {tree.size}.")
