"""Forms of the Workbench and of analyses: they check what was typed and never save."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.modules.analyses.models import Analysis, Method, Values, groups
from andon.modules.analyses.models.methods import Option, Slot
from andon.records.forms import RecordForm
from andon.store.fields import ReadOnceField

MOST_CHARACTERS = 1_000_000
AS_TABLE = {"rows": 8, "class": "font-monospace", "spellcheck": "false", "wrap": "off"}
LARGEST_UPLOAD = 5 * 1024 * 1024
Settings = dict[str, Any]


class ValuesForm(forms.Form):
    """Where the values come from: pasted, or a file that replaces what was pasted."""

    pasted = forms.CharField(
        label=_("Values"), max_length=MOST_CHARACTERS, required=False, strip=False,
        widget=forms.Textarea(attrs=AS_TABLE),
        help_text=_("Paste a column or a table from a spreadsheet; a heading names the columns."),
    )  # fmt: skip
    file = ReadOnceField(
        label=_("or a file"), required=False, largest=LARGEST_UPLOAD,
        help_text=_("CSV, text, XLSX, XLS or ODS; it takes the place of what is pasted."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        nothing = not cleaned.get("file") and not (cleaned.get("pasted") or "").strip()
        if nothing and not self.errors:
            self.add_error("pasted", _("Paste some values, or choose a file."))
        return cleaned


def _column_field(slot: Slot, values: Values) -> forms.Field:
    fitting = [c.name for c in values.columns if slot.texts or c.is_number]
    choices = [(name, name) for name in fitting]
    if slot.many:
        return forms.MultipleChoiceField(
            label=str(slot.label), choices=choices, required=slot.required,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
    offered = choices if slot.required else [("", "–"), *choices]
    return forms.ChoiceField(label=str(slot.label), choices=offered, required=slot.required)


def _option_field(option: Option) -> forms.Field:
    common: dict[str, Any] = {
        "label": option.label, "required": option.required, "help_text": option.help,
    }  # fmt: skip
    if option.kind == "choice":
        return forms.ChoiceField(choices=list(option.choices), **common)
    if option.kind == "whole":
        return forms.IntegerField(min_value=0, max_value=2_000_000_000, **common)
    return forms.FloatField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)


class SettingsForm(forms.Form):
    """The columns and options of one method."""

    def __init__(self, *args: Any, method: Method, values: Values, **more: Any) -> None:
        super().__init__(*args, **more)
        self.method = method
        self.slots = {f"c_{slot.name}": slot for slot in method.slots}
        self.options = {f"o_{option.name}": option for option in method.options}
        for name, slot in self.slots.items():
            self.fields[name] = _column_field(slot, values)
        for name, option in self.options.items():
            self.fields[name] = _option_field(option)

    def settings(self) -> Settings:
        """Return what was chosen, as an analysis keeps it."""
        chosen = {
            slot.name: _listed(self.cleaned_data.get(name)) for name, slot in self.slots.items()
        }
        options = {o.name: self.cleaned_data.get(name) for name, o in self.options.items()}
        return {"columns": chosen, "options": options}

    def refuse(self, sentence: str, field: str) -> None:
        """Put a sentence of the statistics at the field it speaks of."""
        places = (f"c_{field}", f"o_{field}")
        self.add_error(next((place for place in places if place in self.fields), None), sentence)


def shown(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as the first values of a `SettingsForm`."""
    columns = {f"c_{name}": chosen for name, chosen in settings.get("columns", {}).items()}
    options = {f"o_{name}": value for name, value in settings.get("options", {}).items()}
    return {**columns, **options}


def _listed(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if value else []


class MethodForm(forms.Form):
    """Which method; the names stand in groups by the question they answer."""

    method = forms.ChoiceField(label=_("Method"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["method"]
        field.choices = [
            (question, [(method.name, method.label) for method in methods])
            for question, methods in groups()
        ]


class KeepForm(forms.Form):
    """What an analysis needs to be kept as a record."""

    title = forms.CharField(label=_("Title"), max_length=200)
    source = forms.CharField(
        label=_("Where the values come from"), max_length=200,
        help_text=_("Machine, gauge, period, file: so that somebody else could take them again."),
    )  # fmt: skip
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    conclusion = forms.CharField(
        label=_("Conclusion"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What follows from it; it may be written later."),
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["site"]
        field.queryset = Site.objects.visible_to(viewer).order_by("code")
        offered = list(field.queryset[:2])
        field.initial = offered[0].pk if len(offered) == 1 else None
        for one in self.fields.values():
            # The fields stand beside the form of the bench and belong to it.
            one.widget.attrs["form"] = "bench"


class EditAnalysisForm(RecordForm):
    class Meta:
        model = Analysis
        fields = ("title", "owner", "process", "restricted", "conclusion")
