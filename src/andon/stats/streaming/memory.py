"""EWMA and CUSUM for points that arrive one by one, with frozen lines."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from andon.stats.inputs import ROUNDING, ArgumentError, positive, real
from andon.stats.scales import divisor
from andon.stats.streaming.state import Running, number


class EwmaPoint(NamedTuple):
    """Value of the average, its limits, and whether it lies strictly outside."""

    z: float
    lcl: float
    ucl: float
    signal: bool


class CusumPoint(NamedTuple):
    """Both sums in sigmas, and whether each is above h."""

    c_plus: float
    c_minus: float
    signal_up: bool
    signal_down: bool


@dataclass
class StreamingEwma(Running):
    r"""Exponentially weighted moving average of values about a known centre.

    :math:`z_i = \lambda x_i + (1-\lambda) z_{i-1}`, :math:`z_0` the centre; limits
    :math:`\pm L\sigma\sqrt{\lambda/(2-\lambda)\,(1-(1-\lambda)^{2i})}` [1]_. A missing point
    leaves the average and its count as they are.

    Parameters
    ----------
    lam : float
        Weight of the newest value, above 0, at most 1.
    L : float
        Width of the limits in sigmas.
    center, sigma : float
        Of the plotted values (for means sigma divided by the root of n).

    References
    ----------
    .. [1] ISO 7870-6:2016; NIST/SEMATECH e-Handbook, 6.3.2.4.

    Examples
    --------
    >>> watch = StreamingEwma(0.3, 3, 50, 2.0539)
    >>> round(watch.add(52).z, 3), round(watch.add(47).z, 3)
    (50.6, 49.52)
    """

    lam: float
    L: float
    center: float
    sigma: float
    z: float | None = None
    n: int = 0
    n_missing: int = 0

    def __post_init__(self) -> None:
        self.lam, self.L = positive(self.lam, "lam"), positive(self.L, "L")
        self.center, self.sigma = real(self.center, "center"), real(self.sigma, "sigma")
        if self.lam > 1:
            raise ArgumentError("lam", "must be above 0 and at most 1")
        if self.sigma < 0:
            raise ArgumentError("sigma", "must not be negative")

    def add(self, value: float | None) -> EwmaPoint | None:
        """The average after this value; None if the value is missing."""
        x = number(value)
        if x is None:
            self.n_missing += 1
            return None
        before = self.center if self.z is None else self.z
        self.n, self.z = self.n + 1, self.lam * x + (1 - self.lam) * before
        grown = 1 - (1 - self.lam) ** (2 * self.n)
        half = self.L * self.sigma * math.sqrt(self.lam / (2 - self.lam) * grown)
        lcl, ucl = self.center - half, self.center + half
        noise = ROUNDING * max(abs(self.z), abs(lcl), abs(ucl))
        return EwmaPoint(self.z, lcl, ucl, self.z > ucl + noise or self.z < lcl - noise)


@dataclass
class StreamingCusum(Running):
    r"""Two-sided tabular CUSUM in sigmas about a known centre.

    :math:`C^+_i = \max(0, C^+_{i-1} + z_i - k)`, :math:`C^-_i = \max(0, C^-_{i-1} - z_i - k)`;
    a signal is a sum above h [1]_. A missing point leaves the sums as they are.

    Parameters
    ----------
    k, h : float
        Reference value and decision interval in sigmas.
    center, sigma : float
        Of the plotted values.
    head_start : float
        Where both sums begin, such as h/2 (fast initial response); default 0.

    References
    ----------
    .. [1] ISO 7870-4:2021; NIST/SEMATECH e-Handbook, 6.3.2.3.

    Examples
    --------
    >>> watch = StreamingCusum(0.5, 4, 10, 1)
    >>> [watch.add(x).c_plus for x in (11, 12, 9)]
    [0.5, 2.0, 0.5]
    """

    k: float
    h: float
    center: float
    sigma: float
    head_start: float = 0.0
    c_plus: float | None = None
    c_minus: float | None = None
    n: int = 0
    n_missing: int = 0

    def __post_init__(self) -> None:
        self.k, self.h = real(self.k, "k"), positive(self.h, "h")
        self.center, self.sigma = real(self.center, "center"), divisor(self.sigma, "sigma")
        if self.k < 0:
            raise ArgumentError("k", "must not be negative")
        self.head_start = real(self.head_start, "head_start")
        if not 0 <= self.head_start < self.h:
            raise ArgumentError("head_start", "must be 0 or more and below h")

    def add(self, value: float | None) -> CusumPoint | None:
        """The sums after this value; None if the value is missing."""
        x = number(value)
        if x is None:
            self.n_missing += 1
            return None
        z = (x - self.center) / self.sigma
        plus = self.head_start if self.c_plus is None else self.c_plus
        minus = self.head_start if self.c_minus is None else self.c_minus
        self.c_plus, self.c_minus = max(0.0, plus + z - self.k), max(0.0, minus - z - self.k)
        self.n += 1
        line = self.h * (1 + ROUNDING)
        return CusumPoint(self.c_plus, self.c_minus, self.c_plus > line, self.c_minus > line)
