"""Forms of people and sites: they check what was typed and never save."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.accounts.roles import DUTIES, Role
from andon.accounts.stale import seen

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class DayInput(forms.DateInput):
    """A browser's own date field; ISO is the only format it speaks."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A browser's own time field, to the minute."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def field_for(field: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """Return the form field of a model field, with the browser's own pickers."""
    widgets = {models.DateField: DayInput, models.TimeField: TimeInput}
    if type(field) in widgets:
        options["widget"] = widgets[type(field)]()
    return field.formfield(**options)


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's refusal on ``form``, at its field where the form has that field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)


class RowForm(_ModelForm):
    """A form of one row that offers only what ``viewer`` sees, and marks what was seen."""

    formfield_callback = staticmethod(field_for)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer
        self.conflicts: list[tuple[str, str, str]] = []
        if self.instance.pk is not None:
            self.initial["seen"] = seen(self.instance, self.row_fields())
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                self._offer(name, field, viewer)

    def _offer(self, name: str, field: "forms.ModelChoiceField[Any]", viewer: User) -> None:
        rows = _model(field).objects.visible_to(viewer)
        kept = getattr(self.instance, f"{name}_id", None)
        field.queryset = rows.filter(models.Q(is_active=True) | models.Q(pk=kept))

    def row_fields(self) -> list[str]:
        return list(self._meta.fields or ())

    def changes(self) -> dict[str, Any]:
        """Return the checked values of the row's fields."""
        return {name: self.cleaned_data[name] for name in self.row_fields()}

    def mark(self) -> str:
        return str(self.cleaned_data["seen"])

    def show_both(self, stored: models.Model) -> None:
        """Set the stored values beside the typed ones; saving again is then a decision."""
        theirs = type(self)(instance=stored, viewer=self.viewer)
        for name in self.row_fields():
            if self.cleaned_data[name] != theirs.stored_value(name):
                label = str(self.fields[name].label)
                self.conflicts.append((label, shown(theirs, name), shown(self, name)))
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("seen")] = seen(stored, self.row_fields())
        self.data = data

    def stored_value(self, name: str) -> Any:
        return getattr(self.instance, name)


def shown(form: forms.BaseForm, name: str) -> str:
    """Return the value of a field in words, as a person reads it."""
    field, value = form.fields[name], form[name].value()
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in cast("Any", field).choices}
        values = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(each), "") for each in values)
    return str(field.widget.format_value(value) or "")


def _model(field: "forms.ModelChoiceField[Any]") -> Any:
    return cast("Any", field.queryset).model


class SiteForm(RowForm):
    """A site; its code can be typed once."""

    class Meta:
        model = Site
        fields = ("code", "name", "time_zone", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields[self._absent()]

    def row_fields(self) -> list[str]:
        return [name for name in super().row_fields() if name != self._absent()]

    def _absent(self) -> str:
        return "is_active" if self.instance.pk is None else "code"

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class PersonForm(RowForm):
    """What is written about a person; the user name is given once, when they are added."""

    class Meta:
        model = User
        fields = ("display_name", "job_title", "email", "kind")


class PasswordForm(forms.Form):
    """A first or new password for someone else, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; several words together are best."),
    )
    again = forms.CharField(
        label=_("Password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") != data.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return data


class NewPersonForm(PersonForm):
    """A new person, with the user name they sign in with."""

    class Meta(PersonForm.Meta):
        fields = ("username", *PersonForm.Meta.fields)  # type: ignore[assignment]
        help_texts = {"username": _("What they type to sign in. Letters, digits and . _ - @ + '")}


class GrantForm(forms.Form):
    """A role for a person, for a time."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, format_lazy("{}: {}", role.label, DUTIES[role])) for role in Role],
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All sites")
    )
    from_date = forms.DateField(
        label=_("From"), required=False, widget=DayInput, help_text=_("Empty: from today.")
    )
    until_date = forms.DateField(
        label=_("Until"), required=False, widget=DayInput, help_text=_("Empty: until ended.")
    )

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["site"].queryset = Site.objects.visible_to(viewer).active()  # type: ignore[attr-defined]
