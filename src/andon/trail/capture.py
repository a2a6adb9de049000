"""What a write changed: rows read before and after, inside the transaction (AT1, AT6, RT2)."""

import functools
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from andon.trail.canonical import dumps, encode, sha256
from andon.trail.sealing import NotAudited, Transaction, writing

if TYPE_CHECKING:
    from andon.trail.models import AuditedModel

CHUNK = 500
Kind = type["AuditedModel"]
State = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One object as the database has it: the record is one object, leaf and parents."""

    instance: "AuditedModel"
    state: State


def transaction_for(model: Kind) -> Transaction:
    """Return the audited block in which rows of ``model`` may be written now."""
    if has_kinds(model):
        raise NotAudited(f"{model._meta.label} is written through its kinds only.")
    return writing()


def has_kinds(model: Kind) -> bool:
    """Whether ``model`` is the parent table of others: its rows are parts of their objects."""
    return any(getattr(relation, "parent_link", False) for relation in model._meta.related_objects)


def kinds_of(model: Kind) -> list[Kind]:
    """Return the models whose objects have a row in the table of ``model``."""
    relations = model._meta.related_objects
    children = [r.related_model for r in relations if getattr(r, "parent_link", False)]
    return [kind for child in children for kind in kinds_of(cast("Kind", child))] or [model]


def concrete(model: Kind) -> Kind:
    """Return the model that has the table; a proxy has none of its own."""
    return cast("Kind", model._meta.concrete_model)


def label(model: Kind) -> str:
    """Return the name under which the trail knows ``model``."""
    return str(concrete(model)._meta.label_lower)


@functools.cache
def tracked(model: Kind) -> tuple[tuple[str, str], ...]:
    """Return name and attribute of each field of ``model`` that is part of its state."""
    fields = model._meta.concrete_fields
    return tuple((f.name, f.attname) for f in fields if f.name not in model.trail_excluded)


def state_of(instance: "AuditedModel") -> State:
    """Return the state of an ``instance`` just read from the database."""
    values = instance.__dict__
    return {name: encode(values[attname]) for name, attname in tracked(type(instance))}


def rows(model: Kind, pks: Sequence[Any], *, lock: bool = False) -> dict[Any, Row]:
    """Read the rows ``pks``, locked in the order of their keys if asked."""
    wanted = {"pk": pks[0]} if len(pks) == 1 else {"pk__in": pks}
    found = concrete(model)._base_manager.filter(**wanted)
    if lock:
        found = found.select_for_update().order_by("pk")
    elif model.trail_related:
        found = found.select_related(*model.trail_related)
    return {instance.pk: Row(instance, state_of(instance)) for instance in found}


def chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Cut ``items`` into lists of at most ``size``."""
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


@contextmanager
def saving(instance: "AuditedModel") -> Iterator[None]:
    """Record what the save inside did to the row of ``instance``; no change, no entry."""
    model = type(instance)
    transaction = transaction_for(model)
    known = rows(model, [instance.pk], lock=True) if instance.pk is not None else {}
    yield
    after = rows(model, [instance.pk])
    record(
        transaction, instance, before=_state(known, instance.pk), after=_state(after, instance.pk)
    )


@contextmanager
def writing_rows(model: Kind, pks: Sequence[Any]) -> Iterator[None]:
    """Record what the statement inside did to the rows ``pks``."""
    transaction = transaction_for(model)
    before = rows(model, pks, lock=True)
    yield
    after = rows(model, pks)
    for pk in pks:
        if row := after.get(pk) or before.get(pk):
            states = {"before": _state(before, pk), "after": _state(after, pk)}
            record(transaction, row.instance, **states)


def _state(found: dict[Any, Row], pk: Any) -> State | None:
    return found[pk].state if pk in found else None


def record(
    transaction: Transaction, source: "AuditedModel", *, before: State | None, after: State | None
) -> None:
    """Gather the entry for one object, with the fields that differ."""
    if before == after:
        return
    old, new = before or {}, after or {}
    changed = [
        name
        for name in {**old, **new}
        if name not in old or name not in new or old[name] != new[name]
    ]
    if before is not None and after is not None:
        action = "changed"
    else:
        action = "created" if before is None else "deleted"
    write(transaction, action, source, old=old, new=new, changed=changed)


def write(
    transaction: Transaction,
    action: str,
    source: "AuditedModel",
    *,
    old: State,
    new: State,
    changed: Iterable[str],
) -> None:
    """Gather an entry that shows the ``changed`` fields and seals the whole ``new`` state."""
    sealed = _Commitments(type(source))
    pairs = {"before": sealed.shown(old, changed), "after": sealed.shown(new, changed)}
    content: dict[str, Any] = {name: shown for name, shown in pairs.items() if shown}
    if sealed.names:
        content["personal"] = sorted(sealed.names)
    if new:
        content["state"] = sealed.state(source, new)
        content["state_version"] = source.trail_state_version
    transaction.add(
        action,
        model=label(type(source)),
        object_id=str(new.get(source._meta.pk.name, old.get(source._meta.pk.name))),
        number=source.trail_number(),
        content=content,
        personal=tuple(sealed.values),
        weighty=source.trail_weighty,
    )


def state_hash(model: Kind, object_id: str, state: State, *, version: int, salt: str = "") -> str:
    """Return the seal of a full state; salted where it holds personal values."""
    text = dumps({"model": label(model), "object": object_id, "state": state, "v": version})
    return sha256(salt, text) if salt else sha256(text)


class _Commitments:
    """Personal values stand in an entry as salted hashes; value and salt lie beside (RT2)."""

    def __init__(self, model: Kind) -> None:
        self.model = model
        self.names: set[str] = set()
        self.values: list[tuple[str, str, str]] = []

    def shown(self, state: State, names: Iterable[str]) -> State:
        return {name: self._shown(name, state[name]) for name in names if name in state}

    def _shown(self, name: str, value: Any) -> Any:
        if name not in self.model.trail_personal:
            return value
        self.names.add(name)
        salt, text = secrets.token_hex(16), dumps(value)
        commitment = sha256(salt, text)
        self.values.append((commitment, salt, text))
        return commitment

    def state(self, source: "AuditedModel", state: State) -> str:
        salt = secrets.token_hex(16) if self.model.trail_personal else ""
        version = source.trail_state_version
        key = str(state[source._meta.pk.name])
        seal = state_hash(self.model, key, state, version=version, salt=salt)
        if salt:
            self.values.append((seal, salt, ""))
        return seal
