"""Run rules of every characteristic of a plant, by window functions."""

from collections.abc import Sequence
from typing import Any

from andon.stats.inputs import ROUNDING, listing, one_of
from andon.stats.plant.columns import Column, Columns, Table, ibis

RULES = ("n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8")


def plant_rule_points(
    table: Table,
    lines: Table,
    columns: Columns | None = None,
    *,
    rules: Sequence[str] = ("n1", "n2"),
) -> Table:
    """The measurements with a column for each rule: does this point complete the pattern.

    The answers of `run_rules` for every characteristic with its own centre and sigma.

    Parameters
    ----------
    table : ibis.Table
        Long table of measurements.
    lines : ibis.Table
        One row a characteristic with the columns of ``columns.by``, ``center`` and ``sigma``, in
        the same backend.
    columns : Columns, optional
        Names of the columns.
    rules : sequence of str
        Of n1 to n8.

    Returns
    -------
    ibis.Table
        ``columns.by``, order and value, and one column of truth values a rule. They are NULL
        for a characteristic without lines, and where its lines stand in several rows, are
        infinite, or sigma is negative. A refused value (see `Columns`) counts as missing.

    Raises
    ------
    ArgumentError
        For an unknown rule, or a column that is missing or holds no numbers.
    """
    columns = Columns.of(columns)
    chosen = [one_of(rule, RULES, "rules") for rule in listing(rules, "rules")]
    answers = _answers(columns.checked(table, "order"), lines, columns)
    windows, known = _Windows(answers, columns), answers["lined"] == 1
    found = {rule: known.ifelse(getattr(windows, rule)(), ibis.null("boolean")) for rule in chosen}
    return answers.select(*columns.by, columns.order, columns.value, **found)


def plant_rule_hits(
    table: Table,
    lines: Table,
    columns: Columns | None = None,
    *,
    rules: Sequence[str] = ("n1", "n2"),
) -> Table:
    """How many points of every characteristic complete the pattern of each rule.

    See `plant_rule_points` for the arguments; one row a characteristic, one column a rule.
    """
    columns, chosen = Columns.of(columns), listing(rules, "rules")
    points = plant_rule_points(table, lines, columns, rules=chosen)
    counts = {}
    for rule in chosen:
        missed = points[rule].isnull().ifelse(ibis.null("int64"), 0)
        counts[rule] = points[rule].ifelse(1, missed).sum().cast("int64")
    return points.aggregate(by=list(columns.by), **counts).order_by(list(columns.by))


def _flag(truth: Column) -> Column:
    return truth.fill_null(False).ifelse(1, 0)


def _answers(rows: Table, lines: Table, columns: Columns) -> Table:
    """What each point is: 1 where above the centre (o0), beyond 1 sigma below (u1), rising."""
    keys = list(columns.by)
    lines = columns.once(lines, ("center", "sigma"), "lines")
    given = (lines["known"] & lines["center"].notnull() & (lines["sigma"] >= 0)).fill_null(False)
    lines = lines.select(*keys, "center", "sigma", lined=given.ifelse(1, 0))
    rows = rows.left_join(lines, keys)
    rows = rows.select(*keys, columns.order, columns.value, "center", "sigma", "lined")
    x, center, sigma = rows[columns.value], rows["center"], rows["sigma"]
    away = x - center + 0.0 * sigma
    noise = ROUNDING * ibis.greatest(x.abs(), center.abs())
    named: dict[str, Any] = {"here": _flag(away.notnull()), "calm": _flag(sigma > 0)}
    for k in range(4):
        named[f"o{k}"] = _flag(away > k * sigma + noise)
        named[f"u{k}"] = _flag(-away > k * sigma + noise)
    before = x.lag().over(ibis.window(group_by=keys, order_by=columns.order))
    named["up"], named["down"] = _flag(x > before), _flag(x < before)
    rows = rows.mutate(**named)
    along = ibis.window(group_by=keys, order_by=columns.order)
    up, down = (rows[name].lag().over(along).fill_null(0) for name in ("up", "down"))
    near = rows["here"] * rows["calm"] * (1 - rows["o1"]) * (1 - rows["u1"])
    return rows.mutate(turn=rows["up"] * down + rows["down"] * up, near=near)


class _Windows:
    """The rules as sums over the last points of a characteristic."""

    def __init__(self, answers: Table, columns: Columns) -> None:
        self.answers, self.columns = answers, columns

    def last(self, name: str, points: int) -> Column:
        window = ibis.window(
            group_by=list(self.columns.by),
            order_by=self.columns.order,
            preceding=points - 1,
            following=0,
        )
        return self.answers[name].sum().over(window)

    def either(self, over: str, under: str, points: int) -> Column:
        return (self.last(over, points) == points) | (self.last(under, points) == points)

    def most(self, over: str, under: str, least: int, points: int) -> Column:
        sides = [(self.answers[n] == 1) & (self.last(n, points) >= least) for n in (over, under)]
        return (sides[0] | sides[1]) & (self.last("here", points) == points)

    def n1(self) -> Column:
        return (self.answers["o3"] + self.answers["u3"]) == 1

    def n2(self) -> Column:
        return self.either("o0", "u0", 9)

    def n3(self) -> Column:
        return self.either("up", "down", 5)

    def n4(self) -> Column:
        return self.last("turn", 12) == 12  # noqa: PLR2004 -- 14 points

    def n5(self) -> Column:
        return self.most("o2", "u2", 2, 3)

    def n6(self) -> Column:
        return self.most("o1", "u1", 4, 5)

    def n7(self) -> Column:
        return self.last("near", 15) == 15  # noqa: PLR2004

    def n8(self) -> Column:
        over, under = self.last("o1", 8), self.last("u1", 8)
        return (over + under == 8) & (over > 0) & (under > 0)  # noqa: PLR2004
