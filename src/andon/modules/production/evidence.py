"""Which requirements the facts of the shop floor answer: monitoring and records of the process."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.production.models import ImportBatch, Output, Scrap, Stage, Stop
from andon.organization.models import Line
from andon.records.evidence import Evidence, EvidenceRecord, Missing, Rule, Start, State

FEW = 5
CAPPED = 1000
LINES = 100
RECENT = timedelta(days=7)
STALE = timedelta(days=31)


def _start() -> Start:
    return Start(_("Record a shift"), reverse("production:record"))


def _batches(person: User) -> list[ImportBatch]:
    """Return the newest published batches of facts this person sees."""
    labels = [model._meta.label_lower for model in (Output, Scrap, Stop)]
    rows = ImportBatch.objects.visible_to(person).filter(
        stage=Stage.PUBLISHED, model__in=labels, last_day__isnull=False
    )
    return list(rows.order_by("-pk")[:FEW])


def _shown(batches: list[ImportBatch]) -> tuple[EvidenceRecord, ...]:
    return tuple(
        EvidenceRecord(str(batch), batch.kind_name, batch.get_absolute_url(), batch.last_day)
        for batch in batches
    )


def _silent_lines(person: User, day: date) -> list[Missing]:
    """Name the lines in use that recorded nothing lately; each costs one look into an index."""
    lines = Line.objects.visible_to(person).active().order_by("pk")[:LINES]
    known = {line.pk: line for line in lines}
    spoke = set(
        Output.objects.filter(current=True, line__in=list(known), day__range=(day - STALE, day))
        .order_by()
        .values_list("line", flat=True)
        .distinct()
    )
    return [
        Missing(
            _("Line %(line)s recorded no output in the last 31 days.") % {"line": line.code},
            f"{reverse('production:record')}?line={line.pk}&day={day.isoformat()}",
            _("Record a shift"),
        )
        for pk, line in known.items()
        if pk not in spoke
    ][:FEW]


def monitoring(person: User, day: date) -> Evidence:
    """Answer with the batches of the last weeks and the lines that said nothing."""
    batches = _batches(person)
    if not batches:
        return Evidence(State.NONE, fix=_start())
    newest = max(batch.last_day for batch in batches if batch.last_day)
    if newest < day - STALE:
        return Evidence(State.STALE, records=_shown(batches), fix=_start(), counted=len(batches))
    missing = _silent_lines(person, day)
    if newest < day - RECENT:
        missing.append(
            Missing(
                _("Nothing was recorded in the last 7 days."),
                reverse("production:record"),
                _("Record a shift"),
            )
        )
    state = State.PARTIAL if missing else State.CURRENT
    return Evidence(
        state, records=_shown(batches), missing=tuple(missing), fix=_start(), counted=len(batches)
    )


def conditions(person: User, day: date) -> Evidence:
    """Answer with the same facts, never better than partial: they show results, not the plan."""
    found = monitoring(person, day)
    if found.state is not State.CURRENT:
        return found
    missing = Missing(
        _("Output and scrap show what came out; whether it ran as planned needs inspections."),
        reverse("production:overview"),
        _("See production"),
    )
    return Evidence(
        State.PARTIAL,
        records=found.records,
        missing=(missing,),
        fix=found.fix,
        counted=found.counted,
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="production.monitoring",
        requirements=("8.5.1-c",),
        title=_("Output, scrap and stops recorded"),
        text=_("Facts of every line in use, published within the last 7 days."),
        ask=monitoring,
    ),
    Rule(
        name="production.conditions",
        requirements=("8.1-e-1", "8.1-e-2"),
        title=_("Records that processes ran and products came out"),
        text=_("Published batches of output and scrap; the plan itself is shown elsewhere."),
        ask=conditions,
    ),
)
