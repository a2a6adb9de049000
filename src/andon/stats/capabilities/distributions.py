"""Distributions fitted by maximum likelihood, and how they spread."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from andon.stats.inputs import ArgumentError, Floats
from andon.stats.reliability.weibull import weibull_fit
from andon.stats.results import Value
from andon.stats.special import normal_quantile

_NEARLY_NORMAL = 1e-5
_LOWEST_LOG, _HIGHEST_LOG = -700.0, 700.0


@dataclass(frozen=True, kw_only=True)
class Fitted(Value, ABC):
    """A fitted distribution: its parameters, log-likelihood and Anderson-Darling distance."""

    loglik: float = 0.0
    ad: float = 0.0

    @classmethod
    @abstractmethod
    def of(cls, x: Floats) -> Self:
        """The distribution with the greatest likelihood for ``x`` (no NaN, with scatter)."""

    @abstractmethod
    def log_density(self, x: Floats) -> Floats:
        """The logarithm of the density f(x)."""

    @abstractmethod
    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        """The logarithms of F(x) and of 1 - F(x), accurate in both tails."""

    @abstractmethod
    def quantile(self, p: float) -> float:
        """The value that a share ``p`` lies below."""

    @abstractmethod
    def moved(self, along: float, wider: float) -> Self:
        """The neighbour ``along`` standard deviations off, its spread changed by exp(wider)."""

    def below(self, x: float) -> float:
        """The share expected below ``x``."""
        return _share(float(self.log_tails(np.array([x]))[0][0]))

    def above(self, x: float) -> float:
        """The share expected above ``x``."""
        return _share(float(self.log_tails(np.array([x]))[1][0]))


@dataclass(frozen=True, kw_only=True)
class Normal(Fitted):
    """Mean ``mu`` and ``sigma`` with divisor n."""

    mu: float
    sigma: float

    @classmethod
    def of(cls, x: Floats) -> Self:
        mu = float(x.mean())
        return cls(mu=mu, sigma=math.sqrt(float(np.mean((x - mu) ** 2))))

    def log_density(self, x: Floats) -> Floats:
        z = (x - self.mu) / self.sigma
        return np.asarray(-0.5 * z * z - math.log(self.sigma * math.sqrt(2 * math.pi)))

    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        from scipy.special import log_ndtr  # noqa: PLC0415 - loads when tails are wanted

        z = (x - self.mu) / self.sigma
        return log_ndtr(z), log_ndtr(-z)

    def moved(self, along: float, wider: float) -> Self:
        mu, sigma = self.mu + along * self.sigma, self.sigma * math.exp(wider)
        return replace(self, mu=mu, sigma=sigma)

    def quantile(self, p: float) -> float:
        return self.mu + self.sigma * normal_quantile(p)


@dataclass(frozen=True, kw_only=True)
class Lognormal(Normal):
    """``mu`` and ``sigma`` (divisor n) of the logarithms; no share lies at or below 0."""

    @classmethod
    def of(cls, x: Floats) -> Self:
        return super().of(np.log(x))

    def log_density(self, x: Floats) -> Floats:
        logs = np.log(x)
        return np.asarray(super().log_density(logs) - logs)

    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        return super().log_tails(_logs(x))

    def quantile(self, p: float) -> float:
        return math.exp(min(super().quantile(p), _HIGHEST_LOG))


@dataclass(frozen=True, kw_only=True)
class Weibull(Fitted):
    """``shape`` and ``scale`` (the 63.2 % point) of the Weibull that starts at 0."""

    shape: float
    scale: float

    @classmethod
    def of(cls, x: Floats) -> Self:
        fit = weibull_fit(x)
        if fit.shape is None or fit.scale is None:
            raise ArgumentError("x", f"has no Weibull fit. {fit.warnings[0]}")
        return cls(shape=fit.shape, scale=fit.scale)

    def log_density(self, x: Floats) -> Floats:
        logs = np.log(x / self.scale)
        front = math.log(self.shape / self.scale)
        return np.asarray(front + (self.shape - 1) * logs - np.exp(self.shape * logs))

    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        exponent = self.shape * (_logs(x) - math.log(self.scale))
        hazard = np.exp(np.minimum(exponent, _HIGHEST_LOG))
        return _log_expm1(-hazard), -hazard

    def moved(self, along: float, wider: float) -> Self:
        scale = self.scale * math.exp(along / self.shape)
        return replace(self, shape=self.shape * math.exp(-wider), scale=scale)

    def quantile(self, p: float) -> float:
        exponent = math.log(self.scale) + math.log(-math.log1p(-p)) / self.shape
        return math.exp(min(exponent, _HIGHEST_LOG))


@dataclass(frozen=True, kw_only=True)
class Gamma(Fitted):
    """``shape`` and ``scale`` (mean over shape) of the gamma that starts at 0."""

    shape: float
    scale: float

    @classmethod
    def of(cls, x: Floats) -> Self:
        mean = float(x.mean())
        away = (x - mean) / mean
        gap = math.log(mean) - float(np.log(x).mean())
        if gap < _NEARLY_NORMAL:
            # The same without cancellation, since the mean of ``away`` is 0.
            gap = float(np.mean(away - np.log1p(away)))
        shape = _gamma_shape(gap)
        return cls(shape=shape, scale=mean / shape)

    def log_density(self, x: Floats) -> Floats:
        front = -math.lgamma(self.shape) - self.shape * math.log(self.scale)
        return np.asarray(front + (self.shape - 1) * np.log(x) - x / self.scale)

    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        from scipy.special import gammainc, gammaincc  # noqa: PLC0415 - loads when wanted

        scaled = np.maximum(x, 0) / self.scale
        return _log(gammainc(self.shape, scaled)), _log(gammaincc(self.shape, scaled))

    def moved(self, along: float, wider: float) -> Self:
        shape = self.shape * math.exp(-2 * wider)
        mean = self.shape * self.scale * math.exp(along / math.sqrt(self.shape))
        return replace(self, shape=shape, scale=mean / shape)

    def quantile(self, p: float) -> float:
        from scipy.special import gammaincinv  # noqa: PLC0415 - loads when wanted

        return self.scale * float(gammaincinv(self.shape, p))


@dataclass(frozen=True, kw_only=True)
class LargestExtremeValue(Fitted):
    """``location`` and ``scale`` of the Gumbel distribution of maxima."""

    location: float
    scale: float

    @classmethod
    def of(cls, x: Floats) -> Self:
        scale = _gumbel_scale(x - x.min())
        level = math.log(float(np.mean(np.exp((x.min() - x) / scale))))
        return cls(location=float(x.min()) - scale * level, scale=scale)

    def log_density(self, x: Floats) -> Floats:
        z = (x - self.location) / self.scale
        return np.asarray(-z - np.exp(-z) - math.log(self.scale))

    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        hazard = np.exp(np.minimum(-(x - self.location) / self.scale, _HIGHEST_LOG))
        return -hazard, _log_expm1(-hazard)

    def moved(self, along: float, wider: float) -> Self:
        location = self.location + along * self.scale
        return replace(self, location=location, scale=self.scale * math.exp(wider))

    def quantile(self, p: float) -> float:
        return self.location - self.scale * math.log(-math.log(p))


@dataclass(frozen=True, kw_only=True)
class FoldedNormal(Fitted):
    """The absolute value of a normal with ``mu`` >= 0 and ``sigma``: flatness, runout."""

    mu: float
    sigma: float

    @classmethod
    def of(cls, x: Floats) -> Self:
        square = float(np.mean(x * x))
        return cls._at(_folded_mean(x / math.sqrt(square)), square)

    @classmethod
    def _at(cls, share: float, square: float) -> Self:
        """The fit with mean ``share`` of the root mean square, which stays as it is."""
        return cls(mu=share * math.sqrt(square), sigma=math.sqrt(square * (1 - share**2)))

    def log_density(self, x: Floats) -> Floats:
        up, down = (x - self.mu) / self.sigma, (x + self.mu) / self.sigma
        front = -math.log(self.sigma * math.sqrt(2 * math.pi))
        return np.asarray(front + np.logaddexp(-0.5 * up * up, -0.5 * down * down))

    def log_tails(self, x: Floats) -> tuple[Floats, Floats]:
        from scipy.special import ndtr  # noqa: PLC0415 - loads when tails are wanted

        held = np.maximum(x, 0)
        up, down = (held - self.mu) / self.sigma, (held + self.mu) / self.sigma
        inside = np.where(up < 0, ndtr(up) - ndtr(-down), ndtr(down) - ndtr(-up))
        return _log(inside), _log(ndtr(-up) + ndtr(-down))

    def moved(self, along: float, wider: float) -> Self:
        mu, sigma = self.mu + along * self.sigma, self.sigma * math.exp(wider)
        return replace(self, mu=mu, sigma=sigma)

    def quantile(self, p: float) -> float:
        from scipy.optimize import brentq  # noqa: PLC0415 - loads when wanted

        top = self.mu + 40 * self.sigma
        return float(brentq(lambda x: self.below(x) - p, 0, top, xtol=1e-14 * top, rtol=1e-14))


def _gumbel_scale(x: Floats) -> float:
    """The root b of mean(x) - sum(x w)/sum(w) = b with w = exp(-x/b), for values from 0."""
    from scipy.optimize import brentq  # noqa: PLC0415 - loads when a fit is wanted

    mean = float(x.mean())

    def score(scale: float) -> float:
        weights = np.exp(-x / scale)
        return mean - float(np.sum(weights * x) / np.sum(weights)) - scale

    low = mean
    while score(low) <= 0:
        low /= 2
    return float(brentq(score, low, mean, rtol=1e-13))


def _gamma_shape(gap: float) -> float:
    """The root of ln k - digamma(k) = ``gap``."""
    from scipy.optimize import brentq  # noqa: PLC0415 - loads when a fit is wanted
    from scipy.special import digamma  # noqa: PLC0415

    if gap < _NEARLY_NORMAL:
        # 1/(2k) + 1/(12k^2), the start of the asymptotic series, solved for k.
        return (1 + math.sqrt(1 + 4 * gap / 3)) / (4 * gap)
    # 1/(2k) < ln k - digamma(k) < 1/k brackets the root.
    return float(brentq(lambda k: math.log(k) - digamma(k) - gap, 0.4 / gap, 1.1 / gap, rtol=1e-13))


def _folded_mean(x: Floats) -> float:
    """The share of the mean that has the greatest likelihood, for ``x`` of mean square 1."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - loads when a fit is wanted

    def cost(share: float) -> float:
        return -float(np.sum(FoldedNormal._at(share, 1.0).log_density(x)))  # noqa: SLF001

    found = minimize_scalar(cost, bounds=(0, 1), method="bounded", options={"xatol": 1e-10})
    return 0.0 if cost(0.0) <= found.fun else float(found.x)


def _share(log: float) -> float:
    return math.exp(log) if log > _LOWEST_LOG else 0.0


def _logs(x: Floats) -> Floats:
    return np.log(x, out=np.full(x.shape, -np.inf), where=x > 0)


def _log(share: Floats) -> Floats:
    return np.log(np.maximum(share, 5e-324))


def _log_expm1(exponent: Floats) -> Floats:
    """The logarithm of 1 - exp(exponent), for an exponent of 0 or below."""
    return _log(-np.expm1(exponent))
