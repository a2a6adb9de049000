"""The form of each controlled model's state, and the new baseline when it has changed (AT8)."""

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from andon.trail.capture import has_kinds, label, tracked
from andon.trail.checks import controlled_models
from andon.trail.models import AuditedModel, AuditEntry
from andon.trail.sealing import RECORDS
from andon.trail.services import SYSTEM, audited, rebaseline


def form_of(model: type[AuditedModel]) -> list[str]:
    """Return what a state of ``model`` is made of: each field with its type and its scale."""
    parts = []
    for name, _attname in tracked(model):
        field = model._meta.get_field(name)
        places = getattr(field, "decimal_places", None)
        scale = f"/{places}" if places is not None else ""
        parts.append(f"{name}:{field.__class__.__name__}{scale}")  # the class says what encodes it
    return parts


def sealed_models() -> list[type[AuditedModel]]:
    """Return the controlled models whose rows carry a state of their own, by their label."""
    own = {
        label(model): model
        for model in controlled_models()
        if not model._meta.proxy and not has_kinds(model)
    }
    return [own[name] for name in sorted(own)]


def renew_baselines() -> dict[str, int]:
    """Seal the rows anew of every model whose form was raised since its last entry.

    Does nothing while migrations are missing, for then the tables are not those of the models.
    Returns how many rows of which model were sealed.
    """
    if not AuditEntry.objects.exists() or _migrations_are_missing():
        return {}
    with audited(SYSTEM("migration"), reason=_("the form of the record changed")):
        return {label(model): rebaseline(model) for model in _outgrown()}


def _outgrown() -> Iterator[type[AuditedModel]]:
    for model in sealed_models():
        version = _last_version(model)
        if version is not None and version != model.trail_state_version:
            yield model


def _last_version(model: type[AuditedModel]) -> int | None:
    """Return the version of the last state told of ``model``; a deletion tells none."""
    entries = AuditEntry.objects.filter(stream=RECORDS, model=label(model)).order_by("-seq")
    versions = (entry.content().get("state_version") for entry in entries.iterator(chunk_size=50))
    return next((version for version in versions if version is not None), None)


def _migrations_are_missing() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
