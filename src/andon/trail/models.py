"""The trail's own tables, and the base every controlled model stands on."""

import base64
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.trail import capture, inheritance
from andon.trail.canonical import canonical, sha256
from andon.trail.sealing import NotAudited

_M = TypeVar("_M", bound="AuditedModel", covariant=True)  # noqa: PLC0105  (as django-stubs)


class AuditedQuerySet(models.QuerySet[_M]):
    """Rows that can be written only where the trail sees it."""

    def update(self, **kwargs: Any) -> int:
        """Update the rows, each with its entry; excluded fields alone need none."""
        if kwargs and kwargs.keys() <= self.model.trail_excluded:
            return super().update(**kwargs)
        written = 0
        for pks in self._chunks():
            with capture.writing_rows(self.model, pks):
                written += super(AuditedQuerySet, self.filter(pk__in=pks)).update(**kwargs)
        return written

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows, each with its entry; rows that follow are refused."""
        total, counts = 0, dict[str, int]()
        for pks in self._chunks():
            with capture.writing_rows(self.model, pks):
                deleted, by_model = super(AuditedQuerySet, self.filter(pk__in=pks)).delete()
            total += deleted
            for name, count in by_model.items():
                counts[name] = counts.get(name, 0) + count
        return total, counts

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[_M], *args: Any, **kwargs: Any) -> list[_M]:
        """Insert the rows, each with its entry."""
        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts") or len(args) > 1:
            raise NotAudited("Rows are created without conflict, or not at all.")
        transaction = capture.transaction_for(self.model)
        if self.model._meta.parents:
            created = list(objs)
            inheritance.insert(self.model, created)
        else:
            created = super().bulk_create(objs, *args, **kwargs)
        for chunk in capture.chunks(created):
            stored = capture.rows(self.model, [instance.pk for instance in chunk])
            for instance in chunk:
                after = stored[instance.pk].state
                capture.record(transaction, instance, before=None, after=after)
        return created

    def _chunks(self) -> Iterator[list[Any]]:
        """Yield the keys of the rows; read at once, for the rows may change what matches."""
        capture.transaction_for(self.model)
        keys = self.order_by().values_list("pk", flat=True).distinct()
        return capture.chunks(sorted(keys))


class AuditedModel(models.Model):
    """A row whose every write leaves an entry in the trail."""

    trail_guarded: ClassVar[bool] = True
    trail_state_version: ClassVar[int] = 1
    trail_excluded: ClassVar[frozenset[str]] = frozenset()
    trail_personal: ClassVar[frozenset[str]] = frozenset()
    trail_weighty: ClassVar[str] = ""
    """Why a checkpoint is made at once when a row changes, such as "role change" (AT9)."""
    trail_related: ClassVar[tuple[str, ...]] = ()
    """Relations that `trail_number` follows, so that many rows are read at once."""

    objects: ClassVar[Any] = AuditedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def trail_label(cls) -> str:
        """Return the name under which the trail knows this model."""
        return capture.label(cls)

    def trail_number(self) -> str:
        """Return the number of the record this row belongs to, or nothing."""
        return ""

    def save(  # type: ignore[override]
        self,
        *,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Collection[str] | None = None,
    ) -> None:
        """Write the row and its entry; excluded fields alone need none.

        Raises
        ------
        NotAudited
            Outside `audited`, or for the parent part of a record.
        """
        options: dict[str, Any] = {
            "force_insert": force_insert,
            "force_update": force_update,
            "using": using,
            "update_fields": update_fields,
        }
        if update_fields is not None and self.trail_excluded.issuperset(update_fields):
            super().save(**options)
            return
        with capture.saving(self):
            super().save(**options)

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, with its entry; rows that follow are refused."""
        with capture.writing_rows(type(self), [self.pk]):
            return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]


class SealedBatch(AuditedModel):
    """Many facts sealed by one entry: their number and the hash of their canonical rows."""

    rows_count = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    rows_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True

    def sealed_rows(self) -> Iterator[Sequence[Any]]:
        """Yield the rows of this batch as the database has them, always in the same order."""
        raise NotImplementedError

    def digest(self) -> tuple[int, str]:
        """Count and hash the rows of this batch as they are now."""
        count, chained = 0, ""
        for lines in capture.chunks(canonical(row) for row in self.sealed_rows()):
            count, chained = count + len(lines), sha256(chained, *lines)
        return count, chained

    def seal(self) -> None:
        """Keep count and hash of the rows; from here on a changed row is a finding."""
        self.rows_count, self.rows_sha256 = self.digest()
        self.save(update_fields=["rows_count", "rows_sha256"])


