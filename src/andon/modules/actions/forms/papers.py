"""Forms about the 8D report: what the customer asks, our own report forms, who gets which."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import CustomerReport, PartyForm, ReportForm, ReportFormVersion
from andon.modules.actions.models.shipped import SECTIONS, Form, all_forms
from andon.organization.models import Party
from andon.records.forms import DayInput, PlainForm
from andon.store.fields import ReadOnceField

from .fields import of

ROWS = 24


def customers(viewer: User) -> Any:
    return Party.objects.visible_to(viewer).filter(is_customer=True, is_active=True)


def form_choices(empty: Any) -> list[tuple[str, Any]]:
    return [("", empty), *((form.code, form.name) for form in all_forms())]


class ReportDataForm(PlainForm):
    """What the customer calls it, wants, and by when."""

    party = forms.ModelChoiceField(
        label=_("Customer"), queryset=Party.objects.none(), required=False
    )
    contact = of(CustomerReport, "contact")
    complaint_number = of(CustomerReport, "complaint_number")
    customer_part = of(CustomerReport, "customer_part")
    supplier_part = of(CustomerReport, "supplier_part")
    received_date = forms.DateField(
        label=_("Complaint received on"), widget=DayInput, required=False
    )
    answer_due = forms.DateField(label=_("Answer wanted by"), widget=DayInput, required=False)
    sent_date = forms.DateField(label=_("Answer sent on"), widget=DayInput, required=False)
    form_code = forms.ChoiceField(label=_("Form"), required=False)
    closing_words = of(CustomerReport, "closing_words")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["party"].queryset = customers(self.viewer)  # type: ignore[attr-defined]
        self.fields["form_code"].choices = form_choices(_("The one of the customer"))  # type: ignore[attr-defined]
        earlier = getattr(self.record, "customer_report", None)
        if earlier is not None:
            self.initial = {name: getattr(earlier, name) for name in self.fields}
            self.initial["party"] = earlier.party_id


class ReportFormForm(forms.Form):
    """One edition of a report form: sections in the order of the rows."""

    code = of(ReportForm, "code")
    name = of(ReportForm, "name")
    heading = of(ReportFormVersion, "heading")
    text = of(ReportFormVersion, "text")
    language = forms.CharField(
        label=_("Language"),
        max_length=10,
        initial="en",
        validators=[RegexValidator(r"\A[a-z]{2}(-[a-z]{2,4})?\Z", _("Such as en, de or pt-br."))],
        help_text=_(
            "Such as en. Your headings stay as you write them; the other words are printed in this"
            " language where Andon speaks it."
        ),
    )
    compact = of(ReportFormVersion, "compact")
    logo = ReadOnceField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or WebP. Empty: as before.")
    )

    def __init__(
        self, *args: Any, start: Form | None = None, own: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        choices = [("", _("– nothing –")), *SECTIONS.items()]
        rows = list(start.sections) if start else []
        for at in range(1, ROWS + 1):
            key, title = rows[at - 1] if at <= len(rows) else ("", "")
            number = {"number": at}
            self.fields[f"shows_{at}"] = forms.ChoiceField(
                label=_("Section %(number)d shows") % number,
                choices=choices, required=False, initial=key,
            )  # fmt: skip
            self.fields[f"title_{at}"] = forms.CharField(
                label=_("Heading of section %(number)d") % number,
                max_length=120, required=False, initial=title,
            )  # fmt: skip
        if start is not None:
            self._begin(start, own=own)

    def _begin(self, start: Form, *, own: bool) -> None:
        for name in ("heading", "text", "language", "compact"):
            self.fields[name].initial = getattr(start, name)
        if own:
            self.fields["code"].initial, self.fields["name"].initial = start.code, start.name
            self.fields["code"].disabled = True

    @property
    def sections(self) -> list[Any]:
        """Return the fields of each row, for the table of the page."""
        return [(at, self[f"shows_{at}"], self[f"title_{at}"]) for at in range(1, ROWS + 1)]

    @property
    def plain_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith(("shows_", "title_"))]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        rows = []
        for at in range(1, ROWS + 1):
            key, title = typed.pop(f"shows_{at}", ""), typed.pop(f"title_{at}", "")
            if title and not key:
                self.add_error(f"shows_{at}", _("Choose what this section shows."))
            if key:
                rows.append((key, title or str(SECTIONS[key])))
        if not rows:
            self.add_error(None, _("Choose what at least one section shows."))
        return {**typed, "sections": rows}


class ChooseFormForm(forms.Form):
    """Which form a customer gets."""

    party = forms.ModelChoiceField(label=_("Customer"), queryset=Party.objects.none())
    form_code = forms.ChoiceField(label=_("Report form"), required=False)

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["party"].queryset = customers(viewer)  # type: ignore[attr-defined]
        self.fields["form_code"].choices = form_choices(_("Plain 8D"))  # type: ignore[attr-defined]


def chosen(viewer: User) -> Any:
    """Return which customer has which form."""
    return PartyForm.objects.visible_to(viewer).select_related("party").order_by("party__code")
