"""Numbers and badges: what a person types or holds where a password is not the way."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.trail.models import AuditedModel


class Pin(AuditedModel):
    """A number only this person knows, for one purpose; like a password, only its hash is kept."""

    class Purpose(models.TextChoices):
        SIGNING = "signing", _("signing")
        TABLET = "tablet", _("shared tablet")

    trail_excluded = frozenset({"hash"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="pins", verbose_name=_("person")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    hash = models.CharField(max_length=255, editable=False)
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("PIN")
        verbose_name_plural = _("PINs")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "purpose"], name="pin_one_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}: {self.get_purpose_display()}"


class Badge(AuditedModel):
    """The code a person's badge carries, kept as a keyed hash: badges have short numbers."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="badge", verbose_name=_("person")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
