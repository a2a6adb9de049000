"""Controlled models for the tests only, in a registry of their own: no app installs them."""
# mypy: disable-error-code="misc, attr-defined, return-value"

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db import connection, models
from django.test.utils import isolate_apps

from andon.trail.models import AuditedModel, AuditedQuerySet, SealedBatch

with isolate_apps("andon.trail"):

    class Plant(AuditedModel):
        code = models.CharField(max_length=20, unique=True)

        class Meta:
            app_label = "trail"

    class Asset(AuditedModel):
        """The parent table: written through its kinds only."""

        number = models.CharField(max_length=20)
        title = models.CharField(max_length=100, default="")

        class Meta:
            app_label = "trail"

        def trail_number(self) -> str:
            return self.number

    class MachineQuerySet(AuditedQuerySet["Machine"]):
        pass

    class Machine(Asset):
        trail_excluded = frozenset({"cycles"})
        trail_personal = frozenset({"keeper"})

        power = models.DecimalField(max_digits=8, decimal_places=3, default=0)
        built = models.DateField(null=True)
        started_at = models.DateTimeField(null=True)
        options = models.JSONField(default=dict)
        keeper = models.CharField(max_length=50, default="")
        cycles = models.IntegerField(default=0)
        plant = models.ForeignKey(Plant, models.PROTECT, null=True, related_name="machines")
        lenders: Any = models.ManyToManyField(Plant, through="Loan", related_name="lent")

        objects: ClassVar[Any] = MachineQuerySet.as_manager()

        class Meta:
            app_label = "trail"

    class Press(Machine):
        """Another view of the same rows."""

        class Meta:
            app_label = "trail"
            proxy = True

    class Loan(AuditedModel):
        machine = models.ForeignKey(Machine, models.PROTECT)
        plant = models.ForeignKey(Plant, models.PROTECT)

        class Meta:
            app_label = "trail"

    class Part(AuditedModel):
        trail_related = ("machine",)

        machine = models.ForeignKey(Machine, models.PROTECT, null=True, related_name="parts")
        name = models.CharField(max_length=100)

        class Meta:
            app_label = "trail"

        def trail_number(self) -> str:
            return self.machine.number if self.machine else ""

    class Reading(models.Model):
        batch = models.ForeignKey("Readings", models.PROTECT, related_name="rows")
        value = models.DecimalField(max_digits=8, decimal_places=3)

        class Meta:
            app_label = "trail"

    class Readings(SealedBatch):
        class Meta:
            app_label = "trail"

        def sealed_rows(self) -> Iterator[Sequence[Any]]:
            yield from Reading.objects.filter(batch=self).order_by("pk").values_list("pk", "value")


MODELS = (Plant, Asset, Machine, Loan, Part, Readings, Reading)


def make_tables() -> None:
    """Create the tables, in a transaction too, which Django's own way refuses on SQLite."""
    editor = connection.SchemaEditorClass(connection)
    editor.deferred_sql = []
    with connection.cursor() as cursor:
        for model in MODELS:
            sql, params = editor.table_sql(model)
            cursor.execute(sql, params or None)
