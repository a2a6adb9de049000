"""A file on its way in, row by row; and what was learned about the files of a source.

These are working copies, not records: they may be thrown away, and the trail knows nothing of
them. What is published from them is captured as everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.records.adopting import ADOPT


class Step(models.TextChoices):
    """Where an import stands. In those marked as work, the next part is only a call away."""

    READ = "read", _("Reading the file")
    ASK = "ask", _("A question about the file")
    MAP = "map", _("Which column is what")
    CHECK = "check", _("Checking the rows")
    LOOK = "look", _("Ready to publish, or rows to repair")
    PUBLISH = "publish", _("Publishing")
    DONE = "done", _("Published")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Not readable")
    DROPPED = "dropped", _("Given up")


WORK = frozenset({Step.READ, Step.CHECK, Step.PUBLISH})
ENDS = frozenset({Step.DONE, Step.UNDONE, Step.FAILED, Step.DROPPED})
ROW_CHUNK = 1000


class DeskQuerySet(models.QuerySet[Any]):
    """Imports and sources of the sites where a person may take records over."""

    def visible_to(self, user: User) -> Self:
        if user.may_at(ADOPT, None):
            return self.all()
        rows = Site.objects.visible_to(user)
        return self.filter(site__in=[site.pk for site in rows if user.may_at(ADOPT, site.pk)])


class Source(models.Model):
    """What is known about the files of one source: columns, values, order of dates."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    target = models.CharField(max_length=60)
    name = models.CharField(
        _("source"), max_length=80, help_text=_("Where the file comes from, in your words.")
    )
    headings_sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    used_at = models.DateTimeField(_("last used"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = DeskQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["site", "target", "name", "headings_sha256"], name="desk_source_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:source", args=[self.pk])


class Intake(models.Model):
    """One file on its way in."""

    Step = Step

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("site"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    target = models.CharField(_("what it is"), max_length=60)
    source = models.CharField(_("source"), max_length=80, blank=True)
    day = models.DateField(_("business day"))
    created_at = models.DateTimeField(_("started"))
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    step = models.CharField(_("step"), max_length=10, choices=Step, default=Step.READ)
    columns = models.JSONField(default=list)
    hints = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    trouble = models.JSONField(default=dict)
    unknown = models.JSONField(default=dict)
    rows_count = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    made_rows = models.JSONField(default=dict)
    undone_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("desk:intake", args=[self.pk])

    @property
    def is_working(self) -> bool:
        """Whether the next part can be done without asking anybody."""
        return self.step in WORK

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more, but for being undone."""
        return self.step in ENDS

    @property
    def percent(self) -> int:
        """How far the present step is."""
        return 100 * self.done // self.rows_count if self.rows_count else 0


class IntakeFile(models.Model):
    """The bytes of a file on its way in; thrown away when it is read and when it is given up."""

    intake = models.OneToOneField(Intake, models.PROTECT, related_name="file")
    content = models.BinaryField()


class Choice(models.TextChoices):
    """What happens to a row that says what is there already."""

    OPEN = "", _("not decided")
    NEW = "new", _("take as new")
    SKIP = "skip", _("skip")


class IntakeRowQuerySet(models.QuerySet["IntakeRow"]):
    def in_the_way(self) -> IntakeRowQuerySet:
        """Keep the rows that stand in the way of publishing."""
        return self.filter(Q(bad=True) | Q(undecided=True), out="")

    def keep(self, rows: Iterable[IntakeRow], *columns: str) -> None:
        """Write ``columns`` of ``rows``: one statement for each row, far quicker than a CASE."""
        fields = [f for f in self.model._meta.concrete_fields if f.name in columns]
        names = ", ".join(f"{connection.ops.quote_name(str(f.column))} = %s" for f in fields)
        values = [
            [*(f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields), row.pk]
            for row in rows
        ]
        if values:
            table = connection.ops.quote_name(self.model._meta.db_table)
            with connection.cursor() as cursor:
                cursor.executemany(f"UPDATE {table} SET {names} WHERE id = %s", values)  # noqa: S608 (names of our own columns)

    def going_in(self) -> IntakeRowQuerySet:
        return self.filter(out="").exclude(choice=Choice.SKIP)


class IntakeRow(models.Model):
    """One row of a file, as read and as repaired."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    errors = models.JSONField(default=dict)
    bad = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)
    key = models.CharField(max_length=120, blank=True)
    links = models.JSONField(default=list)
    same_as = models.CharField(max_length=200, blank=True)
    choice = models.CharField(max_length=4, choices=Choice, blank=True)
    undecided = models.BooleanField(default=False)
    out = models.CharField(_("why it is left out"), max_length=200, blank=True)

    objects: ClassVar[Any] = IntakeRowQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["intake", "position"], name="desk_row_once"),
        )
        indexes = (models.Index(fields=["intake", "key"], name="desk_row_key"),)

    def __str__(self) -> str:
        return str(self.number)
