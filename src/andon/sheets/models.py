"""Designs with their versions, and the sheets of records that answer them."""

from typing import Any, ClassVar, cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.accounts.visibility import SiteQuerySet
from andon.records.models import Attachment, Record, RecordPart
from andon.trail.guards import Guard
from andon.trail.models import AuditedModel


class DesignQuerySet(SiteQuerySet["FormDesign"]):
    shared_when_blank = True


class FormDesign(AuditedModel):
    """What is asked about one kind of record, everywhere or at one site or in one category."""

    class Use(models.TextChoices):
        FIELDS = "fields", _("Custom fields")
        CHECKLIST = "checklist", _("Checklist")

    kind = models.CharField(_("kind of record"), max_length=30)
    use = models.CharField(_("use"), max_length=10, choices=Use)
    key = models.SlugField(_("key"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    site = models.ForeignKey(
        Site, models.PROTECT, verbose_name=_("site"), related_name="+", null=True, blank=True
    )
    category = models.CharField(_("category"), max_length=30, blank=True)
    # The version in force; None until the first one is published.
    current = models.ForeignKey("FormVersion", models.PROTECT, related_name="+", null=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = DesignQuerySet.as_manager()

    class Meta:
        verbose_name = _("form design")
        verbose_name_plural = _("form designs")
        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="one_design_each"),)

    def __str__(self) -> str:
        return self.name

    @property
    def in_force(self) -> "FormVersion":
        """The version in force of a design that was published."""
        return cast("FormVersion", self.current)


class FormVersion(AuditedModel):
    """One edition of a design; a draft until it is published, and never changed after."""

    design = models.ForeignKey(FormDesign, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # See ``andon.sheets.design``: a list of questions, and what demands them.
    definition = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(_("what changed, and why"), max_length=300, blank=True)
    published_date = models.DateField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("version of a form")
        constraints = (
            models.UniqueConstraint(fields=["design", "number"], name="one_form_version_each"),
            models.UniqueConstraint(
                fields=["design"], condition=Q(published_date=None), name="one_draft_of_a_form"
            ),
        )

    def __str__(self) -> str:
        return f"{self.design} v{self.number}"


class Sheet(RecordPart):
    """One version of a form filled in for one record; a checklist is signed off at its end."""

    on_paper = False

    record = models.ForeignKey(Record, models.PROTECT, related_name="sheets")
    design = models.ForeignKey(FormDesign, models.PROTECT, related_name="+")
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    # Custom fields are filled in once, a checklist as often as it is run.
    run = models.PositiveSmallIntegerField(default=1)
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    signed_date = models.DateField(null=True)
    failed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("sheet")
        constraints = (
            models.UniqueConstraint(
                fields=["record", "design", "run"], name="one_sheet_of_a_design"
            ),
        )

    def __str__(self) -> str:
        return str(self.design)


class Answer(RecordPart):
    """One value of one question; a question with several choices has a row for each."""

    on_paper = False

    record = models.ForeignKey(Record, models.PROTECT, related_name="answers")
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="answers")
    # The kind of record for custom fields, empty in a checklist: where filters look.
    kind = models.CharField(max_length=30, blank=True)
    key = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    number = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    day = models.DateField(null=True)
    person = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False)
    file = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", null=True, db_index=False
    )
    # Whether a measurement or an item of a checklist is within its limits: "", "good", "bad".
    judged = models.CharField(max_length=4, blank=True)

    class Meta:
        verbose_name = _("answer")
        constraints = (
            models.UniqueConstraint(fields=["sheet", "key", "place"], name="one_answer_each"),
        )
        indexes = (
            models.Index("kind", "key", "text", F("record").desc(), name="answer_by_text"),
            models.Index(
                fields=["kind", "key", "number", "record"],
                condition=Q(number__isnull=False),
                name="answer_by_number",
            ),
            models.Index(
                fields=["kind", "key", "day", "record"],
                condition=Q(day__isnull=False),
                name="answer_by_day",
            ),
            models.Index(
                fields=["kind", "key", "person", "record"],
                condition=Q(person__isnull=False),
                name="answer_by_person",
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.words) and all(
            value is None for value in (self.number, self.day, self.person_id, self.file_id)
        )


_TABLE = "sheets_formversion"
_SENTENCE = "a published version of a form cannot be changed"


def _guards(vendor: str, refuse: str) -> tuple[Guard, ...]:
    return tuple(
        Guard(
            vendor,
            f"{_TABLE}_{operation.lower()}_guard",
            _TABLE,
            f"BEFORE {operation}",
            refuse,
            "OLD.published_date IS NOT NULL",
        )
        for operation in ("UPDATE", "DELETE")
    )


GUARDS: dict[str, tuple[object, ...]] = {
    "sqlite": _guards("sqlite", f"SELECT RAISE(ABORT, '{_SENTENCE}');"),
    "postgresql": _guards("postgresql", f"RAISE EXCEPTION '{_SENTENCE}';"),
}
