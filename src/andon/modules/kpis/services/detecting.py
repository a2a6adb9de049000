"""Raising signals: once for each KPI, rule and point, whenever it is asked."""

from datetime import date

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.accounts.models import User
from andon.modules.kpis.models import Kpi, Period, PointNote, Signal, SignalKind
from andon.modules.kpis.models.judging import Hit, latest_hits, shown
from andon.modules.kpis.models.missing import first_missing
from andon.modules.kpis.models.series import Key, Point, points
from andon.modules.kpis.models.targets import Stretch, off_stretches
from andon.organization import clock
from andon.records import services as records
from andon.trail.services import audited

from .allowed import answerer, home_of

OFF, MISSING = "off_target", "missing"
# Working days to answer in: a daily number is asked about sooner than a monthly one.
ANSWER_WITHIN = {Period.DAY: 2, Period.WEEK: 5, Period.MONTH: 10, Period.SAMPLE: 2}


def detect(kpi: Kpi, *, by: User, day: date, since: Key | None = None) -> list[Signal]:
    """Raise what the points from ``since`` on say, and return the signals that are new.

    Looks at points that came after the KPI was put in use; a point is judged with the points
    up to it, so the same data gives the same signals whenever this is called.
    """
    found = points(kpi, until=day)
    fresh = [at for at, point in enumerate(found) if _counts(kpi, point, since)]
    if not fresh or not kpi.is_active:
        return []
    known = _known(kpi)
    with audited(by):
        raised = [
            _raise_hit(kpi, found[hit.at], hit, by=by, day=day)
            for hit in _hits(kpi, found, fresh)
            if (hit.rule, *found[hit.at].key) not in known
        ]
        raised += [
            _raise_off_target(kpi, stretch, by=by, day=day)
            for stretch in off_stretches(kpi, found)
            if _counts(kpi, stretch.last, None) and (OFF, *stretch.first.key) not in known
        ]
    return raised


def detect_missing(kpi: Kpi, *, by: User, day: date) -> list[Signal]:
    """Raise one signal when the number of a period that is over is late or missing.

    A stretch of missing periods is one signal, at its first; it ends with the next value.
    """
    found = first_missing(kpi, day)
    if found is None or (MISSING, found.start, 0) in _known(kpi):
        return []
    sentence = _("%(period)s ended on %(end)s and has no value.") % {
        "period": found.label, "end": date_format(found.last_day, "Y-m-d"),
    }  # fmt: skip
    point = Point(found.start, 0, found.label)
    with audited(by):
        return [_raised(kpi, point, SignalKind.MISSING, MISSING, sentence, by=by, day=day)]


def _counts(kpi: Kpi, point: Point, since: Key | None) -> bool:
    if point.value is None or (since is not None and point.key < since):
        return False
    return point.end is None or point.end > kpi.active_from


def _known(kpi: Kpi) -> set[tuple[str, date | None, int]]:
    """Return rule and point of every signal there was, also the answered and the void."""
    rows = Signal.objects.filter(kpi=kpi).exclude(rule="").order_by("-pk")[:5000]
    return set(rows.values_list("rule", "day", "sequence"))


def _hits(kpi: Kpi, found: list[Point], fresh: list[int]) -> list[Hit]:
    phases = list(kpi.phases.select_related("record").order_by("day", "sequence"))
    left_out = frozenset(
        PointNote.objects.filter(kpi=kpi, leaves_out=True).values_list("day", "sequence")
    )
    return [hit for at in fresh for hit in latest_hits(kpi, found, phases, left_out, at)]


def _raise_hit(kpi: Kpi, point: Point, hit: Hit, *, by: User, day: date) -> Signal:
    return _raised(kpi, point, SignalKind.SIGNAL, hit.rule, hit.sentence, by=by, day=day)


def _raise_off_target(kpi: Kpi, stretch: Stretch, *, by: User, day: date) -> Signal:
    count, target = len(stretch.points), stretch.first.target
    sentence = ngettext(
        "%(first)s to %(last)s: %(count)d in a row miss the target of %(target)s.",
        "%(first)s to %(last)s: %(count)d in a row miss the target of %(target)s.",
        count,
    ) % {
        "first": stretch.first.label, "last": stretch.last.label, "count": count,
        "target": shown(kpi, target),
    }  # fmt: skip
    return _raised(kpi, stretch.first, SignalKind.OFF_TARGET, OFF, sentence, by=by, day=day)


def _raised(
    kpi: Kpi, point: Point, kind: str, rule: str, sentence: str, *, by: User, day: date
) -> Signal:
    title = _("%(kpi)s: %(sentence)s") % {"kpi": kpi.name, "sentence": sentence}
    home = home_of(kpi)
    signal = Signal(
        kpi=kpi,
        signal_kind=kind,
        rule=rule,
        day=point.day,
        sequence=point.sequence,
        point=point.label,
        sentence=sentence,
        title=Truncator(title).chars(200),
        owner=answerer(kpi, home),
        site=home,
        process=kpi.process,
        due_date=clock.add_working_days(day, ANSWER_WITHIN[Period(kpi.period)], home),
    )
    return records.create(signal, by=by, day=day)
