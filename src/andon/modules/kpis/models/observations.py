"""What was observed in each period: numerator and denominator, or a value."""

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.modules.production.models import Batched, BatchedQuerySet

from .definitions import Kpi

DIGITS, PLACES, VALUE_PLACES = 15, 4, 6


class Source(models.TextChoices):
    COMPUTED = "computed", _("Computed from facts")
    TYPED = "typed", _("Typed in")
    IMPORTED = "imported", _("Imported")


class ObservationQuerySet(BatchedQuerySet):
    """Observations of KPIs; who sees the KPI sees them."""

    def visible_to(self, user: Any) -> "ObservationQuerySet":
        return self.filter(kpi__in=Kpi.objects.visible_to(user))


class Observation(Batched):
    """One row of one period; never changed, a correction is a newer row that replaces it.

    ``day`` is the start of the period; samples are all filed under the day their KPI was
    defined and told apart by ``sequence``. A dated period may have several rows (one for each
    team, say), numbered from 0; they are summed, or averaged if they are single values.
    """

    key_fields: ClassVar[tuple[str, ...]] = ("kpi_id", "day", "sequence")
    value_fields: ClassVar[tuple[str, ...]] = ("numerator", "denominator", "value")

    kpi = models.ForeignKey(Kpi, models.PROTECT, db_index=False, related_name="observations")
    day = models.DateField()
    sequence = models.PositiveIntegerField(default=0)
    numerator = models.DecimalField(
        _("numerator"),
        max_digits=DIGITS,
        decimal_places=PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    denominator = models.DecimalField(
        _("denominator"),
        max_digits=DIGITS,
        decimal_places=PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    value = models.DecimalField(
        _("value"), max_digits=DIGITS, decimal_places=VALUE_PLACES, null=True, blank=True
    )
    source = models.CharField(
        _("source"), max_length=10, choices=Source, db_default=Source.IMPORTED.value
    )

    objects: ClassVar[Any] = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("KPI value")
        verbose_name_plural = _("KPI values")
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "day", "sequence"],
                condition=Q(current=True),
                name="observation_one_current",
            ),
            models.CheckConstraint(
                name="observation_not_negative",
                condition=(Q(numerator=None) | Q(numerator__gte=0))
                & (Q(denominator=None) | Q(denominator__gte=0)),
            ),
        ]

    @classmethod
    def sealed_fields(cls) -> tuple[str, ...]:
        return (*super().sealed_fields(), "source")
