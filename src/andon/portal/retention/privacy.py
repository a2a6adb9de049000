"""One person's data: all of it to take away, and who they were to be forgotten (RT2)."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.names import username_key
from andon.entry.models import Badge, Generator, OutsideIdentity, Passkey, Pin, RecoveryCode
from andon.organization import clock
from andon.records.workflow import Refusal, Refused
from andon.trail import checkpoints, forgetting
from andon.trail.canonical import encode
from andon.trail.models import AuditedModel, AuditEntry
from andon.trail.security import tell
from andon.trail.services import audited, retrying

from .apps import PRIVACY
from .models import Erasure

LONGEST = 10_000
# What is never handed out: it would open doors or is no statement about the person.
SECRET = frozenset({"password", "salt", "secret", "digest", "token", "lease", "key"})


def export(person: User, *, by: User) -> bytes:
    """Return everything that is kept about ``person``, as JSON a person can read.

    One's own data, or anybody's for who may see to privacy. The security stream has it.
    """
    if by.pk != person.pk and not by.may(PRIVACY):
        raise PermissionDenied
    data = {
        "person": _row(person),
        "said_of_them": dict(_rows(person)),
        "what_they_did": list(_entries(person)),
    }
    tell("exported a person's data", by=by, model=User.trail_label(), object_id=str(person.pk))
    return json.dumps(data, ensure_ascii=False, indent=1, default=str).encode()


def _rows(person: User) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield, table by table, the rows that name the person, whatever app made them."""
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.local_fields
            if isinstance(field, models.ForeignKey) and field.related_model is User
        ]
        named = models.Q(*((name, person.pk) for name in names), _connector=models.Q.OR)
        if names and (found := model._base_manager.filter(named).order_by("pk")[:LONGEST]):
            yield model._meta.label_lower, [_row(row) for row in found]


def _row(row: models.Model) -> dict[str, Any]:
    return {
        field.name: _shown(row, field)
        for field in row._meta.concrete_fields
        if field.name not in SECRET
    }


def _shown(row: models.Model, field: Any) -> Any:
    value = getattr(row, field.attname)
    return encode(value) if isinstance(row, AuditedModel) and not isinstance(value, dict) else value


def _entries(person: User) -> Iterator[dict[str, str]]:
    rows = AuditEntry.objects.filter(actor_kind="user", actor_id=str(person.pk)).order_by("-pk")
    for entry in rows[:LONGEST]:
        content = entry.content()
        yield {
            "at": content["at"],
            "what": f"{entry.action} {entry.model} {entry.number or entry.object_id}".strip(),
            "address": content.get("address", ""),
        }


@retrying
def erase(person: User, *, reason: str, by: User) -> Erasure:
    """Forget who ``person`` was; what they did stays, under their id.

    The names in signatures stay: they are kept by law. Raises :class:`Refusal` with everything
    that must be done before.
    """
    with audited(by, reason=_("person erased")):
        if not by.may(PRIVACY):
            raise PermissionDenied
        person = User.objects.select_for_update().get(pk=person.pk)
        if missing := list(_obstacles(person, reason, by)):
            raise Refusal(missing)
        name = f"erased-{person.pk}"
        values = {
            "username": name,
            "username_key": username_key(name),
            "display_name": _("Erased person %d") % person.pk,
            "email": "",
            "job_title": "",
        }
        forgetting.erase(person, {key: str(value) for key, value in values.items()})
        _forget_ways_in(person)
        made = Erasure.objects.create(
            person=person, reason=reason.strip()[:500], decided_by=by, decided_at=clock.now()
        )
    checkpoints.after_commit("retention act")
    return made


def _forget_ways_in(person: User) -> None:
    """Take away what the person signed in with, and forget what it was called."""
    for model, field in ((Passkey, "name"), (OutsideIdentity, "subject")):
        live = {str(row.pk): row for row in model.objects.filter(user=person)}
        for object_id in forgetting.ever_of(model, "user", person.pk):
            if object_id in live:
                forgetting.erase(live[object_id], {field: f"erased-{object_id}"})
            else:
                forgetting.erase_deleted(model, object_id)
    for ways in (Passkey, OutsideIdentity, Generator, Pin, Badge):
        for row in ways.objects.filter(user=person):
            row.delete()
    RecoveryCode.objects.filter(user=person).delete()


def _obstacles(person: User, reason: str, by: User) -> Iterator[Refused]:
    if person.pk == by.pk:
        yield Refused(_("Nobody erases themselves; ask another administrator."))
    if person.is_active:
        yield Refused(_("Disable the person first."), fix=f"/setup/people/{person.pk}/")
    if Erasure.objects.filter(person=person).exists():
        yield Refused(_("This person is erased already."))
    if not reason.strip():
        yield Refused(_("Say why: whose wish or which rule it follows."), fix="#reason")
