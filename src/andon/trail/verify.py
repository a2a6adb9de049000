"""Everything `andon verify` looks at; it names edits made behind the application's back (AT10)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction

from andon.trail import guards
from andon.trail.anchors import Anchors
from andon.trail.capture import has_kinds, kinds_of, label
from andon.trail.checks import controlled_models
from andon.trail.findings import Finding, Report
from andon.trail.models import AuditedModel, AuditEntry, SealedBatch
from andon.trail.replay import UNREADABLE, compare, unknown_rows
from andon.trail.walk import walk

__all__ = ["Finding", "Report", "verify"]


def verify(given: Sequence[str] = ()) -> Report:
    """Compare chain, side tables and live rows as of one moment; writers are not kept waiting.

    ``given`` are texts with checkpoints that were kept elsewhere, one or many in each.
    An AppConfig may carry ``verifiers``: callables that yield further findings.
    """
    report, anchors = Report(), Anchors(given)
    with snapshot():
        report.findings += _guards()
        anchors.load(report)
        walk(report, anchors)
        anchors.conclude(report)
        tables = set(connection.introspection.table_names())
        for model in controlled_models():
            if model._meta.db_table in tables:
                verify_model(model, report)
            else:
                gone = Finding("table", "The table is not there.", model=label(model))
                report.findings.append(gone)
        report.findings += _unknown_models()
        for config in apps.get_app_configs():
            for verifier in getattr(config, "verifiers", ()):
                report.findings += verifier()
    return report


def _guards() -> list[Finding]:
    return [
        Finding("guard", f"The guard {name} is missing or was changed.")
        for name in guards.missing()
    ]


def verify_model(model: type[AuditedModel], report: Report) -> None:
    """Compare the rows of ``model`` with what the trail says of them."""
    if model._meta.proxy:
        return
    report.findings += unknown_rows(model, [label(kind) for kind in kinds_of(model)])
    if has_kinds(model):
        return
    for count, findings in compare(model):
        report.objects += count
        report.findings += findings
    if issubclass(model, SealedBatch):
        report.findings += _batches(model, report)


def _batches(model: type[SealedBatch], report: Report) -> Iterator[Finding]:
    for batch in model._base_manager.exclude(rows_sha256="").order_by("pk").iterator():
        report.batches += 1
        try:
            count, digest = batch.digest()
        except UNREADABLE as error:
            count, digest = -1, f"unreadable: {error}"
        if (count, digest) != (batch.rows_count, batch.rows_sha256):
            yield Finding(
                "facts",
                "The rows of this batch are not the ones that were sealed.",
                model=label(model),
                object_id=str(batch.pk),
                number=batch.trail_number(),
                field="rows_count" if count != batch.rows_count else "rows_sha256",
                trail_value=f"{batch.rows_count} rows, {batch.rows_sha256}",
                table_value=f"{count} rows, {digest}",
            )


def _unknown_models() -> Iterator[Finding]:
    known = {label(model) for model in controlled_models()}
    named = AuditEntry.objects.order_by().values_list("model", flat=True).distinct()
    for name in sorted(set(named) - known - {""}):
        yield Finding("unknown model", "No installed app has this controlled model.", model=name)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as of one moment, without a lock that a writer would wait for."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size")
            (mapped,) = cursor.fetchone() or (0,)
            cursor.execute("PRAGMA mmap_size = 0")  # else the whole file counts as our memory
            cursor.execute("BEGIN DEFERRED")  # Django's own would be IMMEDIATE: a write lock
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
                cursor.execute(f"PRAGMA mmap_size = {int(mapped)}")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
