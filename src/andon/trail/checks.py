"""System checks: what the trail needs of every controlled model, and of the database."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db import models

from andon.trail import guards, keys
from andon.trail.models import AuditedModel, AuditedQuerySet

KEEPING = (models.PROTECT, models.RESTRICT, models.DO_NOTHING)


def controlled_models() -> list[type[AuditedModel]]:
    """Return every controlled model of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, AuditedModel)]


def check_models(**_kwargs: Any) -> list[CheckMessage]:
    """Say which controlled models could change without an entry."""
    return [message for model in controlled_models() for message in check_model(model)]


def check_model(model: type[AuditedModel]) -> Iterator[CheckMessage]:
    """Say how rows of ``model`` could change without an entry."""
    for relation in model._meta.local_many_to_many:
        through: Any = relation.remote_field.through
        if through._meta.auto_created:
            yield _error(model, 1, f"'{relation.name}' needs a through model of its own.")
    for field in model._meta.local_concrete_fields:
        yield from _check_field(model, field)
    for manager in (model._default_manager, model._base_manager):
        if not isinstance(manager.all(), AuditedQuerySet):
            yield _error(model, 4, f"The manager '{manager.name}' makes no AuditedQuerySet.")
    known = {field.name for field in model._meta.concrete_fields}
    if unknown := (model.trail_excluded | model.trail_personal) - known:
        yield _error(model, 5, f"Unknown fields are named to the trail: {sorted(unknown)}.")


def _check_field(model: type[AuditedModel], field: Any) -> Iterator[CheckMessage]:
    if isinstance(field, models.FloatField) and field.name not in model.trail_excluded:
        yield _error(model, 2, f"'{field.name}' holds floats, which have no one text.")
    remote = field.remote_field
    if remote and not remote.parent_link and remote.on_delete not in KEEPING:
        yield _error(model, 3, f"'{field.name}' changes unseen when its target goes; PROTECT it.")


def check_guards(*, databases: Iterable[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Say which guards are not in the database."""
    return [
        Error(
            f"The guard {name} is missing or was changed.",
            hint="Find out who removed it; `andon migrate` puts it back.",
            id="trail.E010",
        )
        for alias in databases or ()
        for name in guards.missing(alias)
    ]


def check_key(**_kwargs: Any) -> list[CheckMessage]:
    """Say that somebody else on this machine may read the signing key."""
    if not keys.readable_by_others():
        return []
    hint = f"chmod 600 {keys.path()}; if somebody else had access: andon key rotate"
    return [checks.Warning("Others may read the signing key.", hint=hint, id="trail.W011")]


def _error(model: type[AuditedModel], number: int, sentence: str) -> Error:
    return Error(sentence, obj=model, id=f"trail.E{number:03}")
