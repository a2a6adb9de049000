"""Forms of an import: the file, the answers, and which column is what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.modules.production.models import ImportJob
from andon.records.forms import DayInput
from andon.store.fields import ReadOnceField

if TYPE_CHECKING:
    from andon.modules.production.imports import Field, Target

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16")
PLACES_JOINED = ("second", "third")
ACCEPTED = ".csv,.tsv,.txt,.psv,.ssv,.dat,.xlsx,.xlsm,.xls,.ods,.zip"


class UploadForm(forms.Form):
    """The file, what is in it, and whose it is."""

    target = forms.ChoiceField(label=_("What is in the file"), widget=forms.RadioSelect)
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    file = ReadOnceField(
        label=_("File"),
        help_text=_("CSV, text, XLSX, XLS, ODS, or a ZIP with one of them; up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, viewer: User, targets: Iterable[Target], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["target"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        choice.choices = [(target.name, f"{target.label}: {target.help}") for target in targets]
        sites = [
            site.pk
            for site in Site.objects.visible_to(viewer).order_by("code")
            if viewer.may_at("production.import", site.pk)
        ]
        offered = self.fields["site"]
        assert isinstance(offered, forms.ModelChoiceField)  # noqa: S101
        offered.queryset = Site.objects.visible_to(viewer).filter(pk__in=sites).order_by("code")
        if len(sites) == 1:
            offered.initial = sites[0]


class AnswerForm(forms.Form):
    """One question about the file and its choices."""

    def __init__(self, *args: Any, job: ImportJob, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["answer"] = forms.ChoiceField(
            label=job.trouble.get("sentence", ""),
            choices=job.trouble.get("options", ()),
            widget=forms.RadioSelect,
        )


class ReadForm(forms.Form):
    """How to read the file, where the guess was wrong."""

    header_row = forms.IntegerField(label=_("Heading in row"), min_value=1, required=False)
    separator = forms.ChoiceField(
        label=_("Cells are parted by"),
        required=False,
        choices=[
            ("", _("As found")),
            (",", _("comma")),
            (";", _("semicolon")),
            ("\t", _("tab")),
            ("|", _("bar")),
            (" ", _("blanks")),
        ],
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("As found")), *((name, name.upper()) for name in ENCODINGS)],
    )

    def clean(self) -> dict[str, Any]:
        """Keep the tab: a choice is stripped of blanks otherwise."""
        cleaned = super().clean() or {}
        raw = self.data.get("separator", "")
        return {**cleaned, "separator": raw if raw in {"\t", " "} else cleaned.get("separator")}


class MappingForm(forms.Form):
    """For each field a column, or one value for all rows."""

    def __init__(self, *args: Any, job: ImportJob, target: Target, **options: Any) -> None:
        self.job, self.target = job, target
        super().__init__(*args, **options)
        rules = job.mapping.get("fields", {})
        for spec in self.target.fields:
            self._add(spec, rules.get(spec.name, {}))
        self._add_answers()
        if target.sums:
            self.fields["add_up"] = forms.BooleanField(
                label=_("Add rows together that are about the same line, day and cause"),
                required=False,
                initial=job.mapping.get("add_up", False),
            )

    def _add(self, spec: Field, rule: dict[str, Any]) -> None:
        columns = [("", _("no column")), *((name, name) for name in self.job.columns)]
        chosen = [*rule.get("columns", ()), "", "", ""]
        self.fields[f"{spec.name}_column"] = forms.ChoiceField(
            label=_("%(field)s: column") % {"field": spec.label},
            choices=columns,
            required=False,
            initial=chosen[0],
            help_text=str(spec.help),
        )
        for at, place in enumerate(PLACES_JOINED[: spec.most_columns - 1], start=1):
            self.fields[f"{spec.name}_{place}"] = forms.ChoiceField(
                label=_("%(field)s: joined with") % {"field": spec.label},
                choices=columns,
                required=False,
                initial=chosen[at],
            )
        self.fields[f"{spec.name}_constant"] = self._constant(spec, rule)
        self._add_rule(spec, rule)

    @staticmethod
    def _constant(spec: Field, rule: dict[str, Any]) -> forms.Field:
        label = _("%(field)s: one value for all rows") % {"field": spec.label}
        initial = rule.get("constant", "")
        if spec.is_day:
            return forms.DateField(label=label, required=False, initial=initial, widget=DayInput)
        return forms.CharField(label=label, required=False, max_length=120, initial=initial)

    def _add_rule(self, spec: Field, rule: dict[str, Any]) -> None:
        if spec.is_day:
            self.fields[f"{spec.name}_start"] = forms.DateField(
                label=_("The column counts days; number 1 is"),
                required=False,
                initial=rule.get("start", ""),
                widget=DayInput,
                help_text=_("Only for a running number instead of a date."),
            )
        if spec.name == "cause":
            self.fields[f"{spec.name}_good"] = forms.CharField(
                label=_("These values mean good"),
                required=False,
                max_length=300,
                initial="; ".join(rule.get("good", ())),
                help_text=_("Rows with them are no scrap and are passed over. Part them by ;"),
            )

    def _add_answers(self) -> None:
        if any(hint["order_unsure"] for hint in self.job.hints):
            self.fields["order"] = forms.ChoiceField(
                label=_("A date like 3/4/2026 is"),
                required=False,
                initial=self.job.answers.get("order", ""),
                choices=[("", _("choose")), ("dmy", _("3 April")), ("mdy", _("4 March"))],
            )
        if any(hint["decimal_unsure"] for hint in self.job.hints):
            self.fields["decimal"] = forms.ChoiceField(
                label=_("A number like 1,234 is"),
                required=False,
                initial=self.job.answers.get("decimal", ""),
                choices=[
                    ("", _("choose")),
                    (",", _("a little more than one")),
                    (".", _("more than a thousand")),
                ],
            )

    def groups(self) -> list[tuple[Field, list[forms.BoundField]]]:
        """Return the inputs of each field together."""
        return [
            (spec, [self[name] for name in self.fields if name.startswith(f"{spec.name}_")])
            for spec in self.target.fields
        ]

    def rest(self) -> list[forms.BoundField]:
        """Return the inputs about all rows."""
        return [self[name] for name in ("order", "decimal", "add_up") if name in self.fields]

    def answers(self) -> dict[str, str]:
        """Return what was said about dates and numbers that can be read both ways."""
        said = {name: self.cleaned_data.get(name, "") for name in ("order", "decimal")}
        return {name: value for name, value in said.items() if value}

    def mapping(self) -> dict[str, Any]:
        """Return the mapping as the import understands it."""
        rules = {spec.name: self._rule(spec.name) for spec in self.target.fields}
        return {
            "fields": {name: rule for name, rule in rules.items() if rule},
            "add_up": self.cleaned_data.get("add_up", False),
        }

    def _rule(self, name: str) -> dict[str, Any]:
        said: Any = self.cleaned_data.get
        columns = [said(f"{name}_{place}") for place in ("column", *PLACES_JOINED)]
        rule: dict[str, Any] = {}
        if used := [column for column in columns if column]:
            rule["columns"] = used
        elif said(f"{name}_constant"):
            rule["constant"] = str(said(f"{name}_constant"))
        if rule and said(f"{name}_start"):
            rule["start"] = str(said(f"{name}_start"))
        if rule and said(f"{name}_good"):
            good = [value.strip() for value in said(f"{name}_good").split(";")]
            rule["good"] = [value for value in good if value]
        return rule
