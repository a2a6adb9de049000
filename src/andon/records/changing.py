"""The frame of every change to a record: who may, lock, version, what is frozen, store."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.trail.services import audited

from .models import Record
from .workflow import Refused, Stale

R = TypeVar("R", bound=Record)


def require(by: User, permission: str, where: Record | Site) -> None:
    """Raise ``PermissionDenied`` unless ``by`` holds ``permission`` at that record's site."""
    site = where.site_id if isinstance(where, Record) else where.pk
    if not by.may(permission, site):
        raise PermissionDenied(_("Your roles do not allow this at this site."))


def lock(record: R) -> R:
    """Return ``record`` as it is now, locked until the transaction ends; of its own kind."""
    kind = type(record) if type(record) is not Record else Record.kind_called(record.kind)
    # Both tables: PostgreSQL reads a row again after waiting for it only where it is locked itself.
    rows = kind._default_manager.select_for_update(of=("self", "record_ptr"))
    return cast("R", rows.select_related("site", "owner").get(pk=record.pk))


def check(record: Record) -> None:
    """Raise ``ValidationError`` for every field of ``record`` that is wrong.

    Related rows at hand were read from the database already and are not asked for again.
    """
    relations = [f for f in record._meta.fields if isinstance(f, models.ForeignKey)]
    known = {f.name for f in relations if f.is_cached(record)}
    record.clean_fields(exclude={*known, "number", "record_ptr"})
    record.clean()


def differences(record: models.Model, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """List (label, typed, stored) of the fields in ``changes`` that ``record`` has otherwise."""
    found = []
    for name, typed in changes.items():
        stored = getattr(record, name)
        if stored != typed:
            label = str(cast("models.Field[Any, Any]", record._meta.get_field(name)).verbose_name)
            found.append((label, _shown(typed), _shown(stored)))
    return found


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def refuse_when_stale(record: Record, version: int | None, changes: Mapping[str, Any]) -> None:
    """Raise :class:`Stale` with both values when ``record`` moved on since ``version`` was read."""
    if version is not None and version != record.version:
        raise Stale(record, differences(record, changes))


def refuse_when_final(record: Record) -> None:
    """Raise :class:`Refused` when the content of ``record`` is frozen (RC2)."""
    if record.is_final:
        raise Refused(
            _("%(number)s is %(state)s; its content no longer changes. Open a successor instead.")
            % {"number": record.number, "state": record.state_label.lower()}
        )


@contextmanager
def changing(
    record: R,
    *,
    by: User,
    permission: str,
    reason: str | Promise,
    version: int | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Iterator[R]:
    """Lock an open record for a change; checks and saves it with a new version at the end."""
    with audited(by, reason=reason):
        fresh = lock(record)
        require(by, permission, fresh)
        refuse_when_stale(fresh, version, changes or {})
        refuse_when_final(fresh)
        yield fresh
        store(fresh)


def store(record: Record) -> None:
    """Check ``record`` and save it under its next version."""
    check(record)
    record.version += 1
    record.search_text = record.searched()
    record.save()


def sentences(error: ValidationError) -> Sequence[str]:
    """Return the sentences of a ``ValidationError``, each with the field it is about."""
    if hasattr(error, "message_dict"):
        return [
            f"{name}: {text}" if name != "__all__" else text
            for name, texts in error.message_dict.items()
            for text in texts
        ]
    return error.messages
