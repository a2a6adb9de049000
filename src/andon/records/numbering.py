"""Record numbers: gap-free per kind, site and year, taken in the creating transaction (RC3)."""

from collections.abc import Iterator

from andon.accounts.models import Site
from andon.trail.forgetting import purged_numbers
from andon.trail.verify import Finding

from .models import NumberCounter, Record


def next_number(prefix: str, site: Site, year: int) -> str:
    """Take the next number, such as ``NC-ABC1-2026-0001``."""
    return next_numbers(prefix, site, year, 1)[0]


def next_numbers(prefix: str, site: Site, year: int, count: int) -> list[str]:
    """Take the next ``count`` numbers in one block.

    Must run inside ``audited()``: the counter row stays locked until the transaction ends, so a
    rolled-back creation gives its numbers back and no number is ever missing.
    """
    counters = NumberCounter.objects.select_for_update()
    key = {"prefix": prefix, "site": site, "year": year}
    counter = counters.filter(**key).first()
    if counter is None:
        # Two first creations may meet here; the loser waits for the winner's row.
        NumberCounter.objects.bulk_create([NumberCounter(**key)], ignore_conflicts=True)
        counter = counters.get(**key)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return [_number(f"{prefix}-{site.code}-{year}-", first + each) for each in range(count)]


def _number(stem: str, count: int) -> str:
    return f"{stem}{count:04d}"


def holes() -> Iterator[Finding]:
    """Report every counter that does not match the records there are (part of ``andon verify``)."""
    for counter in NumberCounter.objects.select_related("site").order_by("pk"):
        stem = f"{counter.prefix}-{counter.site.code}-{counter.year}-"
        rows = Record.objects.filter(number__startswith=stem)
        if gone := purged_numbers(stem):
            gone -= set(rows.filter(number__in=gone).values_list("number", flat=True))
        have, last = rows.count() + len(gone), _number(stem, counter.last)
        # Numbers are unique; so as many as were given, the last among them, leave no hole.
        if have != counter.last or not (last in gone or rows.filter(number=last).exists()):
            yield Finding(
                kind="number",
                text=f"{stem}… has {have} records, but {counter.last} numbers were given.",
                number=stem,
            )
