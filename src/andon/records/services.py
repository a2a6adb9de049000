"""What people do with any record: the one door, called ``records`` where it is imported."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.extras.seam import extras
from andon.organization import clock
from andon.signing import services as signatures
from andon.signing.proving import Proof
from andon.trail import checkpoints
from andon.trail.services import audited, retrying

from . import numbering
from .adopting import adopt, retract
from .changing import (
    changing,
    check,
    differences,
    lock,
    refuse_when_stale,
    require,
    sentences,
    store,
)
from .dealings import comment, extend, let_in, link, unlink
from .models import Record
from .workflow import Act, Refusal, Refused, Stale, Transition

__all__ = [
    "adopt",
    "changing",
    "check",
    "comment",
    "create",
    "differences",
    "edit",
    "extend",
    "let_in",
    "link",
    "lock",
    "missing_for",
    "open_steps",
    "perform",
    "require",
    "retract",
    "sentences",
    "unlink",
]

R = TypeVar("R", bound=Record)


@retrying
def create(record: R, *, by: User, day: date | None = None) -> R:
    """Give ``record`` its number and first state and store it.

    Raises ``ValidationError`` when a field is wrong and ``PermissionDenied`` when ``by`` may not.
    """
    with audited(by, reason=_("created")):
        require(by, record.create_permission, record.site)
        day = day or clock.today(record.site)
        record.kind, record.state = record.slug(), record.workflow.initial
        record.opened_by, record.opened_date = by, day
        record.version = 1
        check(record)
        answers = extras().opening(record, by=by)
        record.number = numbering.next_number(record.prefix, record.site, day.year)
        record.search_text = record.searched()
        record.save(force_insert=True)
        extras().begin(record, answers, by=by)
    return record


def edit(
    record: R, changes: Mapping[str, Any], *, by: User, version: int | None, reason: str = ""
) -> R:
    """Change fields that a person may change; the version protects what others wrote.

    ``custom`` among ``changes`` holds new answers to custom fields, by key.
    """
    fields = {name: value for name, value in changes.items() if name != "custom"}
    own: Mapping[str, Any] = changes.get("custom") or {}
    why = reason or _("edited")
    try:
        with changing(
            record,
            by=by,
            permission=record.edit_permission,
            version=version,
            changes=fields,
            reason=why,
        ) as fresh:
            if forbidden := set(fields) - set(fresh.editable):
                raise Refused(
                    _("These fields are not changed by hand: %s.") % ", ".join(sorted(forbidden))
                )
            for name, value in fields.items():
                setattr(fresh, name, value)
            if own:
                extras().change(fresh, own, by=by)
    except Stale as stale:
        answers = extras().differences(stale.record, own)
        raise Stale(stale.record, [*stale.differences, *answers]) from None
    return fresh


def perform(
    record: R,
    name: str,
    *,
    by: User,
    day: date | None = None,
    version: int | None = None,
    data: Mapping[str, Any] | None = None,
    proof: Proof | None = None,
) -> R:
    """Move ``record`` along the transition called ``name``.

    Locks, checks state, permission, what is asked and every guard, then signs where that is asked
    (with ``proof``), changes and runs the effects, all in one transaction. Raises :class:`Refusal`
    listing everything that is missing. A step that awaits a second signature moves nothing yet.
    """
    with audited(by, reason=record.life[name].label):
        fresh = lock(record)
        step = fresh.workflow[name]
        _refuse_wrong_state(fresh, step)
        require(by, step.permission, fresh)
        signing = signatures.begin(fresh, step)
        act = Act(by=by, day=day or clock.today(fresh.site), data=signing.typed(data or {}))
        refuse_when_stale(fresh, version, act.data)
        _fill(fresh, step, act)
        if missing := [*_unanswered(fresh, step), *missing_for(fresh, step, act)]:
            raise Refusal(missing)
        if not signing.through(by=by, data=act.data, proof=proof):
            return lock(fresh)
        fresh.state = step.target
        if step.target in fresh.workflow.final:
            fresh.closed_date = act.day
        store(fresh)
        for effect in step.then:
            effect(fresh, act)
        if step.signed_as:
            checkpoints.after_commit("approval")
    return fresh


def _refuse_wrong_state(record: Record, step: Transition) -> None:
    if record.state not in step.sources or not step.applies(record):
        raise Refused(
            _(
                "%(number)s is now “%(state)s”, so “%(step)s” is not possible any more."
                " Look at it again."
            )
            % {"number": record.number, "state": record.state_label, "step": step.label},
            fix=record.get_absolute_url(),
        )


def _fill(record: Record, step: Transition, act: Act) -> None:
    if unknown := set(act.data) - {*step.asks, *step.may_ask}:
        raise Refused(_("This step does not take: %s.") % ", ".join(sorted(unknown)))
    for name, value in act.data.items():
        setattr(record, name, value)


def _unanswered(record: Record, step: Transition) -> list[Refused]:
    empty = (None, "")
    labels = [
        str(cast("models.Field[Any, Any]", record._meta.get_field(name)).verbose_name)
        for name in step.asks
        if getattr(record, name) in empty
    ]
    return [Refused(_("“%s” is still empty.") % label, fix=f"#do-{step.name}") for label in labels]


def missing_for(record: Record, step: Transition, act: Act) -> list[Refused]:
    """List everything that holds ``step`` back: the kind's checks, and what the company asks."""
    return [*step.missing(record, act), *extras().missing(record, step)]


def open_steps(record: Record, by: User) -> list[tuple[Transition, list[Refused]]]:
    """List the steps ``by`` may take from here, each with what is still missing for it."""
    act = Act(by=by, day=clock.today(record.site))
    return [
        (step, missing_for(record, step, act))
        for step in record.workflow.leaving(record.state)
        if step.applies(record) and by.may(step.permission, record.site_id)
    ]
