"""Everything that goes with a record, and everything that stands in the way (RT1)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from andon.records.models import Record, RecordPart
from andon.trail.models import AuditedModel

# Rows that only point at a record: they go with it, and the stub keeps what they said.
POINTERS = frozenset({"records.link", "assurance.assessmentrecord", "notices.watch"})
Model = type[models.Model]


@dataclass
class Graph:
    """Rows by model, and sentences about what refers to them from outside."""

    rows: dict[Model, set[Any]] = field(default_factory=lambda: defaultdict(set))
    obstacles: list[str] = field(default_factory=list)

    def add(self, model: Model, keys: Iterable[Any]) -> set[Any]:
        """Add ``keys`` and return those that are new."""
        fresh = set(keys) - self.rows[model]
        self.rows[model] |= fresh
        return fresh

    def controlled(self) -> Iterator[tuple[type[AuditedModel], set[Any]]]:
        for model, keys in self.rows.items():
            if issubclass(model, AuditedModel) and keys:
                yield model, keys

    def plain(self) -> Iterator[tuple[Model, set[Any]]]:
        for model, keys in self.rows.items():
            if not issubclass(model, AuditedModel) and keys:
                yield model, keys


def graph_of(records: Iterable[Record]) -> Graph:
    """Return all rows that belong to ``records``; what belongs to others is an obstacle."""
    found, going = Graph(), {record.pk: record for record in records}
    by_kind: dict[str, set[int]] = defaultdict(set)
    for record in going.values():
        by_kind[record.kind].add(record.pk)
    waiting: list[tuple[Model, set[Any]]] = []
    for slug, keys in by_kind.items():
        kind = Record.kind_called(slug)
        waiting.append((kind, found.add(kind, keys)))
    while waiting:
        model, keys = waiting.pop()
        for relation in _pointing_at(model):
            rows = relation.model._base_manager.filter(**{f"{relation.name}__in": keys})
            fresh = _take(found, relation, rows, going)
            if fresh:
                waiting.append((relation.model, fresh))
    return found


def _pointing_at(model: Model) -> Iterator[Any]:
    """Yield the foreign keys of other tables that lead to ``model`` or to its parent part."""
    for table in (model, *model._meta.parents):
        for relation in table._meta.get_fields(include_hidden=True):
            field: Any = getattr(relation, "field", None)
            points = relation.auto_created and isinstance(field, models.ForeignKey)
            if points and not field.remote_field.parent_link:
                yield field


def _take(
    found: Graph, relation: Any, rows: "models.QuerySet[Any]", going: dict[int, Record]
) -> set[Any]:
    """Add the rows that go along and return those that are new; the others are obstacles."""
    model = relation.model
    if not issubclass(model, AuditedModel) or model._meta.label_lower in POINTERS:
        return found.add(model, rows.values_list("pk", flat=True))
    if issubclass(model, RecordPart):
        owners = dict(rows.values_list("pk", "record_id"))
        mine = {pk for pk, owner in owners.items() if owner in going}
        _refuse(found, model, [owners[pk] for pk in owners.keys() - mine])
        return found.add(model, mine)
    if issubclass(model, Record):
        _refuse(found, model, set(rows.values_list("pk", flat=True)) - going.keys())
    elif rows.exists():
        name = str(model._meta.verbose_name_plural)
        found.obstacles.append(_("%s still refer to it: change them first.") % name.capitalize())
    return set()


def _refuse(found: Graph, model: Model, record_ids: Iterable[int]) -> None:
    numbers = Record.objects.filter(pk__in=set(record_ids)).values_list("number", flat=True)
    for number in sorted(numbers):
        sentence = _("%(number)s still refers to it (%(what)s): propose both together.") % {
            "number": number,
            "what": str(model._meta.verbose_name),
        }
        if sentence not in found.obstacles:
            found.obstacles.append(sentence)
