"""The shared tablets of the shop floor."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.accounts.names import validate_one_line
from andon.accounts.visibility import SiteQuerySet
from andon.trail.models import AuditedModel


class TabletQuerySet(SiteQuerySet["Tablet"]):
    """Tablets of the sites one sees."""


class Tablet(AuditedModel):
    """One device at one site, known by a cookie that only this device holds."""

    trail_excluded = frozenset({"seen_at"})

    name = models.CharField(
        _("name"),
        max_length=60,
        validators=[validate_one_line],
        help_text=_("Where it stands, such as Press 3 or Goods in."),
    )
    site = models.ForeignKey(Site, models.PROTECT, related_name="tablets", verbose_name=_("site"))
    idle_seconds = models.PositiveSmallIntegerField(
        _("seconds until it forgets who was there"),
        default=120,
        validators=[MinValueValidator(30), MaxValueValidator(900)],
        help_text=_("Without a touch for so long, it goes back to the first page."),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    registered_at = models.DateTimeField(_("registered"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)

    objects: ClassVar[TabletQuerySet] = TabletQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("tablet")
        verbose_name_plural = _("tablets")
        ordering = ["revoked_at", "name", "pk"]

    def __str__(self) -> str:
        return self.name
