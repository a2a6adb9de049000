"""Forms of any record: they check what was typed and never save."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User

from .links import DRAWN_BY_HAND, LINK_KINDS
from .models import Record
from .workflow import Transition

# Before the key of a custom field in the name of its form field.
OWN = "own_"

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class DayInput(forms.DateInput):
    """A browser's own date field; ISO is the only format it speaks."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def field_for(field: "models.Field[Any, Any]", **options: Any) -> forms.Field | None:
    """Return the form field of a model field, with the browser's own date picker."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        options["widget"] = DayInput
    if isinstance(field, models.TextField):
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
    return field.formfield(**options)


class PlainForm(forms.Form):
    """A small form on a record's page, such as one line of a disposition."""

    def __init__(self, *args: Any, record: Record, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.record, self.viewer = record, viewer


class RecordForm(_ModelForm):
    """Base of the forms that create or edit a record.

    Offers only sites the person is granted and people who can still sign in. ``sources`` are the
    records this one is raised from; a kind may prefill from them in :meth:`prefill`.
    """

    formfield_callback = staticmethod(field_for)

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer
        if "site" in self.fields:
            self._offer_sites(viewer)
        if "owner" in self.fields:
            people = User.objects.visible_to(viewer).filter(is_active=True).order_by("display_name")
            self._choices("owner").queryset = people
            self.fields["owner"].initial = self.fields["owner"].initial or viewer.pk

    def _choices(self, name: str) -> "forms.ModelChoiceField[Any]":
        return cast("forms.ModelChoiceField[Any]", self.fields[name])

    def _offer_sites(self, viewer: User) -> None:
        sites = Site.objects.visible_to(viewer).order_by("code")
        self._choices("site").queryset = sites
        if len(offered := list(sites[:2])) == 1:
            self.fields["site"].initial = offered[0].pk

    @classmethod
    def prefill(cls, sources: list[Record]) -> dict[str, Any]:
        """Return first values for a record raised from ``sources``."""
        return {"site": sources[0].site_id, "process": sources[0].process_id} if sources else {}

    def changes(self) -> dict[str, Any]:
        """Return what the person changed, by field; custom fields by key under ``custom``."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        own = {name: changed.pop(name) for name in list(changed) if name.startswith(OWN)}
        return {**changed, "custom": _by_key(own)} if own else changed

    def answers(self) -> dict[str, Any]:
        """Return what was typed into the custom fields, by key."""
        return _by_key({n: v for n, v in self.cleaned_data.items() if n.startswith(OWN)})


def _by_key(own: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(OWN): value for name, value in own.items()}


def step_form(
    record: Record, step: Transition, data: Mapping[str, Any] | None = None
) -> _ModelForm:
    """Return the form with what ``step`` asks, filled from the record as it is."""
    form_class = forms.modelform_factory(
        type(record), fields=[*step.asks, *step.may_ask], formfield_callback=field_for
    )
    form = form_class(data, instance=record, prefix=None)
    for name in step.asks:
        form.fields[name].required = True
    return form


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AttachForm(forms.Form):
    file = forms.FileField(label=_("Photo or file"))
    caption = forms.CharField(label=_("What it shows"), max_length=200, required=False)


class ExtendForm(forms.Form):
    due_date = forms.DateField(label=_("New due date"), widget=DayInput)
    reason = forms.CharField(label=_("Why more time is needed"), max_length=500)


class LinkForm(forms.Form):
    """Draw a link by hand to a record the person can see."""

    kind = forms.ChoiceField(
        label=_("This record"), choices=[(name, LINK_KINDS[name].label) for name in DRAWN_BY_HAND]
    )
    number = forms.CharField(label=_("Number of the other record"), max_length=40)
    why = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer

    def clean_number(self) -> Record:
        number = self.cleaned_data["number"].strip().upper()
        found = Record.objects.visible_to(self.viewer).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("No record %(number)s is visible to you."), params={"number": number}
            )
        return found
