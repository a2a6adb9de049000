"""Forms at the door: they check what was typed and never save."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock
from andon.accounts.forms import DayInput
from andon.accounts.models import main_zone
from andon.entry.factors_forms import ProofForm
from andon.entry.scopes import SCOPES
from andon.organization.clock import zone

USUAL = timedelta(days=180)


class TokenForm(ProofForm):
    """A token for a program: what for, what it may do, until when; and who asks for it."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("Which program uses it, and where it runs. You find it again by this."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may yourself, and never signing, approving or deciding."),
    )
    expires = forms.DateField(
        label=_("Last day"), widget=DayInput, help_text=_("At most a year from today.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("expires", clock.today_in(main_zone()) + USUAL)

    def expires_at(self) -> datetime:
        """Return the end of the last day where the organization is."""
        day = self.cleaned_data["expires"] + timedelta(days=1)
        return datetime.combine(day, time.min, tzinfo=zone())


class AskForm(forms.Form):
    """Who asks for a new password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


class NewPasswordForm(forms.Form):
    """A new own password, typed twice; whether it is good enough the service says."""

    password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; several words together are best."),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") != data.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return data
