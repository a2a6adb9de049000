"""The signals of KPIs with their answers: on the chart, in the plant, for the management review."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.modules.kpis.lifecycle import State
from andon.modules.kpis.models import Kpi, Signal
from andon.modules.kpis.models.series import Key
from andon.records.models import Link, Record

MOST = 500


@dataclass(frozen=True)
class Answers:
    """What the KPIs said in a period and what was answered, for the management review (9.3.2)."""

    signals: tuple[Signal, ...]
    since: date
    until: date

    @property
    def waiting(self) -> int:
        return sum(signal.state == State.RAISED for signal in self.signals)

    @property
    def by_way(self) -> dict[str, int]:
        """How many were answered by cause, accepted, false alarm or handed on."""
        return dict(Counter(signal.way for signal in self.signals if signal.way))

    @property
    def by_cause(self) -> list[tuple[str, int]]:
        """The causes as they were coded, the most frequent first."""
        coded = [s.get_cause_code_display() for s in self.signals if s.cause_code]
        return Counter(coded).most_common()


def answers(viewer: User, *, since: date, until: date) -> Answers:
    """Return the signals raised or answered from ``since`` to ``until``, both included."""
    span = (since, until)
    rows = Signal.objects.visible_to(viewer).exclude(state=State.VOID)
    rows = rows.filter(Q(opened_date__range=span) | Q(closed_date__range=span))
    found = rows.select_related("kpi", "owner", "answered_by", "site").order_by("-pk")[:MOST]
    return Answers(tuple(with_raised(list(found), viewer)), since, until)


def of_kpi(kpi: Kpi, viewer: User, *, most: int = MOST) -> list[Signal]:
    """Return the newest signals of ``kpi`` that ``viewer`` may see, void ones left out."""
    rows = Signal.objects.visible_to(viewer).filter(kpi=kpi).exclude(state=State.VOID)
    found = rows.select_related("owner", "answered_by").order_by("-pk")[:most]
    return with_raised(list(found), viewer)


def with_raised(signals: Sequence[Signal], viewer: User) -> list[Signal]:
    """Give each signal the records raised from it that ``viewer`` may see; two queries for all."""
    links = _links(signals)
    ids = [link.record_id for link in links]
    seen = {one.pk: one for one in Record.objects.visible_to(viewer).filter(pk__in=ids)}
    raised: dict[int, list[Record]] = defaultdict(list)
    for link in links:
        if link.record_id in seen:
            raised[link.target_id].append(seen[link.record_id])
    for signal in signals:
        signal.raised_records = raised[signal.pk]
    return list(signals)


def _links(signals: Sequence[Signal]) -> list[Link]:
    if not signals:
        return []
    rows = Link.objects.filter(
        target__in=[signal.pk for signal in signals], **Signal.raised_by_link
    )
    return list(rows.exclude(record__state="void").order_by("pk")[: 20 * MOST])


def at_points(signals: Sequence[Signal]) -> dict[Key, list[Signal]]:
    """Return the signals by the point they are about; those of no point are left out."""
    found: dict[Key, list[Signal]] = defaultdict(list)
    for signal in signals:
        if signal.day is not None:
            found[signal.day, signal.sequence].append(signal)
    return found


def in_words(signal: Signal) -> str:
    """Return number and answer, or that the signal waits and for whom."""
    about = "" if signal.rule and not (signal.is_off_target or signal.is_missing) else signal.title
    told = f"{signal.number} {about}".strip()
    if signal.answer:
        return f"{told}: {signal.answer}"
    return _("%(signal)s waits for %(owner)s.") % {"signal": told, "owner": signal.owner}
