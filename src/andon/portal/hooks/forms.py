"""Forms of webhooks and of the list of hosts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.forms import RowForm
from andon.records.models import Record

from .models import AllowedHost, Event, Webhook


class HostForm(forms.ModelForm):  # type: ignore[type-arg]
    """A host to be allowed."""

    class Meta:
        model = AllowedHost
        fields = ("host", "note")

    def validate_unique(self) -> None:
        """Let a host come back that was on the list before."""


class WebhookForm(RowForm):
    """Where to, and of what."""

    events = forms.MultipleChoiceField(
        label=_("Tell of"),
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Event.CREATED, Event.MOVED],
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of records"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "events", "kinds", "site", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = sorted(Record.kinds(), key=lambda kind: str(kind._meta.verbose_name_plural))
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind.slug(), str(kind._meta.verbose_name_plural).capitalize()) for kind in kinds
        ]
