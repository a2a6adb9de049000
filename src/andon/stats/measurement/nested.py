"""Gage R&R for destructive tests: every operator has parts of his own."""

from dataclasses import dataclass

from andon.stats.inputs import Floats, Values
from andon.stats.measurement.components import (
    ALONE,
    GrrComponents,
    grr_warnings,
    negative_variance,
    no_readings,
    report_of,
    shares,
    with_sums,
)
from andon.stats.measurement.mean_squares import AnovaRow, Square, rounding_noise, square
from andon.stats.measurement.study import Labels, nested_study, one_sided, tolerance_width
from andon.stats.scales import multiplier
from andon.stats.sentences import Sentence, gettext_noop

_SAME_BATCH = Sentence(
    "assumption",
    gettext_noop(
        "The pieces an operator tested as one part are taken as alike; their differences count "
        "as repeatability."
    ),
)


def grr_nested(
    part: Labels,
    operator: Labels,
    y: Values,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    tolerance: float | None = None,
    study_width: float = 6.0,
) -> GrrComponents:
    r"""Repeatability and reproducibility where parts are nested in operators (destructive tests).

    With p parts of each of o operators, r pieces of each part and the mean squares O, P(O), E [1]_:
    repeatability :math:`MS_E`, part :math:`(MS_{P(O)}-MS_E)/r`, operator
    :math:`(MS_O-MS_{P(O)})/(pr)`. An interaction cannot be told from the parts. Negative estimates
    become 0, with a warning.

    Parameters
    ----------
    part, operator : sequence of str or number
        Names, one for each reading. The same part name with two operators means two parts.
    y : sequence of float or None
        The readings in their own unit. None or NaN is missing.
    lsl, usl, tolerance, study_width
        As in `grr_anova`.

    Returns
    -------
    GrrComponents
        ``var_interaction`` is None. F of the operator is against the parts within operators.

    Raises
    ------
    ValueError
        If operators have unequal numbers of parts or parts unequal numbers of readings (they are
        named), for one trial, and as `grr_anova`.

    References
    ----------
    .. [1] D. C. Montgomery, Design and Analysis of Experiments, two-stage nested designs;
       F. A. Gorman, K. M. Bower, Six Sigma Forum 1 (2002) 16.

    Examples
    --------
    >>> result = grr_nested(
    ...     [1, 1, 2, 2, 3, 3, 4, 4],
    ...     ["A"] * 4 + ["B"] * 4,
    ...     [9.9, 10.1, 12.0, 12.1, 14.0, 13.9, 10.2, 10.1],
    ... )
    >>> round(result.sd_grr, 4), result.ndc, result.anova["part"].df
    (0.0935, 32, 2)
    """
    width = tolerance_width(lsl, usl, tolerance)
    times = multiplier(study_width, "study_width")
    study = nested_study(part, operator, y)
    if study is None:
        return no_readings(len(part), "nested study by analysis of variance")
    model = _Nested.of(study.cube)
    figures = shares(with_sums(model.raw()), width, times)
    return GrrComponents(
        n=study.cube.size,
        n_missing=study.n_missing,
        method="nested study by analysis of variance",
        warnings=(*model.warnings(), *grr_warnings(figures), *one_sided(lsl, usl)),
        anova=model.table(),
        cells=study.cells(),
        by_part=study.by_nested_part(),
        by_operator=study.by_operator(),
        report=report_of(figures),
        **figures,
    )


@dataclass(frozen=True)
class _Nested:
    shape: tuple[int, int, int]
    operator: Square
    part: Square
    error: Square

    @classmethod
    def of(cls, cube: Floats) -> "_Nested":
        p, o, r = cube.shape
        noise = rounding_noise(cube)
        x = cube - cube[0, 0, 0]
        cell = x.mean(axis=2)
        by_operator = cell.mean(axis=0)
        return cls(
            shape=(p, o, r),
            operator=square(by_operator - cell.mean(), p * r, o - 1, noise),
            part=square(cell - by_operator[None, :], r, o * (p - 1), noise),
            error=square(x - cell[:, :, None], 1, p * o * (r - 1), noise),
        )

    def raw(self) -> dict[str, float | None]:
        p, _, r = self.shape
        parts, operators = self.part.ms, self.operator.ms
        known = parts is not None and operators is not None
        error = self.error.ss / self.error.df
        return {
            "repeatability": error,
            "operator": ((operators or 0.0) - (parts or 0.0)) / (p * r) if known else None,
            "part": None if parts is None else (parts - error) / r,
        }

    def table(self) -> dict[str, AnovaRow]:
        squares = (self.operator, self.part, self.error)
        return {
            "operator": self.operator.against(self.part),
            "part": self.part.against(self.error),
            "repeatability": self.error.row(),
            "total": AnovaRow(df=sum(s.df for s in squares), ss=sum(s.ss for s in squares)),
        }

    def warnings(self) -> tuple[Sentence, ...]:
        below = [name for name, var in self.raw().items() if var is not None and var < 0]
        single = self.part.df == 0 or self.operator.df == 0
        alone = (ALONE,) if single else ()
        return (_SAME_BATCH, *alone, *(negative_variance(name) for name in below))
