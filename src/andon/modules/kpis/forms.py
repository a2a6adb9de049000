"""Forms of KPIs and signals: they check what was typed and never save."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.forms import RowForm
from andon.accounts.models import Site, User
from andon.organization.models import Item, Line, Process
from andon.records.forms import DayInput, RecordForm
from andon.records.listing import RecordFilters
from andon.records.models import Record

from .models import Kpi, Signal, SignalKind
from .models.series import Key, Point

DEFINED = (
    "code", "name", "question", "formula", "expression", "counting", "unit", "direction", "period",
    "fixed_denominator", "lower_spec", "upper_spec", "chart", "source", "owner", "process", "site",
    "line", "item", "reaction",
    "active_from", "is_active",
)  # fmt: skip
LINES_OFFERED = 500


class KpiForm(RowForm):
    """The whole definition of a KPI on one page."""

    class Meta:
        model = Kpi
        fields = DEFINED
        widgets = {
            "reaction": forms.Textarea(attrs={"rows": 3}),
            "expression": forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["active_from"].required = self.instance.pk is not None
        if self.instance.pk is None:
            del self.fields["is_active"]
        self._shorten("line", Line.objects.visible_to(self.viewer))
        self._shorten("item", Item.objects.visible_to(self.viewer))

    def _shorten(self, name: str, rows: Any) -> None:
        """Offer a bounded list; a factory with 20,000 items narrows by line instead."""
        kept = getattr(self.instance, f"{name}_id", None)
        pks = list(rows.filter(is_active=True).values_list("pk", flat=True)[:LINES_OFFERED])
        field: Any = self.fields[name]
        field.queryset = rows.filter(pk__in=[*pks, *filter(None, [kept])])

    def row_fields(self) -> list[str]:
        return [name for name in DEFINED if name in self.fields]


class ObservationForm(forms.Form):
    """One observation, with the fields its KPI asks for."""

    on = forms.DateField(label=_("Any day of the period"), widget=DayInput)
    sequence = forms.IntegerField(
        label=_("Number of the sample"), min_value=1, max_value=2_000_000_000, required=False,
        help_text=_("Empty: the next one."),
    )  # fmt: skip
    numerator = forms.DecimalField(
        label=_("Numerator"), max_digits=15, decimal_places=4, min_value=0
    )
    denominator = forms.DecimalField(
        label=_("Denominator"), max_digits=15, decimal_places=4, min_value=0
    )
    value = forms.DecimalField(label=_("Value"), max_digits=15, decimal_places=6)
    reason = forms.CharField(
        label=_("Why it is corrected"), max_length=300, required=False,
        help_text=_("Only if the period has a value already; that value is kept in the history."),
    )  # fmt: skip

    def __init__(self, *args: Any, kpi: Kpi, **options: Any) -> None:
        super().__init__(*args, **options)
        unused = ["sequence"] if kpi.is_dated else ["on"]
        unused += ["value"] if kpi.is_ratio else ["numerator", "denominator"]
        for name in unused:
            del self.fields[name]
        if kpi.is_ratio and kpi.fixed_denominator is not None:
            self.fields["denominator"].required = False
            self.fields["denominator"].initial = kpi.fixed_denominator.normalize()
        if not kpi.is_ratio and kpi.unit:
            self.fields["value"].label = _("Value, %s") % kpi.unit


class TargetForm(forms.Form):
    value = forms.DecimalField(label=_("Target"), max_digits=15, decimal_places=6)
    from_date = forms.DateField(label=_("From"), widget=DayInput)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False,
        help_text=_("Empty: every site without a target of its own."),
    )  # fmt: skip
    process = forms.ModelChoiceField(
        label=_("Process"), queryset=Process.objects.none(), required=False,
        help_text=_("Empty: every process without a target of its own."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why this target"), max_length=300, required=False)

    def __init__(self, *args: Any, viewer: User, kpi: Kpi, **options: Any) -> None:
        super().__init__(*args, **options)
        if not kpi.is_computed:
            del self.fields["site"], self.fields["process"]
            return
        for name, model in (("site", Site), ("process", Process)):
            field: Any = self.fields[name]
            field.queryset = model.objects.visible_to(viewer).filter(is_active=True)
        if kpi.site_id:
            del self.fields["site"]


def key_of(text: str) -> Key | None:
    """Read a point as the pages name it: its day and number."""
    day, _sign, sequence = text.partition("/")
    try:
        return date.fromisoformat(day), int(sequence[:10] or 0)
    except ValueError:
        return None


class PointField(forms.TypedChoiceField):
    """Choose one of the points of a chart, the newest first."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=key_of, empty_value=None, **options)

    def offer(self, points: Sequence[Point]) -> None:
        choices = [
            (f"{point.day.isoformat()}/{point.sequence}", point.label) for point in points[::-1]
        ]
        self.choices = choices if self.required else [("", "–"), *choices]


class AboutPoints(forms.Form):
    """A form that names points of the chart."""

    def __init__(self, *args: Any, points: Sequence[Point], **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, PointField):
                field.offer(points)


class NoteForm(AboutPoints):
    point = PointField(label=_("Point"))
    text = forms.CharField(
        label=_("What is known about it"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    leaves_out = forms.BooleanField(
        label=_("Leave this point out of the limits"), required=False,
        help_text=_("Only when its cause is known and gone. The point stays on the chart."),
    )  # fmt: skip


class LimitsForm(AboutPoints):
    start = PointField(label=_("Compute the limits anew from"))
    frozen = PointField(
        label=_("and only from the points up to"), required=False,
        help_text=_("Empty: from all points since then."),
    )  # fmt: skip
    reason = forms.CharField(label=_("What changed in the process"), max_length=300)
    record = forms.CharField(
        label=_("Number of the record that shows it"), max_length=40, required=False,
        help_text=_("A corrective action, improvement project or nonconformity."),
    )  # fmt: skip
    document = forms.CharField(
        label=_("or the document that shows it"), max_length=200, required=False,
        help_text=_("Such as a work instruction with its revision, or a change note."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer

    def clean_record(self) -> Record | None:
        number = self.cleaned_data["record"].strip().upper()
        if not number:
            return None
        found: Record | None = None
        if number.isprintable():
            found = Record.objects.visible_to(self.viewer).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("No record %(number)s is visible to you."), params={"number": number}
            )
        return found


class RestateForm(forms.Form):
    reason = forms.CharField(label=_("Why the period is restated"), max_length=300)


class _SignalForm(RecordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "kpi" in self.fields:
            self._choices("kpi").queryset = Kpi.objects.visible_to(self.viewer).active()


class RaiseForm(_SignalForm):
    """A signal that a person saw before the chart did."""

    class Meta:
        model = Signal
        fields = ("title", "kpi", "signal_kind", "point", "sentence", "site", "owner")
        labels = {"title": _("What do you see?"), "point": _("Period or sample")}

    @classmethod
    def prefill(cls, sources: list[Record]) -> dict[str, Any]:
        first = super().prefill(sources)
        return first | ({"title": sources[0].title[:200]} if sources else {})


class EditSignalForm(_SignalForm):
    class Meta:
        model = Signal
        fields = (
            "title", "cause_code", "cause", "action_code", "action", "accepted_reason",
            "false_alarm_reason", "process", "owner", "restricted",
        )  # fmt: skip


class SignalFilters(RecordFilters):
    signal_kind = django_filters.ChoiceFilter(
        label=_("What it says"), choices=SignalKind.choices, empty_label=_("Anything")
    )
