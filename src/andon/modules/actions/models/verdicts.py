"""What the numbers say of the effect of an action; the sentences are those of ``andon.stats``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from andon import stats
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.models.periods import ONE_DAY, next_start, start_of
from andon.modules.kpis.models.series import Point
from andon.modules.kpis.queries.comparing import Window, window
from andon.modules.nonconformities.models import Nonconformity
from andon.records.models import Link

if TYPE_CHECKING:
    from andon.modules.kpis.models import Kpi

    from .action import CorrectiveAction
    from .effects import Criterion

SHOWN = 50
# Said by guards of their own, with the place where each is put right.
APART = frozenset({"window", "exposure", "recurrence"})
VERY_SMALL = 0.0001


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The computed verdict of one day, with everything it rests on.

    ``reasons`` are sentences, the outcome first and the interval before any p; ``shortfalls`` are
    those that speak against "effective" and are not about window, exposure or recurrences.
    """

    outcome: str
    reasons: tuple[str, ...]
    ends: date
    elapsed: bool
    enough: bool = True
    exposure_sentence: str = ""
    shortfalls: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    recurrences: tuple[Nonconformity, ...] = ()
    unjudged: tuple[Nonconformity, ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    interval: str = ""
    p: str = ""

    @property
    def tone(self) -> str:
        return {"effective": "good", "not_effective": "act"}.get(self.outcome, "wait")

    @property
    def label(self) -> str:
        names = {"effective": _("Effective"), "not_effective": _("Not effective")}
        return names.get(self.outcome, _("Inconclusive so far"))


def verdict_of(action: CorrectiveAction, day: date) -> Verdict | None:
    """Return what the numbers say on ``day``; None before the cut-in or without criterion."""
    criterion = action.criterion
    if criterion is None or action.cut_in_date is None:
        return None
    ends = action.cut_in_date + timedelta(days=criterion.whole_window)
    came_back, unjudged = recurrences(action, until=day)
    known = {"ends": ends, "elapsed": day >= ends, "recurrences": came_back, "unjudged": unjudged}
    if criterion.is_metric and action.kpi is not None:
        return _by_metric(action, criterion, action.kpi, day, known)
    return _by_silence(action.cut_in_date, criterion, day, known)


# -- by a KPI before and after -----------------------------------------------------------------


def phases(
    kpi: Kpi, criterion: Criterion, *, cut_in: date, until: date
) -> tuple[Window, Window, Window]:
    """Return all points from the baseline on, those of the baseline, and those after the cut-in.

    The period in which the action took hold is neither before nor after.
    """
    since, baseline_ends = criterion.baseline_from, criterion.baseline_until
    if since is None or baseline_ends is None:
        raise ValueError("A criterion by a KPI has its baseline.")
    whole = window(kpi, since=since, until=max(until, baseline_ends))
    first = start_of(kpi.period, cut_in)
    after = first if first == cut_in else next_start(kpi.period, first)
    before = [point for point in whole.points if point.day <= baseline_ends and point.day < first]
    behind = [point for point in whole.points if point.day >= after and _over(point, until)]
    return whole, replace(whole, points=tuple(before)), replace(whole, points=tuple(behind))


def _over(point: Point, day: date) -> bool:
    return point.end is None or point.end <= day + ONE_DAY


def _by_metric(
    action: CorrectiveAction,
    criterion: Criterion,
    kpi: Kpi,
    day: date,
    known: dict[str, Any],
) -> Verdict:
    cut_in = action.cut_in_date or day
    until = min(known["ends"], day)
    _whole, before, after = phases(kpi, criterion, cut_in=cut_in, until=until)
    left_out = set(action.left_out.values_list("period_start", flat=True))
    try:
        found = _compared(criterion, kpi, (before, after), left_out, known)
    except ValueError as error:
        text = _("These numbers cannot be compared: %s.") % error
        return Verdict(outcome="inconclusive", reasons=(text,), shortfalls=(text,), **known)
    exposure = next((check for check in found.checks if check.name == "exposure"), None)
    return Verdict(
        outcome=found.outcome,
        reasons=tuple(in_words(sentence) for sentence in found.reasons),
        enough=exposure.met is not False if exposure else True,
        exposure_sentence=in_words(exposure.sentence) if exposure else "",
        shortfalls=_shortfalls(found),
        warnings=tuple(in_words(sentence) for sentence in found.warnings),
        levels=_levels(kpi, found),
        interval=_interval(found),
        p=_p(found.p_change),
        **known,
    )


def _compared(
    criterion: Criterion,
    kpi: Kpi,
    halves: tuple[Window, Window],
    left_out: Collection[date],
    known: dict[str, Any],
) -> stats.Effectiveness:
    before, after = halves
    change, value = criterion.target_change, criterion.target_value
    return stats.effectiveness(
        before.periods,
        after.periods,
        kind=before.kind,  # type: ignore[arg-type]
        direction=before.direction,  # type: ignore[arg-type]
        target_change=None if change is None else float(change) / 100,
        target_value=None if value is None else float(value / kpi.factor),
        minimum_exposure=float(criterion.minimum_exposure or Decimal(0)),
        exclude=[n for n, point in enumerate(before.points, 1) if point.day in left_out],
        recurrences=len(known["recurrences"]),
        window_elapsed=known["elapsed"],
    )


def _shortfalls(found: stats.Effectiveness) -> tuple[str, ...]:
    unmet = [check for check in found.checks if not check.met]
    if found.outcome == "effective":
        return ()
    apart = [check for check in unmet if check.name not in APART]
    if not apart and unmet:
        return ()
    sentences = [check.sentence for check in apart] or list(found.reasons)
    return tuple(in_words(sentence) for sentence in sentences)


def _levels(kpi: Kpi, found: stats.Effectiveness) -> tuple[tuple[str, str], ...]:
    rows = ((_("Before"), found.before), (_("After"), found.after), (_("Promised"), found.target))
    return tuple(
        (name, shown(kpi, level * kpi.factor)) for name, level in rows if level is not None
    )


def _interval(found: stats.Effectiveness) -> str:
    if found.change is None or found.change_ci is None:
        return ""
    low, high = found.change_ci
    return _("%(change)s (%(confidence)s interval %(low)s to %(high)s)") % {
        "change": stats.percent(found.change),
        "confidence": stats.percent(found.confidence),
        "low": stats.percent(low),
        "high": stats.percent(high),
    }


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return f"p < {VERY_SMALL}" if value < VERY_SMALL else f"p = {stats.number(value)}"


def in_words(sentence: stats.Sentence) -> str:
    """Return a sentence of the statistics in the language of the page."""
    return _(sentence.text) % sentence.values


# -- by nothing coming back --------------------------------------------------------------------


def _by_silence(cut_in: date, criterion: Criterion, day: date, known: dict[str, Any]) -> Verdict:
    required = criterion.whole_window
    seen = max(min((day - cut_in).days, required), 0)
    found = stats.no_recurrence(len(known["recurrences"]), seen, required)
    return Verdict(
        outcome=found.outcome,
        reasons=(
            *(in_words(sentence) for sentence in found.reasons),
            _("Counted in days from %(day)s on.") % {"day": cut_in},
        ),
        **known,
    )


def recurrences(
    action: CorrectiveAction, *, until: date
) -> tuple[tuple[Nonconformity, ...], tuple[Nonconformity, ...]]:
    """Return the nonconformities that count as recurrences, and those nobody has judged yet.

    One counts when it was judged to have the same verified cause and to be produced after the
    cut-in. One linked as a recurrence, and one of the same item and defect, waits to be judged.
    """
    judged = dict(action.recurrences.values_list("case_id", "counts"))
    linked = set(
        Link.objects.filter(
            kind="recurrence_of", ended_date=None, target_id__in=[action.pk, *action.case_ids]
        ).values_list("record_id", flat=True)[:SHOWN]
    )
    counting = {pk for pk, counts in judged.items() if counts}
    waiting = (set(_alike(action, until)) | linked) - set(judged)
    rows = _reported_after(action, until).filter(pk__in=counting | waiting)
    found = list(rows.select_related("item", "defect", "site").order_by("pk"))
    return (
        tuple(case for case in found if case.pk in counting),
        tuple(case for case in found if case.pk in waiting),
    )


def _reported_after(action: CorrectiveAction, until: date) -> Any:
    rows = Nonconformity.objects.filter(opened_date__gt=action.cut_in_date, opened_date__lte=until)
    return rows.exclude(state="void").exclude(pk__in=action.case_ids)


def _alike(action: CorrectiveAction, until: date) -> list[int]:
    """Return the ids of later cases with the same item and the same defect as one corrected."""
    pairs = {
        (case.item_id, case.defect_id) for case in action.cases if case.item_id and case.defect_id
    }
    found: list[int] = []
    for item, defect in sorted(pairs):
        rows = _reported_after(action, until).filter(item_id=item, defect_id=defect)
        found += rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]
    return found
