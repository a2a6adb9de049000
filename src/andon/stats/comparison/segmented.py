"""Two joined lines through a series by least squares, with errors that allow autocorrelation."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from andon.stats.inputs import ROUNDING, Bools, Floats
from andon.stats.summary import lag1

PARAMETERS = 4
_HIGHEST = 0.9
_ROUNDS = 3
_Whole: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class Fit:
    """Coefficients with covariance (None: no scatter at all) and residuals (NaN where missing)."""

    design: Floats
    beta: Floats
    covariance: Floats | None
    residuals: Floats
    rho: float | None = None

    @property
    def exact(self) -> bool:
        return self.covariance is None


def newey_west(values: Floats, there: Bools, m: int, lags: int) -> Fit:
    """Ordinary least squares with Newey and West's covariance; a missing point has no score."""
    design = _design(values.size, m)
    beta, bread = _solve(design[there], values[there])
    residuals = values - design @ beta
    if _no_scatter(residuals, values, there):
        return Fit(design, beta, None, residuals)
    scores = design * np.nan_to_num(residuals)[:, None]
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (cross + cross.T)
    n = int(there.sum())
    covariance = n / (n - PARAMETERS) * (bread @ meat @ bread)
    return Fit(design, beta, np.asarray(covariance, dtype=np.float64), residuals)


def prais_winsten(values: Floats, there: Bools, m: int) -> Fit:
    """Generalised least squares for errors that carry over from point to point (order 1).

    The correlation comes from the residuals, three rounds, each time corrected for the four
    coefficients they already follow and kept between 0 and 0.9.
    """
    design = _design(values.size, m)
    beta, _ = _solve(design[there], values[there])
    residuals = values - design @ beta
    if _no_scatter(residuals, values, there):
        return Fit(design, beta, None, residuals)
    n, places, rho = int(there.sum()), np.flatnonzero(there), 0.0
    bread, scatter = np.zeros((PARAMETERS, PARAMETERS)), 0.0
    for _ in range(_ROUNDS):
        rho = _carried(residuals, n)
        x, y = _whitened(design, places, rho), _whitened(values[:, None], places, rho)[:, 0]
        beta, bread = _solve(x, y)
        residuals = values - design @ beta
        scatter = float(((y - x @ beta) ** 2).sum()) / (n - PARAMETERS)
    return Fit(design, beta, scatter * bread, residuals, rho)


def _design(size: int, m: int) -> Floats:
    time = np.arange(1, size + 1, dtype=np.float64)
    later = (time > m).astype(np.float64)
    return np.column_stack((np.ones(size), time, later, later * (time - m - 1)))


def _solve(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Least-squares coefficients and the inverse of X'X; columns are scaled to be sound."""
    scale = np.abs(x).max(axis=0)
    q, r = np.linalg.qr(x / scale)
    inverse = np.linalg.inv(r)
    beta = inverse @ (q.T @ y) / scale
    bread = inverse @ inverse.T / np.outer(scale, scale)
    return np.asarray(beta, dtype=np.float64), np.asarray(bread, dtype=np.float64)


def _no_scatter(residuals: Floats, values: Floats, there: Bools) -> bool:
    """Whether what is left is only the rounding of the values."""
    noise = ROUNDING * float(np.abs(values[there]).max())
    return float(np.abs(residuals[there]).max()) <= noise


def _carried(residuals: Floats, n: int) -> float:
    r"""Correlation of neighbouring errors from residuals of k = 4 coefficients.

    Residuals show about :math:`\rho - (k + (k+2)\rho)/n` of it, which is solved for :math:`\rho`
    (Kendall's and Marriott's bias carried on to k coefficients, checked by simulation).
    """
    spare = n - PARAMETERS - 2
    pairs = int((~np.isnan(residuals[1:] * residuals[:-1])).sum())
    if spare <= 0 or not pairs:
        return _HIGHEST
    seen = lag1(residuals) * (n - 1) / pairs  # as if no neighbour were missing
    return min(max((seen * n + PARAMETERS) / spare, 0.0), _HIGHEST)


def _whitened(columns: Floats, places: _Whole, rho: float) -> Floats:
    """Rows at ``places`` free of what they carry over, also where points between are missing."""
    rows = columns[places]
    carried = (rho ** np.diff(places).astype(np.float64))[:, None]
    rest = (rows[1:] - carried * rows[:-1]) / np.sqrt(1 - carried**2)
    return np.concatenate((rows[:1], rest))


def scatter_about(residuals: Floats, df: int) -> float:
    """Standard deviation of the points about the lines."""
    return math.sqrt(float(np.nansum(residuals**2)) / df)
