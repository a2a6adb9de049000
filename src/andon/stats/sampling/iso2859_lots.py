"""Plans of ISO 2859-1 and ANSI Z1.4 for a list of lots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from andon.stats.inputs import ArgumentError, one_of
from andon.stats.results import Result
from andon.stats.sampling.iso2859 import SEVERITIES, SamplingPlan, sampling_plan
from andon.stats.sampling.tables import ISO, Z14, RuleSet, rule_set
from andon.stats.sentences import NO_DATA


@dataclass(frozen=True, kw_only=True)
class SamplingPlans(Result):
    """Plans for a list of lots, in their order; ``plans`` has each with all its parts."""

    letter: list[str]
    plan: list[list[int]]
    plan_letter: list[str]
    full_inspection: list[bool]
    plans: list[SamplingPlan]


def iso2859_plan(lots: Sequence[Mapping[str, object]]) -> SamplingPlans:
    """The plans for several lots at once, arrows followed.

    Parameters
    ----------
    lots : sequence of mapping
        For each lot ``lot_size``, ``aql`` and, if not the default, ``level`` (II),
        ``inspection`` (normal, tightened, reduced: ISO 2859-1:1999; reduced_z14: Z1.4), ``kind``
        (single, double, multiple) and ``rules``. Without ``rules`` single plans are those of ISO,
        double and multiple plans those of Z1.4.

    Returns
    -------
    SamplingPlans
        ``letter`` is the code letter before an arrow is followed, ``plan`` the table's sample
        size, acceptance and rejection number of each sample in turn (also where they exceed the
        lot, which ``full_inspection`` says).

    Raises
    ------
    ValueError
        As `sampling_plan`, naming the lot by its number from 1.

    References
    ----------
    .. [1] As `sampling_plan`.

    Examples
    --------
    >>> lots = [
    ...     {"lot_size": 1200, "aql": "1.0"},
    ...     {"lot_size": 3200, "aql": "2.5", "kind": "double"},
    ... ]
    >>> iso2859_plan(lots).plan
    [[80, 2, 3], [80, 3, 7, 80, 8, 9]]
    """
    if isinstance(lots, str | Mapping) or not isinstance(lots, Sequence):
        raise ArgumentError("lots", "must be a list of lots")
    plans = [_listed_plan(lot, place) for place, lot in enumerate(lots, 1)]
    found = [warning for plan in plans for warning in plan.warnings] if plans else [NO_DATA]
    return SamplingPlans(
        n=len(plans),
        n_missing=0,
        method="; ".join(dict.fromkeys(plan.rules for plan in plans)) or "no lots",
        warnings=tuple({str(warning): warning for warning in found}.values()),
        letter=[plan.letter for plan in plans],
        plan=[plan.plan for plan in plans],
        plan_letter=[plan.plan_letter for plan in plans],
        full_inspection=[plan.full_inspection for plan in plans],
        plans=plans,
    )


_LOT_KEYS = {"lot_size", "aql", "level", "inspection", "kind", "rules", "counting"}


def _listed_plan(lot: object, place: int) -> SamplingPlan:
    if not isinstance(lot, Mapping) or not {"lot_size", "aql"} <= set(lot) <= _LOT_KEYS:
        allowed = ", ".join(sorted(_LOT_KEYS))
        raise ArgumentError("lots", f"lot {place} needs lot_size and aql; known are {allowed}")
    given = dict(lot)
    try:
        severity = one_of(
            given.pop("inspection", "normal"), (*SEVERITIES, "reduced_z14"), "inspection"
        )
        given["rules"] = _rules_of(severity, given)
        return sampling_plan(severity=severity.removesuffix("_z14"), **given)  # type: ignore[arg-type]
    except ArgumentError as refused:
        raise ArgumentError("lots", f"lot {place}, {refused}") from None


def _rules_of(severity: str, lot: Mapping[str, object]) -> RuleSet:
    if severity == "reduced_z14" or (
        lot.get("kind", "single") != "single" and severity != "reduced"
    ):
        usual = Z14
    else:
        usual = ISO
    rules = rule_set(lot.get("rules", usual), "rules")
    if severity == "reduced_z14" and rules != Z14:
        raise ArgumentError("rules", f"reduced_z14 is inspection by {Z14}")
    return rules
