"""Gage R&R by analysis of variance: every operator reads every part several times."""

from dataclasses import dataclass

from andon.stats.inputs import ArgumentError, Floats, Values, real
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
from andon.stats.measurement.study import (
    Labels,
    crossed_study,
    one_sided,
    tolerance_width,
)
from andon.stats.scales import multiplier
from andon.stats.sentences import Sentence


def grr_anova(
    part: Labels,
    operator: Labels,
    y: Values,
    pool_interaction_if_p_above: float = 0.05,
    *,
    lsl: float | None = None,
    usl: float | None = None,
    tolerance: float | None = None,
    study_width: float = 6.0,
) -> GrrComponents:
    r"""Repeatability and reproducibility of a crossed gage study by analysis of variance.

    With p parts, o operators, r trials and the mean squares P, O, PO, E of the random model [1]_
    [2]_: repeatability :math:`MS_E`, interaction :math:`(MS_{PO}-MS_E)/r`, operator
    :math:`(MS_O-MS_{PO})/(pr)`, part :math:`(MS_P-MS_{PO})/(or)`. If the interaction's p is above
    the limit, its sum of squares and that of the error are pooled and the pooled mean square
    replaces both. Negative estimates become 0, with a warning. GRR = repeatability + operator +
    interaction; ndc = 1.41 times the sd of parts over that of GRR, truncated, at least 1.

    Parameters
    ----------
    part, operator : sequence of str or number
        Names, one for each reading, in any order.
    y : sequence of float or None
        The readings in their own unit. None or NaN is missing.
    pool_interaction_if_p_above : float
        0 to 1; 1 never pools.
    lsl, usl, tolerance : float, optional
        Specification limits, or the width of the tolerance, for the percents of tolerance.
    study_width : float
        Standard deviations that the percent of tolerance counts as the spread of a source: 6,
        in older studies 5.15.

    Returns
    -------
    GrrComponents
        Operator and interaction are None with one operator, part and total with one part. The F
        values of part and operator are against the interaction, if it is kept, else against the
        pooled error.

    Raises
    ------
    ValueError
        If a part lacks readings of an operator (the cells are named), for one trial, for lengths
        that differ, texts or infinite values in ``y``, or impossible limits.

    References
    ----------
    .. [1] AIAG, Measurement Systems Analysis, 4th ed., ANOVA method.
    .. [2] R. K. Burdick, C. M. Borror, D. C. Montgomery, J. Quality Technology 35 (2003) 342.

    Examples
    --------
    >>> result = grr_anova(
    ...     [1, 1, 2, 2, 3, 3] * 2,
    ...     ["A"] * 6 + ["B"] * 6,
    ...     [9.9, 10.1, 12.0, 12.1, 14.0, 13.9, 10.2, 10.1, 12.2, 12.2, 14.1, 14.3],
    ...     tolerance=12,
    ... )
    >>> round(result.sd_grr, 3), round(result.pct_tolerance_grr, 1), result.ndc, result.pooled
    (0.152, 7.6, 18, True)
    """
    limit = unit_interval(pool_interaction_if_p_above, "pool_interaction_if_p_above")
    width = tolerance_width(lsl, usl, tolerance)
    times = multiplier(study_width, "study_width")
    study = crossed_study(part, operator, y)
    if study is None:
        return no_readings(len(part), "crossed study by analysis of variance")
    model = CrossedModel.of(study.cube, limit)
    figures = shares(model.variances(), width, times)
    return GrrComponents(
        n=study.cube.size,
        n_missing=study.n_missing,
        method=f"crossed study by analysis of variance, {model.interaction_words}",
        warnings=(*model.warnings(), *grr_warnings(figures), *one_sided(lsl, usl)),
        pooled=model.pooled,
        anova=model.table(),
        cells=study.cells(),
        by_part=study.by_part(),
        by_operator=study.by_operator(),
        report=report_of(figures),
        **figures,
    )


def unit_interval(value: object, name: str) -> float:
    """``value`` if it lies between 0 and 1, both allowed, else ArgumentError."""
    number = real(value, name)
    if not 0 <= number <= 1:
        raise ArgumentError(name, "must lie between 0 and 1")
    return number


@dataclass(frozen=True)
class CrossedModel:
    """Mean squares of the crossed random model, with the interaction kept or pooled."""

    shape: tuple[int, int, int]
    part: Square
    operator: Square
    interaction: Square
    error: Square
    pooled: bool

    @classmethod
    def of(cls, cube: Floats, limit: float) -> "CrossedModel":
        p, o, r = cube.shape
        noise = rounding_noise(cube)
        x = cube - cube[0, 0, 0]
        cell = x.mean(axis=2)
        by_part, by_operator, grand = cell.mean(axis=1), cell.mean(axis=0), float(cell.mean())
        crossed = cell - by_part[:, None] - by_operator[None, :] + grand
        interaction = square(crossed, r, (p - 1) * (o - 1), noise)
        error = square(x - cell[:, :, None], 1, p * o * (r - 1), noise)
        chance = interaction.against(error).p
        return cls(
            shape=(p, o, r),
            part=square(by_part - grand, o * r, p - 1, noise),
            operator=square(by_operator - grand, p * r, o - 1, noise),
            interaction=interaction,
            error=error,
            pooled=interaction.df == 0 or (chance is not None and chance > limit),
        )

    @property
    def repeatability(self) -> Square:
        """The error, with the interaction in it if that is pooled."""
        if not self.pooled:
            return self.error
        return Square(self.interaction.ss + self.error.ss, self.interaction.df + self.error.df)

    @property
    def yardstick(self) -> Square:
        """What parts and operators are compared with."""
        return self.repeatability if self.pooled else self.interaction

    @property
    def interaction_words(self) -> str:
        if self.interaction.df == 0:
            return "without interaction"
        return "interaction pooled with repeatability" if self.pooled else "interaction kept"

    def raw(self) -> dict[str, float | None]:
        """Estimated variances before negative ones are set to 0."""
        p, o, r = self.shape
        error, base = self.repeatability.ss / self.repeatability.df, self.yardstick.ms or 0.0
        interaction = 0.0 if self.pooled else (base - error) / r
        several = self.operator.ms is not None
        return {
            "repeatability": error,
            "operator": None if self.operator.ms is None else (self.operator.ms - base) / (p * r),
            "interaction": interaction if several else None,
            "part": None if self.part.ms is None else (self.part.ms - base) / (o * r),
        }

    def variances(self) -> dict[str, float | None]:
        """Variances of all sources, none below 0, None where not estimable."""
        return with_sums(self.raw())

    def table(self) -> dict[str, AnovaRow]:
        rows = {
            "part": self.part.against(self.yardstick),
            "operator": self.operator.against(self.yardstick),
            "interaction": self.interaction.against(self.error),
            "repeatability": self.error.row(),
        }
        if self.pooled and self.interaction.df:
            rows["pooled"] = self.repeatability.row()
        squares = (self.part, self.operator, self.interaction, self.error)
        rows["total"] = AnovaRow(df=sum(s.df for s in squares), ss=sum(s.ss for s in squares))
        return rows

    def warnings(self) -> tuple[Sentence, ...]:
        below = [name for name, var in self.raw().items() if var is not None and var < 0]
        single = self.operator.df == 0 or self.part.df == 0
        alone = (ALONE,) if single else ()
        return (*alone, *(negative_variance(name) for name in below))
