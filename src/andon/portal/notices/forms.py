"""What people choose about their notices and absences; checked here, saved by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.forms import DayInput
from andon.accounts.models import User
from andon.organization.forms import WEEKDAYS

from .models import Preference

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class PreferenceForm(forms.Form):
    """When the digest comes, and what does not wait for it."""

    hour = forms.TypedChoiceField(
        label=_("Hour of the digest"),
        choices=HOURS,
        coerce=int,
        help_text=_("In the time zone of your site."),
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the digest"),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: on Mondays under Light, else on every working day."),
    )
    assigned_at_once = forms.BooleanField(label=_("What is assigned to me"), required=False)
    returned_at_once = forms.BooleanField(label=_("What comes back to me"), required=False)
    escalated_at_once = forms.BooleanField(label=_("What is escalated to me"), required=False)

    def __init__(self, *args: Any, chosen: Preference, **options: Any) -> None:
        initial = {name: getattr(chosen, name) for name in self.base_fields}
        options["initial"] = initial | {"weekdays": list(chosen.weekdays)}
        super().__init__(*args, **options)

    def changes(self) -> dict[str, Any]:
        weekdays = "".join(sorted(self.cleaned_data["weekdays"]))
        return self.cleaned_data | {"weekdays": weekdays}


class AbsenceForm(forms.Form):
    """Who is away, until when, and who stands in."""

    user = forms.ModelChoiceField(label=_("Who is away"), queryset=User.objects.none())
    from_date = forms.DateField(label=_("First day away"), widget=DayInput())
    until_date = forms.DateField(label=_("Last day away"), widget=DayInput())
    substitute = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        help_text=_("Sees the notices and the work as well. Rights do not move."),
    )

    def __init__(self, *args: Any, viewer: User, arranges: bool, **options: Any) -> None:
        options["initial"] = {"user": viewer.pk}
        super().__init__(*args, **options)
        colleagues = User.objects.visible_to(viewer).active()
        self.fields["substitute"].queryset = colleagues  # type: ignore[attr-defined]
        own = colleagues if arranges else colleagues.filter(pk=viewer.pk)
        self.fields["user"].queryset = own  # type: ignore[attr-defined]
