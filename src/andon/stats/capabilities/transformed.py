"""Capability of positive values made normal by the power of Box and Cox."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from andon.stats.capabilities.boxcox import REACH, boxcox_lambda
from andon.stats.capabilities.indices import Specification
from andon.stats.capabilities.magnitudes import measured
from andon.stats.capabilities.study import Capability, capability
from andon.stats.inputs import ArgumentError, Floats, Values, fraction, positive, real
from andon.stats.results import Result, named
from andon.stats.sentences import Sentence


@named(lambda_="lambda")
@dataclass(frozen=True, kw_only=True)
class CapabilityBoxCox(Result):
    """Indices of the transformed values, named after the limits as they were given.

    ``transformed`` is the whole study after the transformation; there the limits have swapped if
    ``lambda`` is negative, so its ``cpl`` belongs to ``usl``.
    """

    lambda_: float | None = None
    lambda_ci: list[float] | None = None
    lsl: float | None
    usl: float | None
    lsl_transformed: float | None = None
    usl_transformed: float | None = None
    cp: float | None = None
    cpl: float | None = None
    cpu: float | None = None
    cpk: float | None = None
    pp: float | None = None
    ppl: float | None = None
    ppu: float | None = None
    ppk: float | None = None
    cp_ci: list[float] | None = None
    cpk_ci: list[float] | None = None
    pp_ci: list[float] | None = None
    ppk_ci: list[float] | None = None
    transformed: Capability | None = None
    stable: bool | None = None
    sentence: Sentence | None = None


def capability_boxcox(
    x: Values,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    lam: float | None = None,
    target: float | None = None,
    confidence: float = 0.95,
    required: float = 1.33,
) -> CapabilityBoxCox:
    r"""Capability after the power transformation :math:`x^\lambda` (:math:`\ln x` for 0).

    Values, limits and target are transformed alike, then `capability` is computed [1]_.

    Parameters
    ----------
    x : sequence of float or None
        Single values above 0 in time order.
    lsl, usl : float, optional
        Specification limits, at least one; a lower limit of 0 or below cannot be missed by such
        values and counts as a natural bound.
    lam : float, optional
        The power, from -5 to 5; default the ``suggested`` one of `boxcox_lambda`.
    target, confidence, required
        As in `capability`.

    Returns
    -------
    CapabilityBoxCox
        Indices None with ``nonpositive`` if a value is 0 or below.

    Raises
    ------
    ValueError
        As `capability`; for an upper limit or a target of 0 or below, and a power beyond 5.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.5.2; ISO 22514-4.

    Examples
    --------
    >>> x = [2.7, 1.1, 12.0, 4.4, 1.9, 20.5, 7.1, 3.3]
    >>> result = capability_boxcox(x, usl=100, lam=0)
    >>> round(result.usl_transformed, 3), round(result.ppu, 2)
    (4.605, 1.08)
    """
    asked = Specification.of(lsl, usl, target=target, lower_bound=0.0)
    high = None if asked.usl is None else positive(asked.usl, "usl")
    aim = None if target is None else positive(target, "target")
    fraction(confidence, "confidence")
    values = measured(x, "x")
    found = boxcox_lambda(values, confidence=confidence)
    power = found.suggested if lam is None else _power(lam)
    after = None
    if power is not None and found.lambda_ is not None:
        ends = (_moved(asked.lsl, power), _moved(high, power))
        after = capability(
            _transform(values, power),
            lsl=ends[power < 0],
            usl=ends[power >= 0],
            target=_moved(aim, power),
            confidence=confidence,
            required=required,
        )
    return CapabilityBoxCox(
        n=found.n,
        n_missing=found.n_missing,
        method=found.method if after is None else f"{_named(power)}; {after.method}",
        warnings=(*asked.warnings, *found.warnings, *(after.warnings if after else ())),
        lambda_=power if after else None,
        lambda_ci=found.lambda_ci,
        lsl=asked.lsl,
        usl=high,
        transformed=after,
        **({} if after is None else _original(after, swapped=power is not None and power < 0)),
    )


def _original(after: Capability, *, swapped: bool) -> dict[str, Any]:
    """The fields of ``after`` under the names of the limits before the transformation."""
    names = {"cpl": "cpu", "cpu": "cpl", "ppl": "ppu", "ppu": "ppl"} if swapped else {}
    low, high = (after.usl, after.lsl) if swapped else (after.lsl, after.usl)
    fields = {name: after[names.get(name, name)] for name in _SAME}
    return fields | {"lsl_transformed": low, "usl_transformed": high}


_SAME = (
    *("cp", "cpl", "cpu", "cpk", "pp", "ppl", "ppu", "ppk"),
    *("cp_ci", "cpk_ci", "pp_ci", "ppk_ci", "stable", "sentence"),
)


def _power(lam: float) -> float:
    power = real(lam, "lam")
    if abs(power) > REACH:
        raise ArgumentError("lam", f"must lie between -{REACH:g} and {REACH:g}")
    return power


def _transform(x: Floats, power: float) -> Floats:
    return np.asarray(np.log(x) if power == 0 else x**power)


def _moved(value: float | None, power: float) -> float | None:
    return None if value is None else float(_transform(np.array([value]), power)[0])


def _named(power: float | None) -> str:
    return "natural logarithm" if not power else f"power {power:g}"
