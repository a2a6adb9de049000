"""Forms of retention: they check what was typed and never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.forms import field_for
from andon.accounts.models import Site, User
from andon.records.models import Record

from .models import Hold, RetentionClass


def kinds() -> list[tuple[str, str]]:
    """Return every kind of record by its word and its name."""
    found = [(k.slug(), str(k._meta.verbose_name_plural).capitalize()) for k in Record.kinds()]
    return sorted(found, key=lambda pair: pair[1])


class ClassForm(forms.ModelForm):  # type: ignore[type-arg]
    """How long, and why so long."""

    class Meta:
        model = RetentionClass
        fields = ("years", "basis")


class HoldForm(forms.ModelForm):  # type: ignore[type-arg]
    """What must not be destroyed."""

    formfield_callback = staticmethod(field_for)
    kind = forms.ChoiceField(label=_("Kind of records"), required=False)

    class Meta:
        model = Hold
        fields = ("title", "reason", "kind", "site", "opened_from", "opened_until", "numbers")

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("all kinds")), *kinds()]  # type: ignore[attr-defined]
        site: Any = self.fields["site"]
        site.queryset = Site.objects.visible_to(viewer)
        site.empty_label = _("all sites")


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
