"""The tree is that of RFC 6962, and its proofs prove."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.record.merkle import EMPTY_ROOT, Tree, leaf_hash, proves_consistency, proves_inclusion

# The leaves and roots that the implementations of certificate transparency test themselves with.
LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
sizes = st.integers(0, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def plain_root(hashes: list[bytes]) -> bytes:
    """Hash as the RFC says it, word by word."""
    if not hashes:
        return sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    cut = max(2**power for power in range(20) if 2**power < len(hashes))
    return sha256(b"\x01" + plain_root(hashes[:cut]) + plain_root(hashes[cut:])).digest()


def test_the_tree_has_the_roots_that_others_found() -> None:
    tree = Tree()
    assert tree.root() == EMPTY_ROOT == sha256(b"").digest()
    for content, root in zip(LEAVES, ROOTS, strict=True):
        tree.append(leaf_hash(content))
        assert tree.root().hex() == root


@given(sizes)
def test_every_size_has_the_root_of_the_rfc(size: int) -> None:
    tree = Tree(leaves(70))
    assert tree.root(size) == plain_root(leaves(size))


@given(sizes, sizes)
def test_a_rewound_tree_grows_as_if_nothing_had_been(size: int, more: int) -> None:
    tree = Tree(leaves(size + more))
    tree.rewind(size)
    assert (tree.size, tree.root()) == (size, plain_root(leaves(size)))
    for leaf in leaves(70):
        tree.append(leaf)
    assert tree.root() == plain_root(leaves(size) + leaves(70))


@given(st.data())
def test_a_leaf_is_proved_to_be_in_its_place_and_nowhere_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    index = data.draw(st.integers(0, size - 1))
    tree, leaf = Tree(leaves(45)), leaves(45)[index]
    proof, root = tree.inclusion(index, size), tree.root(size)
    assert proves_inclusion(leaf, proof, root, index=index, size=size)
    for other in range(-1, size + 1):
        assert proves_inclusion(leaf, proof, root, index=other, size=size) == (other == index)
    assert not proves_inclusion(leaf_hash(b"other"), proof, root, index=index, size=size)
    assert not proves_inclusion(leaf, (*proof, leaf), root, index=index, size=size)
    assert not proof or not proves_inclusion(leaf, proof[:-1], root, index=index, size=size)


@given(st.data())
def test_a_tree_is_proved_to_begin_with_an_older_one(data: st.DataObject) -> None:
    new = data.draw(st.integers(0, 40))
    old = data.draw(st.integers(0, new))
    tree = Tree(leaves(45))
    proof = tree.consistency(old, new)
    roots = {"old_size": old, "new_size": new}
    assert proves_consistency(proof, old_root=tree.root(old), new_root=tree.root(new), **roots)
    assert not proves_consistency(proof, old_root=leaf_hash(b"forged"), new_root=tree.root(new), **roots)
    assert not proves_consistency((*proof, EMPTY_ROOT), old_root=tree.root(old), new_root=tree.root(new), **roots)
    if old:
        assert not proves_consistency(proof, old_root=tree.root(old), new_root=leaf_hash(b"forged"), **roots)
        assert not proof or not proves_consistency(
            proof[:-1], old_root=tree.root(old), new_root=tree.root(new), **roots
        )


def test_a_tree_that_changed_an_old_leaf_cannot_prove_that_it_did_not() -> None:
    honest = Tree(leaves(20))
    forged = Tree([*leaves(5), leaf_hash(b"forged"), *leaves(20)[6:]])
    proof = forged.consistency(13, 20)
    assert not proves_consistency(proof, old_size=13, old_root=honest.root(13), new_size=20, new_root=forged.root(20))


@pytest.mark.parametrize(("old", "new"), [(3, 2), (5, 1)])
def test_a_larger_tree_is_never_the_older_one(old: int, new: int) -> None:
    tree = Tree(leaves(5))
    assert not proves_consistency((), old_size=old, old_root=tree.root(old), new_size=new, new_root=tree.root(new))