class Change(NamedTuple):
    """One field of an entry, as it was and as it became."""

    field: str
    before: Any
    after: Any


class AuditEntry(models.Model):
    """One sealed entry. The payload is the truth; the other columns serve the search."""

    stream = models.CharField(max_length=16)
    seq = models.BigIntegerField()
    prev_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)
    payload = models.TextField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    via = models.CharField(max_length=16)
    action = models.CharField(max_length=64)
    model = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    number = models.CharField(max_length=64)
    reason = models.TextField()
    request_id = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_entry_seq"),
            models.UniqueConstraint(fields=["stream", "prev_hash"], name="audit_entry_prev"),
        ]
        indexes = [
            models.Index(fields=["number", "seq"], name="audit_entry_number"),
            models.Index(fields=["model", "object_id", "seq"], name="audit_entry_object"),
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(fields=["actor_id", "seq"], name="audit_entry_actor"),
            models.Index(fields=["action", "seq"], name="audit_entry_action"),
        ]

    def content(self) -> dict[str, Any]:
        """Return the payload as data."""
        content: dict[str, Any] = json.loads(self.payload)
        return content

    def changes(self, *, personal: bool = False) -> list[Change]:
        """Return field, before and after; personal values only for who may see them."""
        content = self.content()
        before, after = content.get("before", {}), content.get("after", {})
        hidden = frozenset(content.get("personal", ()))
        changes = [
            Change(name, before.get(name), after.get(name)) for name in sorted({**before, **after})
        ]
        if not hidden:
            return changes
        known = self._opened(changes, hidden) if personal else {}
        return [
            Change(field, known.get(old, old and "…"), known.get(new, new and "…"))
            if field in hidden
            else Change(field, old, new)
            for field, old, new in changes
        ]

    def _opened(self, changes: Iterable[Change], hidden: frozenset[str]) -> dict[str, Any]:
        wanted = {value for field, *pair in changes if field in hidden for value in pair if value}
        found = PersonalValue.objects.filter(commitment__in=wanted).exclude(salt="")
        return {value.commitment: json.loads(value.value) for value in found}


class TrailHead(models.Model):
    """The end of a stream: the one row every sealing locks."""

    stream = models.CharField(max_length=16, primary_key=True)
    seq = models.BigIntegerField()
    entry_hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_head"


class PersonalValue(models.Model):
    """Value and salt behind a commitment of an entry; an erasure blanks both (RT2)."""

    commitment = models.CharField(max_length=64, primary_key=True)
    salt = models.CharField(max_length=32)
    value = models.TextField()

    class Meta:
        db_table = "audit_personal"


class SigningKey(models.Model):
    """The public half of a signing key; each but the first is endorsed by the one before (AT9)."""

    number = models.PositiveIntegerField(primary_key=True)
    key_id = models.CharField(max_length=16, unique=True)
    public_key = models.CharField(max_length=44)
    at = models.DateTimeField()
    endorsement = models.CharField(max_length=88, blank=True)

    class Meta:
        db_table = "audit_key"
        ordering = ["number"]

    def raw(self) -> bytes:
        """Return the key itself."""
        return base64.b64decode(self.public_key)


class Checkpoint(models.Model):
    """A signed text over both streams as they were (AT9). The text is the truth.

    ``peaks`` are those of both trees, so that the next checkpoint goes on from here.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    key_id = models.CharField(max_length=16)
    text = models.TextField()
    records_size = models.BigIntegerField(db_index=True)
    security_size = models.BigIntegerField()
    peaks = models.TextField()

    class Meta:
        db_table = "audit_checkpoint"
        ordering = ["number"]

    def size(self, stream: str) -> int:
        """Return how many entries of ``stream`` it covers."""
        return int(getattr(self, f"{stream}_size"))

    def digest(self) -> str:
        """Return the hash by which the next checkpoint names this one."""
        return sha256(self.text)
