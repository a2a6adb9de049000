"""Forms of feeds, and of what they could not take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.modules.production.models import Feed, FeedKind
from andon.store.fields import ReadOnceField

if TYPE_CHECKING:
    from andon.modules.production.imports import Target


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new feed: by which way, from where, to which site, and what comes."""

    class Meta:
        model = Feed
        fields = ("kind", "place", "site", "target", "create_missing")
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, viewer: User, targets: Iterable[Target], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Way"), choices=FeedKind.choices, widget=forms.RadioSelect
        )
        self.fields["target"] = forms.ChoiceField(
            label=_("What comes"),
            choices=[(target.name, f"{target.label}: {target.help}") for target in targets],
        )
        sites = Site.objects.visible_to(viewer).order_by("code")
        may = [site.pk for site in sites if viewer.may_at("production.feeds", site.pk)]
        offered = self.fields["site"]
        assert isinstance(offered, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        offered.queryset = sites.filter(pk__in=may)
        if len(may) == 1:
            offered.initial = may[0]


class FeedUseForm(forms.ModelForm):  # type: ignore[type-arg]
    """What may be changed of a feed; where it comes from stays, for messages are on their way."""

    class Meta:
        model = Feed
        fields = ("create_missing", "is_active")


class ResendForm(forms.Form):
    """The repaired content: the text itself, or another file."""

    text = forms.CharField(
        label=_("Content"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "font-monospace"}),
    )
    file = ReadOnceField(label=_("Or a repaired file"), required=False)
    create_missing = forms.BooleanField(
        label=_("Make lines, items, causes and parties that are not known yet"), required=False
    )
    leave_out = forms.BooleanField(label=_("Leave out the rows with errors"), required=False)

    def __init__(self, *args: Any, is_file: bool, has_text: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_text:
            del self.fields["text"]
            self.fields["file"].label = _("A repaired file")
        if not is_file:
            del self.fields["file"], self.fields["leave_out"]

    def content(self, kept: bytes) -> bytes:
        """Return what is sent: a file, else the text, else what came."""
        if upload := self.cleaned_data.get("file"):
            return bytes(upload.read())
        text = self.cleaned_data.get("text")
        if not text or text.replace("\r\n", "\n") == shown(kept).replace("\r\n", "\n"):
            return kept
        return str(text).encode()


class DismissForm(forms.Form):
    """Why something that was refused is not taken at all."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


MOST_SHOWN = 100_000


def shown(payload: bytes) -> str:
    """Return the text of a payload that can be repaired on a page, else nothing."""
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    plain = all(one.isprintable() or one in "\n\r\t" for one in text)
    return text if plain and len(text) <= MOST_SHOWN else ""
