"""Risks of wrong decisions when parts are judged by uncertain readings."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from andon.stats.inputs import ROUNDING, ArgumentError, Floats, limits, real
from andon.stats.measurement.guard_bands import NO_ZONE, Zone
from andon.stats.results import Result
from andon.stats.scales import divisor
from andon.stats.sentences import Sentence, gettext_noop, percent
from andon.stats.special import normal_cdf

_REACH = 9.0
_NODES = 48
_NO_PROCESS = Sentence(
    "no_process",
    gettext_noop(
        "Without mean and standard deviation of the process there are no global risks, and the "
        "reading is judged without prior knowledge."
    ),
)


@dataclass(frozen=True, kw_only=True)
class DecisionRisk(Result):
    """Global risks (of the process) and specific risks (of one reading), as probabilities.

    Attributes
    ----------
    consumers_risk, producers_risk : float or None
        A part does not conform and is accepted; conforms and is rejected.
    consumers_risk_among_accepted, producers_risk_among_rejected : float or None
        The same among the accepted, or rejected, parts only.
    conforming, accepted : float or None
        Share of conforming parts, and of accepted ones.
    acceptance_lower, acceptance_upper : float or None
        The acceptance zone used.
    conformity : float or None
        Probability that the part with this reading conforms.
    decision : str or None
        ``accepted`` or ``rejected``.
    specific_consumers_risk, specific_producers_risk : float or None
        Probability that this decision is wrong, for an accepted and a rejected reading.
    """

    consumers_risk: float | None = None
    producers_risk: float | None = None
    consumers_risk_among_accepted: float | None = None
    producers_risk_among_rejected: float | None = None
    conforming: float | None = None
    accepted: float | None = None
    acceptance_lower: float | None = None
    acceptance_upper: float | None = None
    conformity: float | None = None
    decision: str | None = None
    specific_consumers_risk: float | None = None
    specific_producers_risk: float | None = None
    report: tuple[Sentence, ...] = ()


def decision_risk(
    lsl: float | None,
    usl: float | None,
    u: float,
    mean: float | None = None,
    sd: float | None = None,
    *,
    guard: float = 0.0,
    reading: float | None = None,
) -> DecisionRisk:
    r"""Consumer's and producer's risk of accepting parts by readings with uncertainty u.

    Parts are normal with ``mean`` and ``sd``, readings normal about the part with u. With the
    specification C and the acceptance zone A (C drawn in by ``guard`` at each limit) [1]_:

    .. math::

        R_C = \int_{x\notin C} f(x)\,P(A\mid x)\,dx,\quad
        R_P = \int_{x\in C} f(x)\,(1-P(A\mid x))\,dx,

    by Gauss-Legendre quadrature. Given a reading y the part is normal with variance
    :math:`v = 1/(1/sd^2+1/u^2)` and mean :math:`v(mean/sd^2 + y/u^2)`; without a process: y and u.

    Parameters
    ----------
    lsl, usl : float or None
        Specification limits; one may be None.
    u : float
        Standard uncertainty of one reading, same unit.
    mean, sd : float, optional
        Of the true values of the parts, both or none. If only the scatter of readings is known,
        take :math:`\sqrt{s^2-u^2}`.
    guard : float
        Guard band at each limit; below 0 it widens the acceptance zone.
    reading : float, optional
        One reading to judge.

    Returns
    -------
    DecisionRisk

    Raises
    ------
    ValueError
        Without limits, limits the wrong way round, u or sd not above 0, or one of mean and sd
        alone.

    References
    ----------
    .. [1] JCGM 106:2012, sections 7 and 9.

    Examples
    --------
    >>> risk = decision_risk(-2, 2, 0.25, mean=0, sd=1, reading=1.9)
    >>> round(risk.consumers_risk, 4), round(risk.producers_risk, 4), round(risk.conformity, 3)
    (0.008, 0.0149, 0.809)
    """
    low, high = limits(lsl, usl)
    standard, band = divisor(u, "u"), real(guard, "guard")
    if (mean is None) != (sd is None):
        raise ArgumentError("sd", "give mean and sd of the process, or neither")
    process = None if mean is None else _process(mean, sd)
    zone = Zone.of(low, high, band)
    accept = (math.inf, math.inf) if zone.empty else _ends(zone.accept_low, zone.accept_high)
    risks = _Risks(_ends(low, high), accept, standard, process)
    figures = risks.of_process()
    if reading is not None:
        y = real(reading, "reading")
        figures |= risks.of_reading(y, accepted=zone.decide(np.array([y])) == ["conforming"])
    return DecisionRisk(
        n=0 if reading is None else 1,
        n_missing=0,
        method="normal process and normal readings; Gauss-Legendre quadrature",
        warnings=((NO_ZONE,) if zone.empty else ()) + (() if process else (_NO_PROCESS,)),
        acceptance_lower=zone.accept_low,
        acceptance_upper=zone.accept_high,
        report=_report(figures),
        **figures,
    )


def _process(mean: object, sd: object) -> tuple[float, float]:
    middle, spread = real(mean, "mean"), divisor(sd, "sd")
    if spread <= ROUNDING * abs(middle):
        raise ArgumentError("sd", "is lost in the rounding of the mean")
    return middle, spread


def _ends(low: float | None, high: float | None) -> tuple[float, float]:
    return (-math.inf if low is None else low, math.inf if high is None else high)


_cdf = np.vectorize(normal_cdf, otypes=[np.float64])


@dataclass(frozen=True)
class _Risks:
    conform: tuple[float, float]
    accept: tuple[float, float]
    u: float
    process: tuple[float, float] | None

    def of_process(self) -> dict[str, Any]:
        if self.process is None:
            return {}
        inside, outside = self._cut(inside=True), self._cut(inside=False)
        good, bad = sum(map(self._share, inside)), sum(map(self._share, outside))
        bad_accepted = sum(self._integral(ends, accepted=True) for ends in outside)
        good_rejected = sum(self._integral(ends, accepted=False) for ends in inside)
        accepted = bad_accepted + sum(self._integral(ends, accepted=True) for ends in inside)
        rejected = good_rejected + sum(self._integral(ends, accepted=False) for ends in outside)
        return {
            "consumers_risk": bad_accepted,
            "producers_risk": good_rejected,
            "consumers_risk_among_accepted": bad_accepted / accepted if accepted else None,
            "producers_risk_among_rejected": good_rejected / rejected if rejected else None,
            "conforming": good / (good + bad),
            "accepted": accepted,
        }

    def of_reading(self, y: float, *, accepted: bool) -> dict[str, Any]:
        middle, spread = y, self.u
        if self.process is not None:
            mean, sd = self.process
            spread = self.u * sd / math.hypot(self.u, sd)
            middle = spread**2 * (mean / sd**2 + y / self.u**2)
        low, high = self.conform
        below, above = normal_cdf((low - middle) / spread), normal_cdf((middle - high) / spread)
        conformity = max(0.0, 1 - below - above)
        return {
            "conformity": conformity,
            "decision": "accepted" if accepted else "rejected",
            "specific_consumers_risk": below + above if accepted else None,
            "specific_producers_risk": None if accepted else conformity,
        }

    def _cut(self, *, inside: bool) -> list[tuple[float, float]]:
        low, high = self.conform
        return [(low, high)] if inside else [(-math.inf, low), (high, math.inf)]

    def _share(self, ends: tuple[float, float]) -> float:
        mean, sd = self.process or (0.0, 1.0)
        a, b = ((end - mean) / sd for end in ends)
        return normal_cdf(-a) - normal_cdf(-b) if a > 0 else normal_cdf(b) - normal_cdf(a)

    def _integral(self, ends: tuple[float, float], *, accepted: bool) -> float:
        """The density of parts times P(accepted | part), or P(rejected | part), between ``ends``.

        Cut where the integrand bends: at the acceptance limits and some u around them, and at
        the process mean and some sd around it.
        """
        mean, sd = self.process or (0.0, 1.0)
        low, high = max(ends[0], mean - _REACH * sd), min(ends[1], mean + _REACH * sd)
        if low >= high:
            return 0.0
        bends = [mean + step * sd for step in (-3, -1, 1, 3)]
        bends += [end + step * self.u for end in self.accept for step in (-8, -3, 0, 3, 8)]
        cuts = [low, *sorted(bend for bend in bends if low < bend < high), high]
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        half = np.diff(cuts)[:, None] / 2
        x = np.array(cuts[:-1])[:, None] + half * (nodes + 1)
        density = np.exp(-(((x - mean) / sd) ** 2) / 2) / (sd * math.sqrt(2 * math.pi))
        return float(np.sum(half * weights * density * self._chance(x, accepted=accepted)))

    def _chance(self, x: Floats, *, accepted: bool) -> Floats:
        low, high = ((end - x) / self.u for end in self.accept)
        below, above = _cdf(low), _cdf(-high)
        # Each side from its own tail: no difference of numbers near 1.
        middle = np.where(low > 0, _cdf(-low) - above, _cdf(high) - below)
        return np.asarray(middle if accepted else below + above, dtype=np.float64)


def _report(figures: dict[str, Any]) -> tuple[Sentence, ...]:
    found = []
    if "consumers_risk" in figures:
        consumers, producers = figures["consumers_risk"], figures["producers_risk"]
        values = {"consumers": percent(consumers), "producers": percent(producers)}
        found.append(Sentence.of("global_risk", _GLOBAL, **values))
    if "decision" in figures:
        text = _ACCEPTED if figures["decision"] == "accepted" else _REJECTED
        found.append(Sentence.of("specific_risk", text, chance=percent(figures["conformity"])))
    return tuple(found)


_GLOBAL = gettext_noop(
    "Of all parts, %(consumers)s do not conform and are accepted, and %(producers)s conform and "
    "are rejected."
)
_ACCEPTED = gettext_noop("The part is accepted; it conforms with a probability of %(chance)s.")
_REJECTED = gettext_noop("The part is rejected; it conforms with a probability of %(chance)s.")
