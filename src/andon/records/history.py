"""Entries of the trail with the names of the people behind them (the trail keeps ids only)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps

from andon.accounts.models import User
from andon.extras.seam import extras
from andon.trail.models import AuditEntry, Change


@dataclass(frozen=True)
class Told:
    """One entry and who acted, in words."""

    entry: AuditEntry
    actor: str
    # What happened to an answer, in the words of its question; None for every other row.
    answer: list[Change] | None = None

    @property
    def changes(self) -> list[Change]:
        return self.entry.changes() if self.answer is None else self.answer

    @property
    def what(self) -> str:
        """The kind of row in words; the trail keeps only the name of its model."""
        try:
            return str(apps.get_model(self.entry.model)._meta.verbose_name)
        except (LookupError, ValueError):
            return self.entry.model


def told(entries: Iterable[AuditEntry]) -> list[Told]:
    """Return ``entries`` with the names of their actors; one query for all."""
    listed = list(entries)
    ids = {entry.actor_id for entry in listed if entry.actor_kind == "user"}
    people = User.objects.filter(pk__in=ids).values_list("pk", "display_name")
    names = {str(pk): name for pk, name in people}
    answers = extras().told(listed)
    return [
        Told(entry, names.get(entry.actor_id, entry.actor_id), answers.get(entry.pk))
        for entry in listed
    ]
