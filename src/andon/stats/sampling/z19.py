"""Plans by variables of ANSI/ASQ Z1.9, looked up by lot size, level and AQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, overload

from andon.stats.inputs import ArgumentError, flag, one_of, real, whole
from andon.stats.results import Result
from andon.stats.sampling.estimates import k_of
from andon.stats.sampling.promises import promise
from andon.stats.sampling.requests import requests, usual
from andon.stats.sampling.tables import table_data
from andon.stats.sampling.variables import oc_curve_variables
from andon.stats.sentences import Sentence, gettext_noop

Inspection: TypeAlias = Literal["normal", "tightened", "reduced"]
INSPECTIONS = ("normal", "tightened", "reduced")
EDITION = "ANSI/ASQ Z1.9 numbers (as in the R package AQLSchemes 1.7-2)"
_KEYS = {"lot_size", "lot_size_range", "aql", "level", "inspection", "sigma_known"}


@dataclass(frozen=True, kw_only=True)
class Z19Plan(Result):
    """Measure ``n`` items; accept if the estimated fraction outside is at most ``m``.

    For a single limit this is the same as Q >= ``k``. ``aql`` is in percent, ``m`` a fraction.
    """

    m: float
    k: float
    code_letter: str
    aql: str
    level: str
    inspection: Inspection
    sigma_known: bool
    lot_size_range: str
    promise: Sentence


@dataclass(frozen=True, kw_only=True)
class Z19Plans(Result):
    """``n``, ``m`` and ``k`` of every plan, in the order given, and the plans in full."""

    n: list[int]  # type: ignore[assignment]  # one sample size a plan, as the cases name them
    m: list[float]
    k: list[float]
    plans: list[Z19Plan]

    def rows(self) -> list[dict[str, object]]:
        """One row a plan."""
        names = ("lot_size_range", "level", "aql", "inspection", "sigma_known", "code_letter")
        return [{name: plan[name] for name in (*names, "n", "m", "k")} for plan in self.plans]


@overload
def z19_plan(plans: Sequence[Mapping[str, object]]) -> Z19Plans: ...
@overload
def z19_plan(
    *,
    lot_size: int,
    aql: float | str,
    level: str = ...,
    inspection: Inspection = ...,
    sigma_known: bool = ...,
) -> Z19Plan: ...
def z19_plan(
    plans: Sequence[Mapping[str, object]] | None = None,
    *,
    lot_size: int | None = None,
    aql: float | str | None = None,
    level: str = "II",
    inspection: Inspection = "normal",
    sigma_known: bool = False,
) -> Z19Plan | Z19Plans:
    r"""The Z1.9 plan for a lot: sample size n, limit M of the estimate, and k.

    Lot size and level give the code letter, letter and AQL the cell with n and M [1]_. Cells that
    hold an arrow in the standard hold the plan at the arrow's end, with its own sample size.
    k follows from M: :math:`k = (1-2B)(n-1)/\sqrt n` with B the M-quantile of the beta
    distribution with both parameters n/2 - 1; with known sigma
    :math:`k = z_M \sqrt{(n-1)/n}` [2]_. The tables round M, so k differs from the printed one
    by up to some units of the second decimal.

    Parameters
    ----------
    plans : list of dict, optional
        Several plans at once, each with the keys below, or with ``lot_size_range`` (the row as
        text, "26-50") instead of ``lot_size``.
    lot_size : int
        At least 2.
    aql : float or str
        0.10, 0.15, 0.25, 0.40, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5 or 10 percent nonconforming.
    level : {"S-3", "S-4", "I", "II", "III"}
        Inspection level.
    inspection : {"normal", "tightened", "reduced"}
        Severity.
    sigma_known : bool
        Whether the standard deviation of the process is known.

    Returns
    -------
    Z19Plan or Z19Plans
        One plan for the named arguments, with ``plans`` all of them (``n``, ``m``, ``k`` are then
        lists). Warning ``full_inspection`` if the lot has no more items than the sample.

    Raises
    ------
    ValueError
        For a lot of fewer than 2 items (inspect all), an AQL or a level the tables do not have,
        an unknown key, or both forms at once.

    References
    ----------
    .. [1] ANSI/ASQ Z1.9; numbers from the R package AQLSchemes 1.7-2.
    .. [2] G. J. Lieberman and G. J. Resnikoff, J. Am. Stat. Assoc. 50 (1955) 457.

    Examples
    --------
    >>> plan = z19_plan(lot_size=40, aql=1.0)
    >>> plan.code_letter, plan.n, plan.m, round(plan.k, 3)
    ('D', 5, 0.0333, 1.525)
    >>> print(plan.promise)
    Accepts lots with 1 % nonconforming in 90 of 100 cases, and lots with 28.5 % in 10 of 100.
    """
    if plans is None:
        one = {"lot_size": lot_size, "aql": aql, "level": level, "inspection": inspection}
        return _plan({**one, "sigma_known": sigma_known})
    given = (level, "II"), (inspection, "normal"), (sigma_known, False)
    if lot_size is not None or aql is not None or not all(usual(*pair) for pair in given):
        raise ArgumentError("plans", "give either plans or one plan, not both")
    found = [_plan(plan) for plan in requests(plans, "plans", _KEYS)]
    return Z19Plans(
        n=[plan.n for plan in found],
        n_missing=0,
        method=EDITION,
        m=[plan.m for plan in found],
        k=[plan.k for plan in found],
        plans=found,
        warnings=tuple(warning for plan in found for warning in plan.warnings),
    )


def _plan(wanted: Mapping[str, object]) -> Z19Plan:
    tables = table_data("z19-variables.json")
    level = one_of(wanted.get("level", "II"), tuple(tables["inspection_levels"]), "level")
    severity = one_of(wanted.get("inspection", "normal"), tuple(INSPECTIONS), "inspection")
    known = flag(wanted.get("sigma_known", False), "sigma_known")
    row, size = _row(wanted, tables)
    letter = tables["code_letter_by_lot_and_level"][row][tables["inspection_levels"].index(level)]
    column = _column(wanted.get("aql"), tables["aql"])
    table = tables["sigma_known" if known else "sigma_unknown"][severity]
    n, m_percent = table[letter][column]
    k = k_of(m_percent / 100, n, known=known)
    quality = float(tables["aql"][column]) / 100
    curve = oc_curve_variables(n, k, sigma_known=known, p=quality)
    return Z19Plan(
        n=n,
        n_missing=0,
        method=f"{EDITION}, sigma {'known' if known else 'unknown'}, {severity} inspection",
        warnings=(_full_inspection(n),) if size <= n else (),
        m=m_percent / 100,
        k=k,
        code_letter=letter,
        aql=tables["aql"][column],
        level=level,
        inspection=severity,  # type: ignore[arg-type]  # one of INSPECTIONS, seen above
        sigma_known=known,
        lot_size_range=tables["lot_size_ranges_text"][row],
        promise=promise((quality, curve.pa[0] or 0.0), (curve.p10, 0.1)),
    )


def _row(wanted: Mapping[str, object], tables: Mapping[str, Any]) -> tuple[int, float]:
    """The row of the lot size, and the largest lot that is meant."""
    text, ranges = wanted.get("lot_size_range"), tables["lot_size_ranges"]
    if text is not None:
        rows = [_bare(label) for label in tables["lot_size_ranges_text"]]
        if _bare(text) not in rows:
            allowed = "; ".join(tables["lot_size_ranges_text"])
            raise ArgumentError("lot_size_range", "must be one of " + allowed)
        row = rows.index(_bare(text))
        return row, ranges[row][1] or float("inf")
    size = whole(wanted.get("lot_size"), "lot_size")
    if size < ranges[0][0]:
        raise ArgumentError("lot_size", "below 2 items there is no sample: inspect them all")
    return max(row for row, (least, _) in enumerate(ranges) if size >= least), size


def _bare(text: object) -> str:
    return str(text).replace(",", "").replace(" ", "").replace("–", "-")


def _column(aql: object, columns: Sequence[str]) -> int:
    refused = ArgumentError("aql", "must be one of " + ", ".join(columns))
    try:
        value = real(float(aql) if isinstance(aql, str) else aql, "aql")
    except ValueError:
        raise refused from None
    found = [place for place, column in enumerate(columns) if float(column) == value]
    if not found:
        raise refused
    return found[0]


def _full_inspection(n: int) -> Sentence:
    return Sentence.of(
        "full_inspection",
        gettext_noop("The lot has no more than the %(n)s items of the sample: measure them all."),
        n=str(n),
    )
