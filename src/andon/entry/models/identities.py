"""Who a person is at the company's own sign-in (OpenID Connect)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.trail.models import AuditedModel


class OutsideIdentity(AuditedModel):
    """The subject by which a provider knows a person. In the trail: a swapped one is found."""

    trail_personal = frozenset({"subject"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="identities",
        verbose_name=_("person"),
    )
    issuer = models.CharField(_("provider"), max_length=255, editable=False)
    subject = models.CharField(
        _("subject"),
        max_length=255,
        help_text=_("The “sub” by which the provider knows this person, exactly as it says it."),
    )
    linked_at = models.DateTimeField(_("linked"))

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_of_one_person"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_one_a_provider"),
        ]

    def __str__(self) -> str:
        return self.subject
