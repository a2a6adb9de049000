"""Plans for inspection by attributes from ISO 2859-1 and ANSI Z1.4."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from andon.stats.inputs import ArgumentError, one_of
from andon.stats.results import Result
from andon.stats.sampling import iso2859_notes as notes
from andon.stats.sampling.iso2859_stages import Cell, Stage, in_lot, table_stages
from andon.stats.sampling.tables import (
    ISO,
    aql_column,
    code_letter,
    follow_arrows,
    rule_set,
    single_rows,
)
from andon.stats.sentences import Sentence

Kind: TypeAlias = Literal["single", "double", "multiple"]
Counting: TypeAlias = Literal["items", "nonconformities"]
Severity: TypeAlias = Literal["normal", "tightened", "reduced"]

KINDS = ("single", "double", "multiple")
SEVERITIES = ("normal", "tightened", "reduced")
_LARGEST_PERCENT = 10


@dataclass(frozen=True, kw_only=True)
class SamplingPlan(Result):
    """A plan for one lot, and how it was found; ``n`` is the most items it can need.

    Attributes
    ----------
    letter, plan_letter : str
        Code letter of the lot, and the letter whose plan is used once arrows are followed.
    path : list of str
        All letters from the one to the other.
    steps : tuple of Sentence
        The same way in words.
    kind, kind_asked : str
        single, double or multiple: of the plan, and as asked for.
    plan : list of int
        The numbers of the table: size, acceptance and rejection number of each sample in turn.
    sample_sizes, ac, re : list of int
        The same by subject, for `oc_curve`; numbers are for all found so far, -1 in ``ac`` where
        a lot cannot be accepted yet.
    stages : list of Stage
        What is to be done with this lot: the samples end where the lot ends.
    full_inspection : bool
        The (first) sample is no smaller than the lot: every item is inspected.
    counting, oc_model : str
        ``items`` (binomial) or ``nonconformities`` (Poisson).
    rules, verification : str
        Edition the plan is from, and how sure the numbers are: ``verified``, ``derived``,
        ``one source``, ``Z1.4 numbers`` or ``unverified``.
    task : Sentence
        What the inspector does.
    """

    lot_size: int
    level: str
    aql: str
    severity: str
    rules: str
    letter: str
    plan_letter: str
    path: list[str]
    steps: tuple[Sentence, ...]
    kind: str
    kind_asked: str
    plan: list[int]
    sample_sizes: list[int]
    ac: list[int]
    re: list[int]
    stages: list[Stage]
    full_inspection: bool
    counting: str
    oc_model: str
    verification: str
    task: Sentence


def sampling_plan(
    lot_size: int,
    aql: str | float,
    *,
    level: str = "II",
    severity: Severity = "normal",
    kind: Kind = "single",
    rules: str = ISO,
    counting: Counting | None = None,
) -> SamplingPlan:
    """The plan for one lot, with the way to it and the certainty of its numbers.

    The code letter of lot size and level and the AQL name a cell of the table; an arrow leads to
    the nearest letter with a plan, whose own sample size is used. Where the sample is no smaller
    than the lot, every item is inspected.

    Parameters
    ----------
    lot_size : int
        Items in the lot, 2 or more.
    aql : str or float
        Acceptance quality limit in percent nonconforming items (up to 10) or nonconformities per
        100 items; one of the 26 preferred values 0.010 to 1000.
    level : str
        Inspection level: S-1 to S-4, I, II, III.
    severity : {"normal", "tightened", "reduced"}
        See `switching_state` for when each is used.
    kind : {"single", "double", "multiple"}
        Where the table has no such plan (or the data do not: double reduced and multiple of ISO)
        the plan with fewer samples is given, with a warning.
    rules : {"ISO 2859-1:1999", "ANSI Z1.4"}
        Reduced inspection differs: Re = Ac + 1 in ISO; a gap in Z1.4, inside which the lot is
        accepted and normal inspection comes back. Tightened letter A at AQL 10 differs too.
    counting : {"items", "nonconformities"}, optional
        What is counted; default items up to AQL 10, above it nonconformities (the only meaning).

    Returns
    -------
    SamplingPlan

    Raises
    ------
    ValueError
        For a lot below 2 items, or an AQL, level or other word that the tables do not have.

    References
    ----------
    .. [1] ISO 2859-1:1999 and ANSI/ASQ Z1.4 numbers as in ``data/iso2859-1-sources.json``: R
           package AQLSchemes 1.7-2 and public transcriptions of NTE INEN-ISO 2859-1.

    Examples
    --------
    >>> plan = sampling_plan(50_000, 4.0)
    >>> plan.letter, plan.plan_letter, plan.plan
    ('N', 'M', [315, 21, 22])
    >>> print(plan.steps[1])
    Letter N → M because the table points up at AQL 4.0.
    """
    one_of(severity, SEVERITIES, "severity")
    one_of(kind, KINDS, "kind")
    edition, column = rule_set(rules, "rules"), aql_column(aql)
    letter = code_letter(lot_size, level)
    path, _ = follow_arrows(single_rows(severity, edition), letter, column)
    cell = Cell(edition, severity, path[-1], column)
    given, table = table_stages(kind, cell)
    stages = in_lot(table, int(lot_size))
    counted = _counted(counting, float(cell.aql))
    return SamplingPlan(
        n=sum(stage.n for stage in stages),
        n_missing=0,
        method=f"{edition}, {given} sampling, {severity} inspection, level {level}, AQL {cell.aql}",
        warnings=(
            *_warnings(cell, kind, given),
            *_lot_warnings(table, stages, int(lot_size)),
        ),
        lot_size=int(lot_size),
        level=level,
        aql=cell.aql,
        severity=severity,
        rules=edition,
        letter=letter,
        plan_letter=path[-1],
        path=path,
        steps=notes.steps(int(lot_size), level, cell.aql, path),
        kind=given,
        kind_asked=kind,
        plan=[figure for stage in table for figure in (stage.n, stage.ac, stage.re)],
        sample_sizes=[stage.n for stage in table],
        ac=[stage.ac for stage in table],
        re=[stage.re for stage in table],
        stages=stages,
        full_inspection=table[0].n >= int(lot_size),
        counting=counted,
        oc_model="binomial" if counted == "items" else "poisson",
        verification=notes.verification(cell, given)[0],
        task=notes.task(stages, int(lot_size)),
    )


def _counted(counting: str | None, aql: float) -> str:
    if counting is None:
        return "items" if aql <= _LARGEST_PERCENT else "nonconformities"
    one_of(counting, ("items", "nonconformities"), "counting")
    if counting == "items" and aql > _LARGEST_PERCENT:
        raise ArgumentError("counting", "an AQL above 10 counts nonconformities, not items")
    return counting


def _warnings(cell: Cell, asked: str, given: str) -> tuple[Sentence, ...]:
    unsure = notes.verification(cell, given)[1]
    changed = notes.changed_pair(cell) if cell.rules == ISO and given == "double" else None
    return (
        *notes.other_kind(asked, given, cell),
        *(sentence for sentence in (unsure, changed) if sentence is not None),
    )


def _lot_warnings(table: list[Stage], stages: list[Stage], lot_size: int) -> tuple[Sentence, ...]:
    if table[0].n >= lot_size:
        return (notes.FULL_INSPECTION,)
    shortened = sum(stage.n for stage in stages) < sum(stage.n for stage in table)
    return (notes.LOT_EXHAUSTED,) if shortened else ()
