"""Forms of the analysis: causes on the tree, is/is-not, team, other places."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import (
    CONTRASTS,
    Affected,
    Cause,
    Contrast,
    CorrectiveAction,
    LookAcross,
    Question,
    TeamMember,
)
from andon.records.forms import DayInput, PlainForm

from .fields import of, offer_causes, people


class CauseForm(PlainForm):
    """A cause with its place on the tree: the branch it lies on, the cause it lies behind."""

    record: CorrectiveAction

    text = of(Cause, "text")
    kind = of(Cause, "kind")
    parent = forms.CharField(label=_("It lies behind"))
    branch = of(Cause, "branch")
    evidence = of(Cause, "evidence")

    def __init__(self, *args: Any, cause: int | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"] = offer_causes(
            self.record, _("It lies behind"), _("The problem itself"), but=cause
        )
        row = self.record.causes.filter(pk=cause).first() if cause else None
        if row is not None:
            self.initial = {
                "text": row.text,
                "kind": row.kind,
                "parent": row.parent_id,
                "branch": row.branch,
                "evidence": row.evidence,
            }


class ContrastForm(PlainForm):
    """The is/is-not table: five questions, four cells each."""

    record: CorrectiveAction

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = {row.question: row for row in self.record.contrasts.all()}
        for question, label in Question.choices:
            for name in CONTRASTS:
                cell = of(Contrast, name)
                column = getattr(Contrast._meta.get_field(name), "verbose_name", name)
                cell.label = f"{label}: {column}"
                cell.initial = getattr(rows.get(question), name, "")
                self.fields[f"{question}__{name}"] = cell

    def clean(self) -> dict[str, Any]:
        """Return the cells by question, as the service takes them."""
        typed = super().clean() or self.cleaned_data
        rows: dict[str, dict[str, str]] = {}
        for field, text in typed.items():
            question, cell, name = field.partition("__")
            if cell:
                rows.setdefault(question, {})[name] = text
        return {"rows": rows, "version": typed.get("version")}


class MemberForm(PlainForm):
    user = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody here"),
    )
    name = of(TeamMember, "name")
    role = of(TeamMember, "role")
    brings = of(TeamMember, "brings")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = people(self.viewer)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if bool(typed.get("user")) == bool(typed.get("name")):
            self.add_error("user", _("Choose a person, or type a name from outside."))
        return typed


class LookForm(PlainForm):
    """The answer for one other place; a proposed one brings its name."""

    record: CorrectiveAction

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    place = of(LookAcross, "place", required=False)
    answer = of(LookAcross, "answer")
    note = of(LookAcross, "note")
    who = forms.ModelChoiceField(
        label=_("Who looks or looked"), queryset=User.objects.none(), required=False
    )
    until = forms.DateField(label=_("To be checked by"), widget=DayInput, required=False)

    def __init__(self, *args: Any, look: int | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["who"].queryset = people(self.viewer)  # type: ignore[attr-defined]
        self.fields["who"].initial = self.viewer.pk
        row = self.record.looks.filter(pk=look).first() if look else None
        if row is not None:
            self.initial = {"place": row.place, "answer": row.answer, "note": row.note,
                            "who": row.who_id, "until": row.until}  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        to_check = typed.get("answer") == Affected.TO_CHECK
        if to_check and not typed.get("until"):
            self.add_error("until", _("Say by when it is checked."))
        if typed.get("answer") and not to_check and not typed.get("note"):
            self.add_error("note", _("Say what was looked at and found."))
        return typed
