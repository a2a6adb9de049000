"""Where a series changed its level, and whether it did."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from andon.stats.charts.sizes import ratios
from andon.stats.comparison.autocorrelation import serial_warning
from andon.stats.comparison.statements import shown_p
from andon.stats.inputs import (
    ROUNDING,
    ArgumentError,
    Floats,
    Values,
    fraction,
    one_of,
    series,
    whole,
)
from andon.stats.results import Result, Value
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, number, too_few
from andon.stats.summary import accurate_mean

SeriesKind: TypeAlias = Literal["value", "rate", "proportion"]

_SMALLEST_SEGMENT = 2
_MOST_DRAWS = 100_000
_CELLS = 2_000_000
"""Numbers held at once while permuting."""


@dataclass(frozen=True, kw_only=True)
class Segment(Value):
    """A stretch of points (from 1, both ends included) and its level."""

    first: int
    last: int
    n: int
    level: float


@dataclass(frozen=True, kw_only=True)
class ChangePoint(Result):
    """``point`` is the first point of the new level, ``point_ci`` where that may lie.

    ``change`` is the level after less the level before; ``gain`` the log-likelihood gained by
    two levels instead of one.
    """

    point: int | None = None
    point_ci: list[int] | None = None
    p: float | None = None
    gain: float | None = None
    before: float | None = None
    after: float | None = None
    change: float | None = None
    segments: tuple[Segment, ...] = ()
    sentence: Sentence | None = None


def change_point(
    x: Values,
    n: Values | None = None,
    *,
    kind: SeriesKind = "value",
    confidence: float = 0.95,
    permutations: int = 999,
    seed: int = 1,
) -> ChangePoint:
    r"""The likeliest place of one change of level, with interval and p.

    Every split that leaves two points on each side is tried; the best maximises the likelihood of
    two levels: normal with one variance (``value``), Poisson (``rate``) or binomial
    (``proportion``). p is the share of random orders of the points (a fixed ``seed``, so the
    answer repeats) whose best split gains as much; it needs no distribution and holds with
    overdispersion, but not when neighbours resemble each other (warning ``autocorrelated``)
    [1]_. The interval holds all splits whose log-likelihood is within
    :math:`-\ln(1-\sqrt{C})` (3.68 for 95 %) of the best, which is exact for small changes and
    wide for large ones [2]_.

    Parameters
    ----------
    x : sequence of float or None
        Values, or counts, in time order; missing points keep their number.
    n : sequence of float or None, optional
        Exposure (``rate``, default 1 each) or units (``proportion``) of each count.
    kind : {"value", "rate", "proportion"}
        What ``x`` is.
    confidence : float
        Of the interval of the place.
    permutations : int
        Random orders; the smallest possible p is 1 / (permutations + 1).
    seed : int
        Of the random orders.

    Returns
    -------
    ChangePoint
        All None with ``too_few`` below 4 points and ``zero_variance`` for equal points. The
        levels are given for the best split whatever p says.

    Raises
    ------
    ValueError
        For an unknown kind, counts that exceed units, or lists of different length.

    References
    ----------
    .. [1] D. V. Hinkley, Biometrika 57 (1970) 1; M. D. Ernst, Stat. Sci. 19 (2004) 676.
    .. [2] D. Siegmund, Int. Stat. Rev. 56 (1988) 31.

    Examples
    --------
    >>> result = change_point([5.1, 4.9, 5.0, 5.2, 4.8, 6.1, 5.9, 6.0, 6.2, 5.8])
    >>> result.point, result.point_ci, round(result.p, 3), round(result.change, 2)
    (6, [6, 6], 0.015, 1.0)
    """
    one_of(kind, get_args(SeriesKind), "kind")
    level, draws = fraction(confidence, "confidence"), whole(permutations, "permutations", least=99)
    if draws > _MOST_DRAWS:
        raise ArgumentError("permutations", f"must be at most {_MOST_DRAWS:,}")
    top, bottom, missing = _counts(x, n, kind)
    there = np.flatnonzero(~np.isnan(top))
    top_there, bottom_there = top[there], bottom[there]
    common = ChangePoint(
        n=int(there.size),
        n_missing=missing,
        method=f"one change of level, {_METHODS[kind]}, p from {draws} random orders, {level:g}",
    )
    if there.size < 2 * _SMALLEST_SEGMENT:
        return replace(
            common, warnings=(too_few(2 * _SMALLEST_SEGMENT) if there.size else NO_DATA,)
        )
    if _equal(top_there / bottom_there):
        return replace(common, warnings=(ZERO_VARIANCE,))
    gains = _GAINS[kind](top_there[None], bottom_there[None])[0]
    rng = np.random.default_rng(whole(seed, "seed"))
    p = _p((top_there, bottom_there), _GAINS[kind], float(gains.max()), draws, rng)
    return _described(common, _Found(top, bottom, there, gains), p, level)


@dataclass(frozen=True)
class _Found:
    """A series, the places that have a value, and the gain of each split between those."""

    top: Floats
    bottom: Floats
    there: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    gains: Floats

    @property
    def split(self) -> int:
        """Points with a value before the best split."""
        return int(self.gains.argmax()) + _SMALLEST_SEGMENT

    def segments(self) -> tuple[Segment, Segment]:
        return self._segment(self.there[: self.split]), self._segment(self.there[self.split :])

    def _segment(self, places: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> Segment:
        amount, exposure = accurate_mean(self.top[places]), accurate_mean(self.bottom[places])
        return Segment(
            first=int(places[0]) + 1,
            last=int(places[-1]) + 1,
            n=int(places.size),
            level=amount / exposure,
        )

    def point_ci(self, confidence: float) -> list[int]:
        reach = -math.log(1 - math.sqrt(confidence))
        near = np.flatnonzero(self.gains >= self.gains.max() - reach) + _SMALLEST_SEGMENT
        return [int(self.there[near[0]]) + 1, int(self.there[near[-1]]) + 1]

    def residuals(self) -> Floats:
        """Ratios less the level of their segment."""
        result = self.top / self.bottom
        for segment in self.segments():
            result[segment.first - 1 : segment.last] -= segment.level
        return result


def _described(common: ChangePoint, found: _Found, p: float, level: float) -> ChangePoint:
    first, second = found.segments()
    ends = found.point_ci(level)
    return replace(
        common,
        warnings=serial_warning(found.residuals()),
        point=second.first,
        point_ci=ends,
        p=p,
        gain=float(found.gains.max()),
        before=first.level,
        after=second.level,
        change=second.level - first.level,
        segments=(first, second),
        sentence=Sentence.of(
            "change_point",
            _CHANGED,
            low=str(ends[0]),
            high=str(ends[1]),
            confidence=f"{level * 100:g} %",
            point=str(second.first),
            before=number(first.level),
            after=number(second.level),
            p=shown_p(p),
        ),
    )


def _counts(x: Values, n: Values | None, kind: SeriesKind) -> tuple[Floats, Floats, int]:
    """Numerators, denominators (NaN where there is no value) and the number missing."""
    if n is None and kind == "proportion":
        raise ArgumentError("n", "a proportion needs the units of each point")
    if n is not None and kind != "value":
        return ratios(x, n, ("x", "n"), share=kind == "proportion")
    if n is not None:
        raise ArgumentError("n", "a value has no exposure: leave n out, or choose another kind")
    values = series(x, "x")
    if kind == "rate" and (values < 0).any():
        raise ArgumentError("x", "must not be negative")
    return values, np.ones(values.size), int(np.isnan(values).sum())


def _equal(ratios: Floats) -> bool:
    return float(np.ptp(ratios)) <= ROUNDING * float(np.abs(ratios).max())


def _p(
    points: tuple[Floats, Floats],
    gains: Callable[[Floats, Floats], Floats],
    seen: float,
    draws: int,
    rng: np.random.Generator,
) -> float:
    """Share of random orders, the seen one among them, with a gain as large as ``seen``."""
    (top, bottom), as_large, done = points, 1, 0
    block = max(1, _CELLS // top.size)
    while done < draws:
        rows = min(block, draws - done)
        order = rng.permuted(np.tile(np.arange(top.size), (rows, 1)), axis=1)
        best = gains(top[order], bottom[order]).max(axis=1)
        as_large += int((best >= seen * (1 - 1e-9)).sum())
        done += rows
    return as_large / (draws + 1)


def _normal_gain(top: Floats, bottom: Floats) -> Floats:  # noqa: ARG001
    n = top.shape[1]
    centred = top - top.mean(axis=1, keepdims=True)
    centred /= np.abs(centred).max(axis=1, keepdims=True)  # else the squares of tiny values vanish
    left = np.arange(1, n)
    between = np.cumsum(centred, axis=1)[:, :-1] ** 2 * n / (left * (n - left))
    share = between / (centred**2).sum(axis=1, keepdims=True)
    return _inner(-n / 2 * np.log1p(-np.minimum(share, 1 - ROUNDING)))


def _poisson_gain(top: Floats, bottom: Floats) -> Floats:
    whole_part = _log_part(top.sum(axis=1, keepdims=True), bottom.sum(axis=1, keepdims=True))
    left = [np.cumsum(one, axis=1)[:, :-1] for one in (top, bottom)]
    # Summed from the right, not as a difference, which would lose small parts beside large ones.
    right = [np.cumsum(one[:, ::-1], axis=1)[:, -2::-1] for one in (top, bottom)]
    return _inner(_log_part(*left) + _log_part(*right) - whole_part)


def _binomial_gain(top: Floats, bottom: Floats) -> Floats:
    return _poisson_gain(top, bottom) + _poisson_gain(bottom - top, bottom)


def _log_part(x: Floats, e: Floats) -> Floats:
    ratio = np.divide(x, e, out=np.ones_like(x), where=x > 0)
    return np.asarray(x * np.log(ratio), dtype=np.float64)


def _inner(gains: Floats) -> Floats:
    """The splits that leave at least the smallest segment on each side."""
    edge = _SMALLEST_SEGMENT - 1
    return gains[:, edge : gains.shape[1] - edge]


_GAINS: dict[SeriesKind, Callable[[Floats, Floats], Floats]] = {
    "value": _normal_gain,
    "rate": _poisson_gain,
    "proportion": _binomial_gain,
}
_METHODS: dict[SeriesKind, str] = {
    "value": "normal likelihood with one variance",
    "rate": "Poisson likelihood",
    "proportion": "binomial likelihood",
}
_CHANGED = gettext_noop(
    "If the level changed once, it did so between point %(low)s and point %(high)s "
    "(%(confidence)s interval; likeliest at point %(point)s), from %(before)s to %(after)s; %(p)s "
    "for no change."
)
