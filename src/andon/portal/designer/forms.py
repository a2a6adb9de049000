"""Forms of the designer: they check what was typed and never save."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.records.models import Record
from andon.sheets import design as designs
from andon.sheets.design import SIGN_OFF, Question, Type
from andon.sheets.models import FormDesign
from andon.store.fields import ReadOnceField

from . import queries


def key_from(label: str) -> str:
    """Return a key made of ``label``: ``Paint thickness`` gives ``paint_thickness``."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].lstrip("_0123456789")


class BeginForm(forms.Form):
    """A new form: for which records, and how it is called."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As people read it above the fields.")
    )
    kind = forms.ChoiceField(label=_("Kind of record"))
    use = forms.ChoiceField(label=_("What it is"), choices=FormDesign.Use.choices)
    site = forms.ModelChoiceField(
        label=_("Only at this site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("At all sites"),
    )
    category = forms.ChoiceField(
        label=_("Only in this category"),
        required=False,
        help_text=_("Only kinds of record that have categories."),
    )

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = Record.kinds()
        choices: Any = self.fields
        choices["kind"].choices = [(kind.slug(), kind.verbose().capitalize()) for kind in kinds]
        found = {pair for kind in kinds for pair in queries.categories_of(kind)}
        choices["category"].choices = [("", _("In every category")), *sorted(found)]
        choices["site"].queryset = Site.objects.visible_to(viewer).order_by("code")

    def design(self) -> FormDesign:
        asked = dict(self.cleaned_data)
        return FormDesign(**asked, key=key_from(asked["name"]) or "form")


class QuestionForm(forms.Form):
    """One field of a form, or one item of a checklist."""

    label = forms.CharField(label=_("Label"), max_length=80)
    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_("For programs and exports; it never changes. Empty: made of the label."),
    )
    type = forms.ChoiceField(label=_("Type"))
    help = forms.CharField(label=_("Help below the field"), max_length=300, required=False)
    section = forms.CharField(label=_("Section"), max_length=60, required=False)
    required_from = forms.ChoiceField(label=_("Required"), required=False)
    default = forms.CharField(label=_("Default"), max_length=200, required=False)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line; for a choice only."),
    )
    bad = forms.CharField(
        label=_("Choices that fail"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=6, required=False)
    least = forms.CharField(
        label=_("Lower limit"),
        max_length=20,
        required=False,
        help_text=_("A number beyond it is refused; a measurement is judged."),
    )
    most = forms.CharField(label=_("Upper limit"), max_length=20, required=False)
    listed = forms.BooleanField(
        label=_("Show and filter in the list"),
        required=False,
        help_text=_("A text is found by the search and has no filter of its own."),
    )

    def __init__(
        self, *args: Any, design: FormDesign, old: Question | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.initial = {} if old is None else _first(old)
        self.old = old
        checklist = design.use == FormDesign.Use.CHECKLIST
        fields: Any = self.fields
        fields["type"].choices = [
            (each.value, each.label) for each in Type if checklist or each != Type.NOTE
        ]
        states = queries.states_of(Record.kind_called(design.kind))
        wanted = {SIGN_OFF: _("Before the sign-off")} if checklist else states
        from_on = [
            (v, label if checklist else _("From “%s” on") % label) for v, label in wanted.items()
        ]
        fields["required_from"].choices = [("", _("No")), *from_on]
        if checklist:
            del fields["listed"]
        else:
            del fields["bad"]
        if old is not None:
            del fields["key"]
            if old.key in queries.in_force(design):
                fields["type"].disabled = True

    def question(self) -> Question:
        """Return the question as typed; raises ``ValidationError`` when it is none."""
        asked = {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "")
        }
        for name in ("choices", "bad"):
            if name in asked:
                asked[name] = [line.strip() for line in asked[name].splitlines() if line.strip()]
        key = self.old.key if self.old else asked.get("key") or key_from(asked["label"])
        if not key:
            raise ValidationError({"key": _("Give a key: no letter of the label can be used.")})
        retired = {"retired": True} if self.old and self.old.retired else {}
        return designs.read({"questions": [{**asked, "key": key, **retired}]}).questions[0]


def _first(old: Question) -> dict[str, Any]:
    first = {name: getattr(old, name) for name in QuestionForm.base_fields if hasattr(old, name)}
    return {**first, "choices": "\n".join(old.choices), "bad": "\n".join(old.bad)}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("What changes, and why"), max_length=300)


class FileForm(forms.Form):
    file = ReadOnceField(label=_("Form as JSON or YAML"))


class DemandForm(forms.Form):
    """Which step a checklist holds back until it is signed off."""

    demanded_by = forms.ChoiceField(label=_("Needed for the step"), required=False)

    def __init__(self, *args: Any, design: FormDesign, **options: Any) -> None:
        super().__init__(*args, **options)
        steps = queries.steps_of(Record.kind_called(design.kind))
        choices: Any = self.fields["demanded_by"]
        choices.choices = [("", _("No step")), *steps.items()]
