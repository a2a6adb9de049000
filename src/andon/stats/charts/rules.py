"""Run rules of Western Electric and Nelson, in blocks over series of any length."""

import functools
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from andon.stats.blocks import Engine, kernels
from andon.stats.charts.patterns import LONGEST, Line, answers, completed
from andon.stats.inputs import ArgumentError, Floats, Values, listing, one_of, real, series, whole
from andon.stats.registers import BITS
from andon.stats.results import plain
from andon.stats.sentences import NO_DATA, Sentence

_BLOCK = 32_768  # points at a time: five arrays of them fit the second-level cache

DEFAULT_RULES = ("n1", "we4")
"""Andon's rules: beyond 3 sigma, and 8 in a row on one side (the full sets flood people)."""


class RunRules(dict[str, list[int]]):
    """Rule → points (from 1) that complete it, and how it came about."""

    def __init__(self, found: dict[str, list[int]], *, n: int, n_missing: int) -> None:
        super().__init__(found)
        self.n = n
        self.n_missing = n_missing
        self.method = "the point that completes a pattern; beyond is strict; full windows only"
        self.warnings: tuple[Sentence, ...] = () if n else (NO_DATA,)

    def to_dict(self) -> dict[str, object]:
        """The points by rule, and how they came about, as plain values."""
        about = {"n": self.n, "n_missing": self.n_missing, "method": self.method}
        return plain({**self, **about, "warnings": self.warnings})  # type: ignore[return-value]


def run_rules(
    x: Values,
    center: float | Values,
    sigma: float | Values,
    rules: Iterable[str] = DEFAULT_RULES,
    *,
    restarts: Sequence[int] = (),
    engine: Engine = "numpy",
) -> RunRules:
    """Points that complete a pattern which chance seldom makes.

    ======== ==========================================================================
    n1, we1  one point beyond 3 sigma
    n2, we4  9 (n2) or 8 (we4) in a row on one side of the centre
    n3       6 in a row rising, or falling
    n4       14 in a row alternating up and down
    n5, we2  2 of 3 beyond 2 sigma on the same side
    n6, we3  4 of 5 beyond 1 sigma on the same side
    n7       15 in a row within 1 sigma
    n8       8 in a row beyond 1 sigma, both sides present
    ======== ==========================================================================

    A point on the centre ends a run, equal neighbours end a trend, a missing point breaks every
    pattern, and a window never reaches before the first point. In "m of k" rules the completing
    point itself lies beyond the line [1]_ [2]_.

    Parameters
    ----------
    x : sequence of float or None
        The plotted values in time order.
    center, sigma : float or sequence
        Centre and sigma of the plotted statistic, one for all or one for each point. Where they
        vary, trends are judged on standardised values.
    rules : iterable of str
        Rule ids; default `DEFAULT_RULES`.
    restarts : sequence of int
        Points (from 1) at which a new phase begins: all counters start again.
    engine : {"numpy", "compiled"}
        ``compiled`` needs numba; it pays for a million points.

    Returns
    -------
    RunRules
        A dict from rule to list of points.

    Raises
    ------
    ValueError
        For an unknown rule, a negative sigma, infinite values, or lengths that differ.

    References
    ----------
    .. [1] L. S. Nelson, J. Quality Technology 16 (1984) 237.
    .. [2] Western Electric, Statistical Quality Control Handbook (1956).

    Examples
    --------
    >>> run_rules([1, 2, 1, 2, 1, 1, 2, 1, 9, 0], 0, 2)
    {'n1': [9], 'we4': [8, 9]}
    """
    values = series(x, "x")
    chosen = [one_of(rule, tuple(BITS), "rules") for rule in listing(rules, "rules")]
    lines = _Lines.of(values, center, sigma)
    ask = _hits if engine == "numpy" else _compiled(engine)
    missing = 0
    wanted = functools.reduce(operator.or_, (BITS[rule] for rule in chosen), 0)
    where, what = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int16)]
    for start, stop in pairwise([0, *_starts(restarts, values.size), values.size]):
        for block in range(start, stop, _BLOCK):
            first, end = max(start, block - LONGEST + 1), min(block + _BLOCK, stop)
            part = lines.part(first, end)
            bits = ask(values[first:end], *part, varying=lines.varying)[block - first :]
            missing += int(np.count_nonzero(np.isnan(values[block:end])))
            some = np.flatnonzero((bits & wanted) != 0)
            what.append(bits[some])
            where.append(some + (block + 1))
    points, found = np.concatenate(where), np.concatenate(what)
    hits = {rule: list(points[(found & BITS[rule]) != 0].tolist()) for rule in chosen}
    return RunRules(hits, n=values.size - missing, n_missing=missing)


@dataclass(frozen=True)
class _Lines:
    """Centre and sigma, as one number each unless they vary."""

    center: Line
    sigma: Line
    varying: bool

    @classmethod
    def of(cls, x: Floats, center: float | Values, sigma: float | Values) -> "_Lines":
        middle, spread = _along(center, x, "center"), _along(sigma, x, "sigma")
        if np.less(spread, 0).any():
            raise ArgumentError("sigma", "must not be negative")
        return cls(middle, spread, varying=_varies(middle) or _varies(spread))

    def part(self, first: int, end: int) -> tuple[Line, Line]:
        center, sigma = self.center, self.sigma
        return (
            center[first:end] if isinstance(center, np.ndarray) else center,
            sigma[first:end] if isinstance(sigma, np.ndarray) else sigma,
        )


def _varies(line: Line) -> bool:
    return isinstance(line, np.ndarray) or math.isnan(line)


def _along(value: float | Values, x: Floats, name: str) -> Line:
    if isinstance(value, int | float | np.number):
        return real(value, name)
    array = series(value, name)
    if array.size != x.size:
        raise ArgumentError(name, "must have as many values as x")
    return float(array[0]) if array.size and (array == array[0]).all() else array


def _starts(restarts: Sequence[int], size: int) -> list[int]:
    starts = {whole(point, "restarts") - 1 for point in listing(restarts, "restarts")}
    if any(not 0 <= start < size for start in starts):
        raise ArgumentError("restarts", f"points are counted from 1 to {size}")
    return sorted(starts - {0})


def _hits(x: Floats, center: Line, sigma: Line, *, varying: bool) -> NDArray[np.int16]:
    return completed(answers(x, center, sigma, varying=varying))


def _compiled(engine: Engine) -> Callable[..., NDArray[np.int16]]:
    kernel = kernels(engine).hits

    def hits(x: Floats, center: Line, sigma: Line, *, varying: bool) -> NDArray[np.int16]:
        if varying or isinstance(center, np.ndarray) or isinstance(sigma, np.ndarray):
            return _hits(x, center, sigma, varying=varying)
        return kernel(x, center, sigma)

    return hits
