"""What every record shares: one concrete table that each kind of record extends one level deep."""

from typing import TYPE_CHECKING, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.extras.answered import Answered
from andon.organization.models import Process
from andon.trail.models import AuditedModel

from .links import LINK_CHOICES, LINK_KINDS
from .querysets import RecordQuerySet
from .workflow import Workflow

if TYPE_CHECKING:
    from .measures import Measure
    from .thread import Gap


class NumberCounter(models.Model):
    """The last number of a kind at a site in a year (RC3); taken in the creating transaction."""

    prefix = models.CharField(max_length=8)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["prefix", "site", "year"], name="one_counter_each"),
        )


class Record(Answered, AuditedModel):
    """The shell of every record: number, title, state, owner, place, dates, version."""

    # -- what a kind says of itself --
    prefix: ClassVar[str]
    workflow: ClassVar[Workflow]
    # Fields a person may change while the record is open; everything else moves by transitions.
    editable: ClassVar[tuple[str, ...]] = ("title", "owner", "process", "restricted")
    create_permission: ClassVar[str] = ""
    edit_permission: ClassVar[str] = ""
    # Place in the thread, from what happened (0) to what was done about it.
    thread_rank: ClassVar[int] = 0
    # What KPIs may count of it.
    measures: ClassVar[tuple["Measure", ...]] = ()
    trail_excluded: ClassVar[frozenset[str]] = frozenset({"search_text"})

    # -- the shell --
    # No index for a foreign key alone: it would only lead away from those that give an order.
    kind = models.CharField(max_length=30, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    old_number = models.CharField(_("number in an older system"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=20, editable=False)
    site = models.ForeignKey(
        Site, models.PROTECT, verbose_name=_("site"), related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("owner"), related_name="+", db_index=False
    )
    process = models.ForeignKey(
        Process,
        models.PROTECT,
        verbose_name=_("process"),
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    due_date = models.DateField(_("due"), null=True, blank=True)
    opened_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    opened_date = models.DateField(_("opened"), editable=False)
    closed_date = models.DateField(_("closed"), null=True, editable=False)
    void_reason = models.CharField(_("why it is void"), max_length=500, blank=True)
    restricted = models.BooleanField(
        _("restricted"),
        default=False,
        help_text=_("Only the owner and the people added to it may see it."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar = RecordQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(F("kind"), F("id").desc(), name="record_kind_newest"),
            models.Index(F("kind"), F("state"), F("id").desc(), name="record_kind_state"),
            models.Index(F("kind"), F("owner"), F("id").desc(), name="record_kind_owner"),
            models.Index(F("kind"), F("site"), F("id").desc(), name="record_kind_site"),
            models.Index(fields=["kind", "due_date", "id"], name="record_kind_due"),
            # Closed ones only: counted by their days, the open ones would look few to SQLite.
            models.Index(fields=["kind", "closed_date", "id"], name="record_kind_closed",
                         condition=Q(closed_date__isnull=False)),
            models.Index(fields=["kind", "opened_date", "id"], name="record_kind_opened"),
            models.Index(fields=["owner", "due_date", "id"], name="record_my_work",
                         condition=Q(closed_date=None)),
            models.Index(fields=["due_date", "id"], name="record_overdue",
                         condition=Q(closed_date=None)),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_date=None) | Q(closed_date__gte=F("opened_date")),
                name="record_closed_after_opened",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="record_version_positive"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @classmethod
    def slug(cls) -> str:
        """Return the kind as addresses and the kind column spell it."""
        return cls._meta.app_label

    @classmethod
    def verbose(cls) -> str:
        return str(cls._meta.verbose_name)

    @classmethod
    def verbose_plural(cls) -> str:
        return str(cls._meta.verbose_name_plural)

    @classmethod
    def kinds(cls) -> list[type["Record"]]:
        """List every kind of record, from Django's own registry."""
        return [m for m in apps.get_models() if issubclass(m, Record) and m is not Record]

    @classmethod
    def kind_called(cls, slug: str) -> type["Record"]:
        return next(kind for kind in cls.kinds() if kind.slug() == slug)

    def trail_number(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse(f"{self.kind}:detail", args=[self.number])

    @cached_property
    def life(self) -> Workflow:
        """The workflow of this record's kind, also when it was read through the shell."""
        kind = self.kind_called(self.kind) if type(self) is Record else type(self)
        return kind.workflow

    @property
    def kind_name(self) -> str:
        return str(self.kind_called(self.kind)._meta.verbose_name)

    @property
    def state_label(self) -> str:
        return self.life.label(self.state)

    @property
    def state_tone(self) -> str:
        return self.life.tone(self.state)

    @property
    def is_final(self) -> bool:
        return self.state in self.life.final

    @property
    def is_void(self) -> bool:
        return bool(self.life.void) and self.state == self.life.void

    def text_for_search(self) -> str:
        """Return what a search for this record looks through; a kind adds its own words."""
        return " ".join(filter(None, (self.number, self.old_number, self.title)))

    def said_in_thread(self) -> str:
        """Return what the thread says of it beside number, state and title."""
        return ""

    def gaps(self) -> list["Gap"]:
        """List the links this record should have and lacks; a kind overrides it."""
        return []


class RecordPart(AuditedModel):
    """A row that belongs to a record and appears in its timeline."""

    trail_related: ClassVar[tuple[str, ...]] = ("record",)
    # Whether the print of a record has a table of these rows as they are.
    on_paper: ClassVar[bool] = True

    record: models.ForeignKey[Record, Record]

    class Meta:
        abstract = True

    def trail_number(self) -> str:
        return self.record.number


class Participant(RecordPart):
    """A person who may see a restricted record."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="participants")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["record", "user"], name="one_participation_each"),
        )

    def __str__(self) -> str:
        return str(self.user)


class Link(RecordPart):
    """A typed link from one record to another; ended with a reason, never deleted."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Record, models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=20, choices=LINK_CHOICES)
    why = models.CharField(_("why"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_date = models.DateField()
    ended_date = models.DateField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["record", "target", "kind"],
                condition=Q(ended_date=None),
                name="one_link_of_a_kind",
            ),
            models.CheckConstraint(condition=~Q(record=F("target")), name="no_link_to_itself"),
        )

    def __str__(self) -> str:
        return f"{self.record.number} {LINK_KINDS[self.kind].label} {self.target.number}"


class Comment(RecordPart):
    """What somebody said about a record."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    def __str__(self) -> str:
        return self.text[:60]


class Extension(RecordPart):
    """A later due date, with its reason; extensions are counted."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="extensions")
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(to_date__gt=F("from_date")), name="extension_goes_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_date} → {self.to_date}"


class Attachment(RecordPart):
    """A file of a record; its bytes lie in the store under their SHA-256."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    name = models.CharField(_("file name"), max_length=200)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64)
    is_photo = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(f"{self.record.kind}:file", args=[self.record.number, self.pk])
