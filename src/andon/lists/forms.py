"""The form of a saved view."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User

from .apps import SHARE
from .models import SavedView

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[SavedView]
else:
    _ModelForm = forms.ModelForm


class SavedViewForm(_ModelForm):
    """Name, readers, and whether one's own list begins with it."""

    first = forms.BooleanField(label=_("My list begins with this view"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    class Meta:
        model = SavedView
        fields = ("name", "query", "shared", "site", "role")

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        if viewer.may(SHARE):
            sites = cast("forms.ModelChoiceField[Any]", self.fields["site"])
            sites.queryset = Site.objects.visible_to(viewer).order_by("code")
        else:
            for name in ("shared", "site", "role"):
                del self.fields[name]
