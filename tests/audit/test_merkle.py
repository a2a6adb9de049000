"""The Merkle tree against the known vectors of RFC 6962, and against a plain oracle (AT9)."""

import hashlib
import random
from collections.abc import Sequence

import pytest

from andon.trail import merkle
from andon.trail.merkle import Tree, leaf_hash, node_hash

# The leaves, roots and proofs that the implementations of certificate transparency agree on.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {  # leaf and size, counted from 1 as in the vectors
    (1, 1): (),
    (1, 8): (A, B, C),
    (6, 8): (D, E, ROOTS[3]),
    (3, 3): (ROOTS[1],),
    (2, 5): (ROOTS[0], B, D),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): (A, B, C),
    (6, 8): (F, E, ROOTS[3]),
    (2, 5): (B, D),
}
SIZES = range(1, 34)


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(b"leaf %d" % number) for number in range(size)]


def oracle(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, word by word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(oracle(leaves[:split]), oracle(leaves[split:]))


def proof(leaves: Sequence[bytes], spans: list[merkle.Span]) -> list[bytes]:
    found = merkle.span_hashes(leaves, spans)
    return [found[span] for span in spans]


def root_of(leaves: Sequence[bytes]) -> bytes:
    tree = Tree()
    for leaf in leaves:
        tree.add_hash(leaf)
    return tree.root()


def test_AT9_the_roots_are_those_of_the_known_vectors() -> None:
    tree = Tree()
    assert tree.root().hex() == hashlib.sha256(b"").hexdigest()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.add(leaf)
        assert tree.root().hex() == root


@pytest.mark.parametrize(("place", "known"), INCLUSION.items())
def test_AT9_a_proof_of_inclusion_is_that_of_the_known_vectors(
    place: tuple[int, int], known: tuple[str, ...]
) -> None:
    number, size = place
    leaves = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    made = proof(leaves, merkle.inclusion_spans(number - 1, size))
    assert [digest.hex() for digest in made] == list(known)
    root = bytes.fromhex(ROOTS[size - 1])
    assert merkle.included(leaves[number - 1], number - 1, size, made, root)


@pytest.mark.parametrize(("sizes", "known"), CONSISTENCY.items())
def test_AT9_a_proof_of_consistency_is_that_of_the_known_vectors(
    sizes: tuple[int, int], known: tuple[str, ...]
) -> None:
    leaves = [leaf_hash(leaf) for leaf in LEAVES[: sizes[1]]]
    made = proof(leaves, merkle.consistency_spans(*sizes))
    assert [digest.hex() for digest in made] == list(known)
    first, second = (bytes.fromhex(ROOTS[size - 1]) for size in sizes)
    assert merkle.consistent(sizes, made, (first, second))


@pytest.mark.parametrize("size", SIZES)
def test_AT9_every_leaf_of_every_size_is_proved_and_no_other(size: int) -> None:
    leaves = hashes(size)
    root = oracle(leaves)
    assert root_of(leaves) == root
    for index in range(size):
        made = proof(leaves, merkle.inclusion_spans(index, size))
        assert merkle.included(leaves[index], index, size, made, root)
        assert not merkle.included(leaf_hash(b"other"), index, size, made, root)
        assert not merkle.included(leaves[index], index, size, [*made, root], root)
        for spoiled in _spoiled(made):
            assert not merkle.included(leaves[index], index, size, spoiled, root)
        for wrong in {(index + 1) % size, size - 1 - index} - {index}:
            assert not merkle.included(leaves[index], wrong, size, made, root)
    assert not merkle.included(leaves[0], size, size, [], root)


@pytest.mark.parametrize("new", SIZES)
def test_AT9_every_older_tree_is_proved_and_no_other(new: int) -> None:
    leaves = hashes(new)
    root = oracle(leaves)
    for old in range(1, new + 1):
        made, earlier = proof(leaves, merkle.consistency_spans(old, new)), oracle(leaves[:old])
        assert merkle.consistent((old, new), made, (earlier, root))
        assert not merkle.consistent((old, new), made, (leaf_hash(b"other"), root))
        assert not merkle.consistent((old, new), made, (earlier, leaf_hash(b"other")))
        for spoiled in _spoiled(made):
            assert not merkle.consistent((old, new), spoiled, (earlier, root))
    assert not merkle.consistent((new + 1, new), [], (root, root))
    assert not merkle.consistent((0, new), [], (root, root))


def _spoiled(made: list[bytes]) -> list[list[bytes]]:
    """Each proof with one step altered, and one with a step less."""
    altered = [
        [*made[:step], bytes([made[step][0] ^ 1, *made[step][1:]]), *made[step + 1 :]]
        for step in range(len(made))
    ]
    return [*altered, made[:-1]] if made else altered


def test_AT9_a_tree_goes_on_from_its_peaks() -> None:
    whole, leaves, chance = Tree(), hashes(300), random.Random(6962)
    for leaf in leaves:
        whole.add_hash(leaf)
        assert whole.sound()
    for cut in chance.sample(range(300), 20):
        tree = Tree()
        for leaf in leaves[:cut]:
            tree.add_hash(leaf)
        goes_on = Tree(tree.size, list(tree.peaks))
        for leaf in leaves[cut:]:
            goes_on.add_hash(leaf)
        assert goes_on.root() == whole.root()
    assert not Tree(3, [b""]).sound()


@pytest.mark.parametrize("index", [-1, 3])
def test_AT9_what_is_not_in_the_tree_has_no_proof(index: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        merkle.inclusion_spans(index, 3)
    with pytest.raises(ValueError, match="cannot be compared"):
        merkle.consistency_spans(4, 3)


def test_AT9_without_the_marks_of_leaf_and_node_a_node_passes_for_a_leaf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The broken twin: hashes of leaves and nodes must differ, or the tree proves what is not."""

    def forged_passes() -> bool:
        left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
        root = merkle.node_hash(left, right)
        return merkle.included(merkle.leaf_hash(left + right), 0, 1, [], root)

    assert not forged_passes()

    monkeypatch.setattr(merkle, "leaf_hash", lambda data: hashlib.sha256(data).digest())
    monkeypatch.setattr(merkle, "node_hash", lambda a, b: hashlib.sha256(a + b).digest())
    assert forged_passes()
