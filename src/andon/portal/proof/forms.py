"""What is asked of the trail, and what is said after looking through it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.forms import DayInput
from andon.accounts.models import User
from andon.portal.proof import queries
from andon.portal.proof.models import Stream
from andon.trail.canonical import SAFE_INTEGER

BIG = SAFE_INTEGER - 1


class FilterForm(forms.Form):
    """The filters; whatever cannot be read is named, and nothing is shown instead of all."""

    number = forms.CharField(label=_("Record number"), required=False, max_length=64)
    person = forms.CharField(label=_("Person"), required=False, max_length=150)
    action = forms.CharField(label=_("Action"), required=False, max_length=64)
    since = forms.DateField(label=_("From (UTC)"), required=False, widget=DayInput())
    until = forms.DateField(label=_("To (UTC)"), required=False, widget=DayInput())
    stream = forms.ChoiceField(label=_("Stream"), required=False)
    model = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    object = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    before = forms.IntegerField(
        required=False, min_value=1, max_value=BIG, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        allowed = queries.streams(viewer)
        choices = [choice for choice in Stream.choices if choice[0] in allowed]
        stream = self.fields["stream"]
        stream.choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            stream.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Put the number in its form and people in the place of what was typed."""
        asked: dict[str, Any] = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins."))
        asked["number"] = asked.get("number", "").strip()
        if not asked["number"].startswith("kpi/"):
            asked["number"] = asked["number"].upper()
        if typed := asked.get("person", "").strip():
            asked["actors"] = queries.people(typed)
        return asked


class ReviewForm(forms.Form):
    """What was looked at is shown; what was found is written."""

    first = forms.IntegerField(min_value=1, max_value=BIG, widget=forms.HiddenInput)
    last = forms.IntegerField(min_value=1, max_value=BIG, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What you looked at, and what you found"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
