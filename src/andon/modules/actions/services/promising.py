"""The promise: how the effect will be judged, fixed before anybody sees the numbers after."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import CorrectiveAction, Criterion, LeftOutPoint, Method
from andon.modules.kpis.models import Kpi, Signal
from andon.modules.kpis.models.periods import start_of
from andon.modules.kpis.queries.comparing import window
from andon.organization import clock
from andon.records import services as records
from andon.records.models import Link
from andon.records.workflow import Refused

from .analysing import WORK

FEWEST_POINTS = 2


def promise_change(
    action: CorrectiveAction,
    *,
    by: User,
    kpi: Kpi,
    baseline_from: date,
    baseline_until: date,
    window_days: int,
    target_change: Decimal | None = None,
    target_value: Decimal | None = None,
    minimum_exposure: Decimal | None = None,
    left_out: Iterable[date] | None = None,
    verifier: User | None = None,
    day: date | None = None,
) -> Criterion:
    """Promise a change of a KPI (in %) or a level of it, against a baseline.

    What is left out follows from the signals, the least exposure from the baseline, if not given.
    """
    with records.changing(action, by=by, permission=WORK, reason=_("criterion set")) as fresh:
        _refuse_when_fixed(fresh)
        row = Criterion(
            record=fresh,
            method=Method.METRIC,
            target_change=target_change,
            target_value=target_value,
            baseline_from=baseline_from,
            baseline_until=baseline_until,
            window_days=window_days,
            minimum_exposure=minimum_exposure,
            set_by=by,
            set_day=day or clock.today(fresh.site),
        )
        _refuse_poor_kpi(fresh, kpi)
        _refuse_poor_promise(row, kpi)
        row.minimum_exposure = _least(kpi, row)
        fresh.kpi = kpi
        _store(fresh, row, verifier)
        _leave_out(fresh, kpi, triggering_days(fresh, kpi) if left_out is None else left_out)
    return row


def promise_no_recurrence(
    action: CorrectiveAction,
    *,
    by: User,
    window_days: int,
    verifier: User | None = None,
    day: date | None = None,
) -> Criterion:
    """Promise that the problem does not come back within ``window_days`` of the cut-in."""
    with records.changing(action, by=by, permission=WORK, reason=_("criterion set")) as fresh:
        _refuse_when_fixed(fresh)
        row = Criterion(
            record=fresh,
            method=Method.NO_RECURRENCE,
            window_days=window_days,
            set_by=by,
            set_day=day or clock.today(fresh.site),
        )
        _store(fresh, row, verifier)
        fresh.left_out.all().delete()
    return row


def triggering_days(action: CorrectiveAction, kpi: Kpi) -> list[date]:
    """Return the periods of ``kpi`` whose signals led to this action, directly or by a case."""
    sources = Link.objects.filter(
        kind="raised_from", ended_date=None, record_id__in=[action.pk, *action.case_ids]
    ).values_list("target_id", flat=True)
    signals = Signal.objects.filter(pk__in=list(sources), kpi=kpi, day__isnull=False)
    return sorted({signal.day for signal in signals if signal.day})


def _least(kpi: Kpi, row: Criterion) -> Decimal | None:
    """Return what was promised, else half of what the window will hold at the baseline's pace."""
    since, until = row.baseline_from, row.baseline_until
    if row.minimum_exposure is not None or since is None or until is None:
        return row.minimum_exposure
    exposure = window(kpi, since=since, until=until).exposure
    return (exposure * row.window_days / (until - since).days / 2).quantize(Decimal(1)) or None


def _refuse_when_fixed(action: CorrectiveAction) -> None:
    if action.is_plan_fixed:
        raise Refused(
            _("How the effect is judged was fixed with the plan and no longer changes."),
            fix="#effect",
        )


def _refuse_poor_kpi(action: CorrectiveAction, kpi: Kpi) -> None:
    if kpi.site_id not in (None, action.site_id):
        raise Refused(_("This KPI belongs to another site."), fix="#effect")
    if not kpi.is_dated:
        raise Refused(
            _("Numbered samples have no dates, so there is no before and after; choose a KPI with"
              " days, weeks or months."),
            fix="#effect",
        )  # fmt: skip


def _refuse_poor_promise(row: Criterion, kpi: Kpi) -> None:
    if (row.target_change is None) == (row.target_value is None):
        raise Refused(_("Promise either a change in % or a level."), fix="#effect")
    if row.target_change is not None and kpi.direction == "lower" and row.target_change > 100:  # noqa: PLR2004
        raise Refused(_("Nothing falls by more than 100 %."), fix="#effect")
    since, until = row.baseline_from, row.baseline_until
    if since is None or until is None or since >= until:
        raise Refused(_("The baseline ends after it begins."), fix="#effect")
    if until > row.set_day:
        raise Refused(_("The baseline lies before today."), fix="#effect")
    seen = [
        point for point in window(kpi, since=since, until=until).points if point.value is not None
    ]
    if len(seen) < FEWEST_POINTS:
        raise Refused(
            _("The KPI has no more than one value in the baseline; choose a longer one."),
            fix="#effect",
        )


def _store(action: CorrectiveAction, row: Criterion, verifier: User | None) -> None:
    """Put ``row`` in the place of an earlier promise."""
    earlier = Criterion.objects.filter(record=action).first()
    if earlier is not None:
        row.pk = earlier.pk
        row._state.adding = False  # noqa: SLF001  (Django's own word for a row that exists)
    row.clean_fields(exclude=["record", "set_by"])
    row.save()
    if verifier is not None:
        action.verifier = verifier


def _leave_out(action: CorrectiveAction, kpi: Kpi, days: Iterable[date]) -> None:
    action.left_out.all().delete()
    for start in sorted({start_of(kpi.period, day) for day in days}):
        LeftOutPoint.objects.create(
            record=action, period_start=start, why=str(_("It triggered the action."))
        )
