"""What a project brings: its KPI before and after by ``andon.stats``, and that in money a year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from andon import stats
from andon.modules.kpis.models.judging import shown, translated
from andon.modules.kpis.models.periods import ONE_DAY, next_start, start_of
from andon.modules.kpis.queries.comparing import Window, window
from andon.organization.queries import rate_on, settings

if TYPE_CHECKING:
    from andon.modules.kpis.models import Kpi
    from andon.modules.kpis.models.series import Point

    from .project import ImprovementProject

YEAR = 365
CENT = Decimal("0.01")
MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """The computed benefit of one day, with everything it rests on.

    ``yearly`` is money a year with its interval ``low`` to ``high``; None when it is not known.
    """

    outcome: str
    reasons: tuple[str, ...]
    ends: date
    elapsed: bool
    shortfalls: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    yearly: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    arithmetic: str = ""

    @property
    def label(self) -> str:
        names = {"effective": _("Target reached"), "not_effective": _("Target not reached")}
        return names.get(self.outcome, _("Open so far"))

    @property
    def tone(self) -> str:
        return {"effective": "good", "not_effective": "act"}.get(self.outcome, "wait")

    @property
    def in_words(self) -> str:
        """The money with its interval."""
        if self.yearly is None or self.low is None or self.high is None:
            return ""
        return _("%(yearly)s a year (95 %% interval %(low)s to %(high)s)") % {
            "yearly": in_money(self.yearly), "low": in_money(self.low), "high": in_money(self.high),
        }  # fmt: skip

    def payback_months(self, costs: Decimal | None) -> int | None:
        """Return after how many months the costs are back; None when they never are."""
        if not costs or not self.yearly or self.yearly <= 0:
            return None
        return int((costs * MONTHS / self.yearly).to_integral_value(rounding="ROUND_CEILING"))


def in_money(amount: Decimal | None) -> str:
    """Return an amount without cents, in the currency of the settings."""
    if amount is None:
        return _("No data")
    return f"{number_format(round(amount), 0, force_grouping=True)} {settings().currency}"


def benefit_of(project: ImprovementProject, day: date) -> Benefit | None:
    """Return what the numbers say on ``day``; None before the project took hold."""
    kpi, took_hold, days = project.kpi, project.took_hold_date, project.window_days
    if kpi is None or took_hold is None or days is None or project.target_value is None:
        return None
    ends = took_hold + timedelta(days=days)
    known: dict[str, Any] = {"ends": ends, "elapsed": day >= ends}
    before, after = halves(project, until=min(day, ends))
    try:
        found = stats.effectiveness(
            before.periods,
            after.periods,
            kind=before.kind,  # type: ignore[arg-type]
            direction=before.direction,  # type: ignore[arg-type]
            target_value=float(project.target_value / kpi.factor),
            window_elapsed=known["elapsed"],
        )
    except ValueError as error:
        text = _("These numbers cannot be compared: %s.") % error
        return Benefit(outcome="inconclusive", reasons=(text,), shortfalls=(text,), **known)
    return Benefit(
        outcome=found.outcome,
        reasons=tuple(translated(sentence) for sentence in found.reasons),
        shortfalls=_shortfalls(found),
        warnings=tuple(translated(sentence) for sentence in found.warnings),
        levels=_levels(kpi, found),
        **known,
        **_money(project, kpi, after, found),
    )


def halves(project: ImprovementProject, *, until: date) -> tuple[Window, Window]:
    """Return the points of the baseline, and those of the whole periods after it took hold."""
    kpi, took_hold = project.kpi, project.took_hold_date
    since, baseline_ends = project.baseline_from, project.baseline_until
    if kpi is None or took_hold is None or since is None or baseline_ends is None:
        raise ValueError("A project that is checked has a KPI, a baseline and a day.")
    whole = window(kpi, since=since, until=max(until, baseline_ends))
    first = first_after(kpi, took_hold)
    begun = start_of(kpi.period, took_hold)
    before = [point for point in whole.points if point.day <= baseline_ends and point.day < begun]
    after = [point for point in whole.points if point.day >= first and _over(point, until)]
    return replace(whole, points=tuple(before)), replace(whole, points=tuple(after))


def first_after(kpi: Kpi, day: date) -> date:
    """Return the first day of the first period wholly after ``day``, or that begins on it."""
    begun = start_of(kpi.period, day)
    return begun if begun == day else next_start(kpi.period, begun)


def _over(point: Point, day: date) -> bool:
    return point.end is None or point.end <= day + ONE_DAY


def _shortfalls(found: stats.Effectiveness) -> tuple[str, ...]:
    """Return what speaks against "reached"; the window has a guard of its own."""
    if found.outcome == "effective":
        return ()
    unmet = [check for check in found.checks if not check.met and check.name != "window"]
    sentences = [check.sentence for check in unmet] or list(found.reasons)
    return tuple(translated(sentence) for sentence in sentences)


def _levels(kpi: Kpi, found: stats.Effectiveness) -> tuple[tuple[str, str], ...]:
    rows = ((_("Baseline"), found.before), (_("After"), found.after), (_("Target"), found.target))
    return tuple(
        (name, shown(kpi, level * kpi.factor)) for name, level in rows if level is not None
    )


# -- in money ------------------------------------------------------------------------------------


def _money(
    project: ImprovementProject, kpi: Kpi, after: Window, found: stats.Effectiveness
) -> dict[str, Any]:
    """Return the benefit a year with its interval, and how it was computed in one line."""
    rate, units = _rate(project, kpi), units_a_year(after)
    if rate is None or units is None or found.difference is None or found.difference_ci is None:
        return {}
    sign = -1 if kpi.direction == "lower" else 1
    better = [sign * each for each in (found.difference, *found.difference_ci)]
    yearly, *ends = (_cents(Decimal(str(each)) * units * rate) for each in better)
    spared = Decimal(str(better[0])) * units
    text = _("%(spared)s better of %(units)s in a year, at %(rate)s each: %(source)s")
    said = {
        "spared": number_format(round(spared, 1), 1, force_grouping=True),
        "units": number_format(round(units), 0, force_grouping=True),
        "rate": f"{number_format(rate.normalize())} {settings().currency}",
        "source": project.rate_source or project.get_cost_kind_display(),
    }
    return {"yearly": yearly, "low": min(ends), "high": max(ends), "arithmetic": text % said}


def units_a_year(after: Window) -> Decimal | None:
    """Return the exposure of a year at the pace since then; 1 for single values.

    None without data, and for samples, which have no days.
    """
    there = [point for point in after.points if point.value is not None and point.end]
    days = sum((point.end - point.day).days for point in there if point.end)
    if not days:
        return None
    return Decimal(1) if after.kind == "value" else after.exposure * YEAR / days


def _rate(project: ImprovementProject, kpi: Kpi) -> Decimal | None:
    if project.rate is not None:
        return project.rate
    if not project.cost_kind or project.took_hold_date is None:
        return None
    return rate_on(project.cost_kind, project.took_hold_date, item=kpi.item, line=kpi.line)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT)
