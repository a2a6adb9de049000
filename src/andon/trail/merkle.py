"""The Merkle tree of RFC 6962 over the payloads of a stream: roots, and proofs from a walk (AT9).

A tree is kept as its peaks, the roots of its perfect subtrees from the largest to the smallest,
so that it grows by an entry in constant memory. The chain serves the local walk; what is proved
to somebody else is proved by this tree alone.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

EMPTY = hashlib.sha256().digest()
Span = tuple[int, int]
"""The leaves from the first number up to, and without, the second."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf; never that of a node (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above ``left`` and ``right``."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """A tree by its size and its peaks."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, data: bytes) -> None:
        """Add the next leaf."""
        self.add_hash(leaf_hash(data))

    def add_hash(self, digest: bytes) -> None:
        """Add the next leaf by its hash."""
        size = self.size
        while size & 1:
            digest = node_hash(self.peaks.pop(), digest)
            size >>= 1
        self.peaks.append(digest)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves."""
        return _joined(self.peaks) if self.peaks else EMPTY

    def copy(self) -> "Tree":
        return Tree(self.size, list(self.peaks))

    def sound(self) -> bool:
        """Whether there are as many peaks as a tree of this size has."""
        return self.size >= 0 and len(self.peaks) == self.size.bit_count()


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return which parts of a tree of ``size`` prove its leaf ``index``, the nearest first."""
    if not 0 <= index < size:
        message = f"A tree of {size} leaves has no leaf {index}."
        raise ValueError(message)
    return _path(index, 0, size)


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return which parts of the tree of ``new`` leaves prove that it began as that of ``old``."""
    if not 0 < old <= new:
        message = f"A tree of {new} leaves cannot be compared with one of {old}."
        raise ValueError(message)
    return _subproof(old, 0, new, whole=True)


def _path(index: int, start: int, end: int) -> list[Span]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle), (middle, end)]
    return [*_path(index, middle, end), (start, middle)]


def _subproof(old: int, start: int, end: int, *, whole: bool) -> list[Span]:
    if old == end:
        return [] if whole else [(start, end)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(old, start, middle, whole=whole), (middle, end)]
    return [*_subproof(old, middle, end, whole=False), (start, middle)]


def _split(count: int) -> int:
    """Return the largest power of two below ``count``."""
    return int(1 << (count - 1).bit_length() - 1)


def span_hashes(leaves: Iterable[bytes], spans: Iterable[Span]) -> dict[Span, bytes]:
    """Walk once along the hashes of ``leaves`` and return the root of each span."""
    parts = {span: list(_perfect(*span)) for span in spans}
    wanted = {part for found in parts.values() for part in found}
    nodes: dict[tuple[int, int], bytes] = {}
    peaks: list[bytes] = []
    for index, digest in enumerate(leaves):
        level, at = 0, index
        if (0, index) in wanted:
            nodes[0, index] = digest
        while at & 1:
            digest = node_hash(peaks.pop(), digest)  # noqa: PLW2901  (it climbs)
            level, at = level + 1, at >> 1
            if (level, at) in wanted:
                nodes[level, at] = digest
        peaks.append(digest)
    return {span: _joined([nodes[part] for part in found]) for span, found in parts.items()}


def _perfect(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the perfect subtrees, each by level and place, that a span is made of."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def _joined(peaks: Sequence[bytes]) -> bytes:
    digest = peaks[-1]
    for peak in reversed(peaks[:-1]):
        digest = node_hash(peak, digest)
    return digest


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` leads from the hash of ``leaf`` to ``root`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, digest = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(other, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = node_hash(digest, other)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == root


def consistent(sizes: Span, proof: Sequence[bytes], roots: tuple[bytes, bytes]) -> bool:
    """Whether the tree of the second size and root began as that of the first (2.1.4.2)."""
    first, second = sizes
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and roots[0] == roots[1]
    steps = [roots[0], *proof] if first & (first - 1) == 0 else list(proof)
    return bool(steps) and _climb(first - 1, second - 1, steps, roots)


def _climb(place: int, last: int, steps: Sequence[bytes], roots: tuple[bytes, bytes]) -> bool:
    while place & 1:
        place, last = place >> 1, last >> 1
    earlier = later = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            earlier, later = node_hash(other, earlier), node_hash(other, later)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            later = node_hash(later, other)
        place, last = place >> 1, last >> 1
    return last == 0 and (earlier, later) == roots
