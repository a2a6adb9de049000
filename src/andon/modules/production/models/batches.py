"""A batch of rows that came in together, is sealed together, and can be undone together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site
from andon.accounts.visibility import SiteQuerySet, has_grant
from andon.trail.models import SealedBatch

DIGITS, PLACES = 15, 3


class Stage(models.TextChoices):
    """Where a batch stands. Rows of a draft do not count yet, those of a void one no longer."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    VOID = "void", _("Undone")


class Source(models.TextChoices):
    """How a batch came in."""

    FILE = "file", _("File")
    TYPED = "typed", _("Typed in")
    API = "api", _("API")
    FOLDER = "folder", _("Watched folder")
    MQTT = "mqtt", _("MQTT")
    DEMO = "demo", _("Demo")


class ImportBatch(SealedBatch):
    """Rows of one kind that came in at one time for one site."""

    Stage = Stage
    Source = Source

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    model = models.CharField(_("kind of row"), max_length=60)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    moved = models.PositiveIntegerField(
        default=0, help_text=_("Counts publications and undoings of its kind at its site.")
    )
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    corrected = models.PositiveIntegerField(_("corrected rows"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged rows"), default=0)
    left_out = models.PositiveIntegerField(_("rows left out"), default=0)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.TextField(_("reason"), blank=True)

    objects: ClassVar[Any] = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["site", "model", "-moved"], name="batch_site_model_moved"),
        ]
        constraints = [
            models.CheckConstraint(
                name="batch_void_has_reason",
                condition=~Q(stage=Stage.VOID) | ~Q(void_reason=""),
            ),
            models.CheckConstraint(
                name="batch_published_has_time",
                condition=~Q(stage=Stage.PUBLISHED) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Batch %(n)s") % {"n": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("production:batch", args=[self.pk])

    @property
    def row_model(self) -> type[Batched]:
        """The model its rows are of."""
        model: type[Batched] = apps.get_model(self.model)
        return model

    @property
    def kind_name(self) -> str:
        """What its rows are called."""
        return str(self.row_model._meta.verbose_name_plural)

    def sealed_rows(self) -> Iterator[Sequence[Any]]:
        """Yield what was said in this batch; whether it still counts is not part of the seal."""
        model = self.row_model
        rows = model._base_manager.filter(batch=self).order_by("pk")
        return rows.values_list(*model.sealed_fields()).iterator(chunk_size=5000)


class BatchedQuerySet(models.QuerySet[Any]):
    """Rows of batches; those that count are the current ones."""

    def current(self) -> Self:
        """Return the rows that count: published, not undone, not corrected since."""
        return self.filter(current=True)

    def visible_to(self, user: Any) -> Self:
        """Return the rows at the sites where ``user`` holds a grant in force."""
        if not has_grant(user):
            return self.none()
        scope = user.site_scope()
        return self.all() if scope is None else self.filter(site__in=scope)


class Batched(models.Model):
    """A plain row that belongs to a batch. It is never changed; a correction is a newer row.

    ``key_fields`` say what a row is about, ``value_fields`` what it says. For one key at most
    one row is current; the concrete model has the unique constraint for it.
    """

    key_fields: ClassVar[tuple[str, ...]] = ()
    value_fields: ClassVar[tuple[str, ...]] = ()
    day_field: ClassVar[str] = "day"

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+")
    source_row = models.PositiveIntegerField(null=True)
    current = models.BooleanField(default=False)
    replaces = models.BigIntegerField(null=True)
    replaced_by = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, db_index=False, related_name="+"
    )

    objects: ClassVar[Any] = BatchedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def sealed_fields(cls) -> tuple[str, ...]:
        """Columns whose values never change after publication."""
        return ("pk", *cls.key_fields, *cls.value_fields, "source_row", "replaces")

    @classmethod
    def around(cls, keys: Sequence[tuple[Any, ...]]) -> Q:
        """Narrow to the rows that may have one of ``keys``, by an index; a few too many."""
        at = cls.key_fields.index(cls.day_field)
        days = [key[at] for key in keys]
        lead = 1 if at == 0 else 0
        return Q(
            **{
                f"{cls.day_field}__range": (min(days), max(days)),
                f"{cls.key_fields[lead]}__in": {key[lead] for key in keys},
            }
        )

    @property
    def key(self) -> tuple[Any, ...]:
        """What this row is about."""
        return tuple(getattr(self, name) for name in self.key_fields)

    @property
    def values(self) -> tuple[Any, ...]:
        """What this row says."""
        return tuple(getattr(self, name) for name in self.value_fields)
