"""Components of the variation of a gage study, their shares, and the sentences on them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from andon.stats.measurement.mean_squares import AnovaRow
from andon.stats.measurement.study import Cell, Level
from andon.stats.results import Result, Value
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, percent

SOURCES = (
    "repeatability",
    "reproducibility",
    "operator",
    "interaction",
    "grr",
    "part",
    "total",
)
NO_PART_VARIATION = Sentence(
    "zero_variance",
    gettext_noop("The parts do not differ by more than the gage scatters: no number of classes."),
)
NO_GAGE_VARIATION = Sentence(
    "zero_variance",
    gettext_noop("The gage shows no scatter at all: check its resolution and the readings."),
)
ALONE = Sentence(
    "too_few",
    gettext_noop("With one operator or one part, its share of the variation cannot be told."),
)
_GOOD, _USABLE = 10.0, 30.0
_ENOUGH_CATEGORIES = 5


@dataclass(frozen=True, kw_only=True)
class Component(Value):
    """One source of variation and its shares in percent: a bar of the usual drawing."""

    source: str
    var: float | None
    sd: float | None
    pct_contribution: float | None
    pct_study_var: float | None
    pct_tolerance: float | None


@dataclass(frozen=True, kw_only=True)
class GrrComponents(Result):
    """A gage study by analysis of variance.

    For each source (repeatability, reproducibility, operator, interaction, grr, part, total):
    ``var_…`` (unit of the readings squared), ``sd_…`` (their unit), ``pct_contribution_…`` (of
    the total variance), ``pct_study_var_…`` (of the total standard deviation) and
    ``pct_tolerance_…`` (study width times sd over the tolerance), None where not estimable.

    Attributes
    ----------
    ndc : int or None
        Number of distinct categories; None if there is no variation of parts or of the gage.
    anova : dict of AnovaRow
        The analysis of variance.
    pooled : bool
        The interaction was taken into the repeatability.
    cells, by_part, by_operator
        What the drawings by part, by operator and of interaction show.
    report : tuple of Sentence
        The outcome in sentences, by the usual limits of AIAG.
    """

    var_repeatability: float | None = None
    var_reproducibility: float | None = None
    var_operator: float | None = None
    var_interaction: float | None = None
    var_grr: float | None = None
    var_part: float | None = None
    var_total: float | None = None
    sd_repeatability: float | None = None
    sd_reproducibility: float | None = None
    sd_operator: float | None = None
    sd_interaction: float | None = None
    sd_grr: float | None = None
    sd_part: float | None = None
    sd_total: float | None = None
    pct_contribution_repeatability: float | None = None
    pct_contribution_reproducibility: float | None = None
    pct_contribution_operator: float | None = None
    pct_contribution_interaction: float | None = None
    pct_contribution_grr: float | None = None
    pct_contribution_part: float | None = None
    pct_contribution_total: float | None = None
    pct_study_var_repeatability: float | None = None
    pct_study_var_reproducibility: float | None = None
    pct_study_var_operator: float | None = None
    pct_study_var_interaction: float | None = None
    pct_study_var_grr: float | None = None
    pct_study_var_part: float | None = None
    pct_study_var_total: float | None = None
    pct_tolerance_repeatability: float | None = None
    pct_tolerance_reproducibility: float | None = None
    pct_tolerance_operator: float | None = None
    pct_tolerance_interaction: float | None = None
    pct_tolerance_grr: float | None = None
    pct_tolerance_part: float | None = None
    pct_tolerance_total: float | None = None
    ndc: int | None = None
    pooled: bool = False
    anova: dict[str, AnovaRow]
    cells: list[Cell]
    by_part: list[Level]
    by_operator: list[Level]
    report: tuple[Sentence, ...] = ()

    def components(self) -> list[Component]:
        """The components that were estimated, for a table or the bars of a drawing."""
        measures = [item.name for item in fields(Component) if item.name != "source"]
        return [
            Component(source=source, **{name: self[f"{name}_{source}"] for name in measures})  # type: ignore[arg-type]
            for source in SOURCES
            if self[f"var_{source}"] is not None
        ]

    def rows(self) -> list[dict[str, object]]:
        """One row for each component of variation."""
        return [component.to_dict() for component in self.components()]


def shares(
    variances: Mapping[str, float | None], tolerance: float | None, width: float
) -> dict[str, Any]:
    """The fields of `GrrComponents` that follow from the variances of its sources."""
    total = variances.get("total")
    found: dict[str, Any] = {}
    for source, var in variances.items():
        if var is None:
            continue
        found[f"var_{source}"] = var
        sd = found[f"sd_{source}"] = math.sqrt(var)
        if total:
            found[f"pct_contribution_{source}"] = 100 * var / total
            found[f"pct_study_var_{source}"] = 100 * math.sqrt(var / total)
        if tolerance and total != 0:
            found[f"pct_tolerance_{source}"] = 100 * width * sd / tolerance
    found["ndc"] = categories(found.get("sd_part"), found.get("sd_grr"))
    return found


def with_sums(raw: dict[str, float | None]) -> dict[str, float | None]:
    """Estimates set to 0 where negative, with reproducibility, GRR and total added."""
    found = {name: None if var is None else max(0.0, var) for name, var in raw.items()}
    operator, part = found["operator"], found["part"]
    between = None if operator is None else operator + (found.get("interaction") or 0.0)
    grr = (found["repeatability"] or 0.0) + (between or 0.0)
    total = None if part is None else grr + part
    return found | {"reproducibility": between, "grr": grr, "total": total}


def categories(sd_part: float | None, sd_grr: float | None) -> int | None:
    """Number of distinct categories, truncated and at least 1; None if either sd is 0 or unknown.

    >>> categories(1.0423, 0.30237)
    4
    """
    if not sd_part or not sd_grr:
        return None
    return max(1, math.floor(1.41 * sd_part / sd_grr))


def no_readings(n_missing: int, method: str) -> GrrComponents:
    """The result of a study without any reading."""
    return GrrComponents(
        n=0,
        n_missing=n_missing,
        method=method,
        warnings=(NO_DATA,),
        anova={},
        cells=[],
        by_part=[],
        by_operator=[],
    )


def report_of(figures: dict[str, Any]) -> tuple[Sentence, ...]:
    """The sentences for figures named as in `GrrComponents`."""
    return grr_report(
        figures.get("pct_study_var_grr"),
        figures.get("pct_tolerance_grr"),
        figures["ndc"],
        figures.get("sd_repeatability"),
        figures.get("sd_reproducibility"),
    )


def grr_warnings(figures: dict[str, Any]) -> tuple[Sentence, ...]:
    """What keeps percents or the number of classes from being known."""
    if figures.get("sd_total") == 0 or (figures["sd_grr"] == 0 and "sd_total" not in figures):
        return (ZERO_VARIANCE,)
    if figures["sd_grr"] == 0:
        return (NO_GAGE_VARIATION,)
    return (NO_PART_VARIATION,) if figures.get("sd_part") == 0 else ()


def negative_variance(source: str) -> Sentence:
    """The warning that an estimate below 0 was set to 0."""
    return Sentence.of(
        "negative_variance",
        gettext_noop("The estimated variance of the %(source)s is below 0 and was set to 0."),
        source=source,
    )


def grr_report(
    study_var: float | None,
    of_tolerance: float | None,
    ndc: int | None,
    repeatability: float | None,
    reproducibility: float | None,
) -> tuple[Sentence, ...]:
    """What a report says about a gage study: shares, categories, and where to look first."""
    found = []
    if study_var is not None:
        found.append(_judged(study_var, _OF_STUDY))
    if of_tolerance is not None:
        found.append(_judged(of_tolerance, _OF_TOLERANCE))
    if ndc is not None:
        text = _CATEGORIES if ndc >= _ENOUGH_CATEGORIES else _FEW_CATEGORIES
        found.append(Sentence.of("ndc", text, ndc=str(ndc)))
    if repeatability and reproducibility:
        larger = _OPERATORS if reproducibility > repeatability else _GAGE
        found.append(Sentence.of("larger_source", larger))
    return tuple(found)


def _judged(share: float, texts: tuple[str, str, str]) -> Sentence:
    kind = 0 if share < _GOOD else 1 if share <= _USABLE else 2
    code = ("acceptable", "conditional", "not_acceptable")[kind]
    return Sentence.of(code, texts[kind], share=percent(share / 100))


_OF_STUDY = (
    gettext_noop(
        "The measurement system makes up %(share)s of the total variation (under 10 %%): "
        "acceptable."
    ),
    gettext_noop(
        "The measurement system makes up %(share)s of the total variation (10 to 30 %%): "
        "acceptable for some uses, to be agreed."
    ),
    gettext_noop(
        "The measurement system makes up %(share)s of the total variation (over 30 %%): "
        "not acceptable, improve it."
    ),
)
_OF_TOLERANCE = (
    gettext_noop(
        "The measurement system takes up %(share)s of the tolerance (under 10 %%): acceptable."
    ),
    gettext_noop(
        "The measurement system takes up %(share)s of the tolerance (10 to 30 %%): acceptable "
        "for some uses, to be agreed."
    ),
    gettext_noop(
        "The measurement system takes up %(share)s of the tolerance (over 30 %%): not "
        "acceptable, improve it."
    ),
)
_CATEGORIES = gettext_noop("It tells %(ndc)s classes of parts apart; 5 or more are wanted.")
_FEW_CATEGORIES = gettext_noop(
    "It tells only %(ndc)s classes of parts apart; 5 or more are wanted."
)
_GAGE = gettext_noop(
    "Repeatability is the larger share: look at the gage, its fixture and the place of measuring."
)
_OPERATORS = gettext_noop(
    "Differences between operators are the larger share: look at instruction, training and reading."
)
