"""The typed two-way links between records, in the words of both sides."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class LinkKind:
    """What one link says, read from its source (``label``) and from its target (``reverse``)."""

    name: str
    label: str | Promise
    reverse: str | Promise


_KINDS = (
    LinkKind("raised_from", _("raised from"), _("gave rise to")),
    LinkKind("corrects", _("corrects the cause of"), _("is corrected by")),
    LinkKind("recurrence_of", _("is a recurrence of"), _("came back as")),
    LinkKind("succeeds", _("succeeds"), _("is succeeded by")),
    LinkKind("caused_by", _("is caused by"), _("caused")),
    LinkKind("contains", _("contains"), _("is contained in")),
    LinkKind("verified_by", _("is verified by"), _("verifies")),
    LinkKind("evidence_for", _("is evidence for"), _("is shown by")),
    LinkKind("related", _("is related to"), _("is related to")),
)
LINK_KINDS = {kind.name: kind for kind in _KINDS}
LINK_CHOICES = [(kind.name, kind.label) for kind in _KINDS]
# What a person may draw by hand; the others come from an act such as raising or correcting.
DRAWN_BY_HAND = ("related", "caused_by", "contains", "evidence_for", "recurrence_of")
