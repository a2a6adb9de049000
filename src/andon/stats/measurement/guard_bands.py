"""Acceptance zones: how far measurement uncertainty moves the limits of acceptance inwards."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from andon.stats.inputs import (
    ArgumentError,
    Bools,
    Floats,
    Values,
    above,
    below,
    fraction,
    limits,
    one_of,
    series,
)
from andon.stats.results import Result
from andon.stats.scales import divisor
from andon.stats.sentences import Sentence, gettext_noop, number
from andon.stats.special import normal_cdf, normal_quantile

GuardRule: TypeAlias = Literal["simple", "expanded", "iso14253-1"]

_RULES = ("simple", "expanded", "iso14253-1")
_HALVINGS = 60
NO_ZONE = Sentence(
    "no_acceptance_zone",
    gettext_noop(
        "The uncertainty is too large for this tolerance: no reading could be accepted under "
        "this rule."
    ),
)


@dataclass(frozen=True, kw_only=True)
class GuardBand(Result):
    """Zones of readings under a decision rule.

    Attributes
    ----------
    guard : float
        Width w of the guard band at each limit (unit of the readings).
    expanded_uncertainty : float
        U = k u.
    acceptance_lower, acceptance_upper : float or None
        Accept readings from here to here.
    rejection_lower, rejection_upper : float or None
        Readings below or above these lie outside the specification beyond the guard band.
    conformity_at_limit : float
        Probability that a part read exactly at an acceptance limit conforms (no prior knowledge).
    tolerance_to_uncertainty : float or None
        Tolerance over 2 U (often wanted: 4 or more).
    decisions : list
        For each reading "conforming", "nonconforming", "uncertain", or None where missing.
    """

    rule: str
    guard: float | None
    expanded_uncertainty: float
    acceptance_lower: float | None = None
    acceptance_upper: float | None = None
    rejection_lower: float | None = None
    rejection_upper: float | None = None
    conformity_at_limit: float | None = None
    tolerance_to_uncertainty: float | None = None
    decisions: list[str | None]
    report: tuple[Sentence, ...] = ()


def guard_band(
    lsl: float | None,
    usl: float | None,
    u: float,
    rule: GuardRule = "expanded",
    *,
    k: float = 2.0,
    conformity: float = 0.95,
    readings: Values = (),
) -> GuardBand:
    r"""Acceptance limits that keep a distance w from the specification limits.

    ============= ===========================================================================
    simple        w = 0: accept up to the limit (the risk is shared)
    expanded      w = U = k u
    iso14253-1    w such that a part read at the acceptance limit conforms with the probability
                  ``conformity``: :math:`\Phi(w/u) - \Phi((w-T)/u) = p`, which is 1.645 u for 95 %
                  unless the uncertainty is large against the tolerance T
    ============= ===========================================================================

    Between acceptance and rejection (beyond the limit by w) lies the zone of uncertain readings
    [1]_ [2]_ [3]_.

    Parameters
    ----------
    lsl, usl : float or None
        Specification limits; one may be None.
    u : float
        Standard uncertainty of one reading, same unit.
    rule : {"simple", "expanded", "iso14253-1"}
        The decision rule; any other width is ``expanded`` with its own ``k``.
    k : float
        Coverage factor of U.
    conformity : float
        Wanted probability of conformity at the acceptance limit, above 0.5, for ``iso14253-1``.
    readings : sequence of float or None
        Readings to decide on.

    Returns
    -------
    GuardBand
        No acceptance limits, and a warning, if the guard bands meet.

    Raises
    ------
    ValueError
        Without limits, limits the wrong way round, u or k not above 0, or an unknown rule.

    References
    ----------
    .. [1] JCGM 106:2012, section 8.
    .. [2] ISO 14253-1:2017.
    .. [3] ILAC-G8:09/2019.

    Examples
    --------
    >>> zone = guard_band(9.9, 10.1, 0.01, readings=[10.0, 10.09, 10.13])
    >>> round(zone.acceptance_lower, 3), round(zone.acceptance_upper, 3), zone.decisions
    (9.92, 10.08, ['conforming', 'uncertain', 'nonconforming'])
    """
    low, high = limits(lsl, usl)
    standard, expanded = divisor(u, "u"), divisor(k, "k") * divisor(u, "u")
    width = None if low is None or high is None else high - low
    guard = _guard(rule, standard, expanded, width, conformity)
    values = series(readings, "readings")
    zone = Zone.of(low, high, guard)
    missing = int(np.isnan(values).sum())
    return GuardBand(
        n=values.size - missing,
        n_missing=missing,
        method=f"decision rule {rule}",
        warnings=(NO_ZONE,) if zone.empty else (),
        rule=rule,
        guard=guard,
        expanded_uncertainty=expanded,
        acceptance_lower=zone.accept_low,
        acceptance_upper=zone.accept_high,
        rejection_lower=zone.reject_low,
        rejection_upper=zone.reject_high,
        conformity_at_limit=None if zone.empty else _conformity(guard or 0.0, standard, width),
        tolerance_to_uncertainty=None if width is None else width / (2 * expanded),
        decisions=zone.decide(values),
        report=_report(zone, guard),
    )


def _guard(
    rule: str, u: float, expanded: float, width: float | None, conformity: float
) -> float | None:
    """Width of the guard band by ``rule``; None if no band gives the wanted conformity."""
    one_of(rule, _RULES, "rule")
    wanted = fraction(conformity, "conformity")
    if wanted <= 0.5:  # noqa: PLR2004
        raise ArgumentError("conformity", "must lie between 0.5 and 1")
    if rule == "iso14253-1":
        return _for_conformity(wanted, u, width)
    return 0.0 if rule == "simple" else expanded


@dataclass(frozen=True)
class Zone:
    """Where readings are accepted and where rejected; between lies the uncertain zone.

    An ``empty`` zone accepts nothing and has no limits of acceptance.
    """

    accept_low: float | None
    accept_high: float | None
    reject_low: float | None
    reject_high: float | None
    empty: bool

    @classmethod
    def of(cls, low: float | None, high: float | None, guard: float | None) -> "Zone":
        """The zone for specification limits; a ``guard`` of None leaves no room to accept."""
        w = guard or 0.0
        met = low is not None and high is not None and high - low < 2 * w
        empty = guard is None or met
        return cls(
            accept_low=None if low is None or empty else low + w,
            accept_high=None if high is None or empty else high - w,
            reject_low=None if low is None else low - abs(w),
            reject_high=None if high is None else high + abs(w),
            empty=empty,
        )

    def decide(self, readings: Floats) -> list[str | None]:
        """``conforming``, ``nonconforming`` or ``uncertain`` for each; None for NaN."""
        missing = np.isnan(readings)
        rejected = _outside(readings, self.reject_low, self.reject_high)
        accepted = ~_outside(readings, self.accept_low, self.accept_high) & (not self.empty)
        kinds = np.select(
            [missing, rejected, accepted], ["", "nonconforming", "conforming"], "uncertain"
        )
        return [kind or None for kind in kinds.tolist()]


def _outside(readings: Floats, low: float | None, high: float | None) -> Bools:
    under = below(readings, -np.inf if low is None else low)
    return under | above(readings, np.inf if high is None else high)


def _conformity(w: float, u: float, width: float | None) -> float:
    """Probability that a part read ``w`` inside one limit conforms to both."""
    beyond = 0.0 if width is None else normal_cdf((w - width) / u)
    return normal_cdf(w / u) - beyond


def _for_conformity(wanted: float, u: float, width: float | None) -> float | None:
    """The smallest guard band with the ``wanted`` conformity at its end; None if there is none."""
    if width is None:
        return normal_quantile(wanted) * u
    low, high = 0.0, width / 2
    if _conformity(high, u, width) < wanted:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _conformity(middle, u, width) < wanted else (low, middle)
    return high


def _report(zone: Zone, guard: float | None) -> tuple[Sentence, ...]:
    if zone.empty:
        return (NO_ZONE,)
    w, low, high = number(guard or 0.0), zone.accept_low, zone.accept_high
    if low is None or high is None:
        text = _UP_TO if low is None else _FROM
        edge = high if low is None else low
        return (Sentence.of("acceptance", text, edge=number(edge or 0.0), guard=w),)
    return (Sentence.of("acceptance", _BETWEEN, low=number(low), high=number(high), guard=w),)


_BETWEEN = gettext_noop("Accept readings from %(low)s to %(high)s (guard band %(guard)s).")
_UP_TO = gettext_noop("Accept readings up to %(edge)s (guard band %(guard)s).")
_FROM = gettext_noop("Accept readings from %(edge)s (guard band %(guard)s).")
