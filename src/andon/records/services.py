"""What people do with any record: create, edit, move, link, comment, extend."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.organization import clock
from andon.trail.services import audited, retrying

from . import numbering
from .links import LINK_KINDS
from .models import Comment, Extension, Link, Participant, Record, refuse_when_final
from .workflow import Act, Refusal, Refused, Stale, Transition

R = TypeVar("R", bound=Record)


def require(by: User, permission: str, where: Record | Site) -> None:
    """Raise ``PermissionDenied`` unless ``by`` holds ``permission`` at that record's site."""
    site = where.site_id if isinstance(where, Record) else where.pk
    if not by.may(permission, site):
        raise PermissionDenied(_("Your roles do not allow this at this site."))


def lock(record: R) -> R:
    """Return ``record`` as it is now, locked until the transaction ends; of its own kind."""
    kind = type(record) if type(record) is not Record else Record.kind_called(record.kind)
    rows = kind._default_manager.select_for_update(of=("self",)).select_related("site", "owner")
    return cast("R", rows.get(pk=record.pk))


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
        record.number = numbering.next_number(record.prefix, record.site, day.year)
        record.search_text = record.text_for_search()
        record.save(force_insert=True)
    return record


def check(record: Record) -> None:
    """Raise ``ValidationError`` for every field of ``record`` that is wrong.

    Related rows at hand were read from the database already and are not asked for again.
    """
    relations = [f for f in record._meta.fields if isinstance(f, models.ForeignKey)]
    known = {f.name for f in relations if f.is_cached(record)}
    record.clean_fields(exclude={*known, "number", "record_ptr"})
    record.clean()


def differences(record: Record, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
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


def edit(
    record: R, changes: Mapping[str, Any], *, by: User, version: int | None, reason: str = ""
) -> R:
    """Change fields that a person may change; the version protects what others wrote."""
    with changing(
        record,
        by=by,
        permission=record.edit_permission,
        version=version,
        changes=changes,
        reason=reason or _("edited"),
    ) as fresh:
        if forbidden := set(changes) - set(fresh.editable):
            raise Refused(
                _("These fields are not changed by hand: %s.") % ", ".join(sorted(forbidden))
            )
        for name, value in changes.items():
            setattr(fresh, name, value)
    return fresh


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
        _store(fresh)


def _store(record: Record) -> None:
    check(record)
    record.version += 1
    record.search_text = record.text_for_search()
    record.save()


def perform(
    record: R,
    name: str,
    *,
    by: User,
    day: date | None = None,
    version: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> R:
    """Move ``record`` along the transition called ``name``.

    Locks, checks state, permission, what is asked and every guard, then changes and runs the
    effects, all in one transaction. Raises :class:`Refusal` listing everything that is missing.
    """
    with audited(by, reason=record.life[name].label):
        fresh = lock(record)
        step = fresh.workflow[name]
        act = Act(by=by, day=day or clock.today(fresh.site), data=dict(data or {}))
        _refuse_wrong_state(fresh, step)
        require(by, step.permission, fresh)
        refuse_when_stale(fresh, version, act.data)
        _fill(fresh, step, act)
        if missing := [*_unanswered(fresh, step), *step.missing(fresh, act)]:
            raise Refusal(missing)
        fresh.state = step.target
        if step.target in fresh.workflow.final:
            fresh.closed_date = act.day
        _store(fresh)
        for effect in step.then:
            effect(fresh, act)
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


def open_steps(record: Record, by: User) -> list[tuple[Transition, list[Refused]]]:
    """List the steps ``by`` may take from here, each with what is still missing for it."""
    act = Act(by=by, day=clock.today(record.site))
    return [
        (step, step.missing(record, act))
        for step in record.workflow.leaving(record.state)
        if step.applies(record) and by.may(step.permission, record.site_id)
    ]


def comment(record: Record, text: str, *, by: User, day: date | None = None) -> Comment:
    """Add what ``by`` says about ``record``; closed records can still be commented."""
    if not text.strip():
        raise Refused(_("Write something first."), fix="#comments")
    require(by, "records.comment", record)
    with audited(by, reason=_("commented")):
        return Comment.objects.create(
            record=_shell(record), text=text.strip(), by=by, day=day or clock.today(record.site)
        )


def _shell(record: Record) -> Record:
    return record if type(record) is Record else record.record_ptr  # type: ignore[attr-defined]


def extend(record: R, due_date: date, *, by: User, reason: str, day: date | None = None) -> R:
    """Move the due date later, with a reason that is kept and counted."""
    if not reason.strip():
        raise Refused(_("Say why more time is needed."), fix="#due")
    with changing(
        record, by=by, permission=record.edit_permission, reason=_("due date extended")
    ) as fresh:
        if fresh.due_date and due_date <= fresh.due_date:
            raise Refused(_("The new date must be later than %s.") % fresh.due_date, fix="#due")
        if fresh.due_date:
            Extension.objects.create(
                record=_shell(fresh),
                from_date=fresh.due_date,
                to_date=due_date,
                reason=reason.strip(),
                by=by,
                day=day or clock.today(fresh.site),
            )
        fresh.due_date = due_date
    return fresh


def link(
    source: Record, kind: str, target: Record, *, by: User, why: str = "", day: date | None = None
) -> Link:
    """Draw a typed link from ``source`` to ``target``; an equal one is returned, not doubled."""
    if kind not in LINK_KINDS:
        raise Refused(_("There is no link called “%s”.") % kind)
    if source.pk == target.pk:
        raise Refused(_("A record cannot be linked to itself."), fix="#links")
    if not any(
        by.may(p, source.site_id) for p in (source.edit_permission, source.create_permission)
    ):
        raise PermissionDenied(_("Your roles do not allow this at this site."))
    with audited(by, reason=LINK_KINDS[kind].label):
        found = Link.objects.filter(
            record_id=source.pk, target_id=target.pk, kind=kind, ended_date=None
        ).first()
        return found or Link.objects.create(
            record=_shell(source),
            target=_shell(target),
            kind=kind,
            why=why,
            made_by=by,
            made_date=day or clock.today(source.site),
        )


def unlink(drawn: Link, *, by: User, reason: str) -> Link:
    """End a link with a reason; it stays in the history."""
    if not reason.strip():
        raise Refused(_("Say why the link no longer holds."), fix="#links")
    with audited(by, reason=_("link ended")):
        source = lock(drawn.record)
        require(by, source.edit_permission, source)
        drawn.ended_date, drawn.ended_reason = clock.today(drawn.record.site), reason.strip()
        drawn.save()
    return drawn


def let_in(record: Record, person: User, *, by: User) -> None:
    """Let ``person`` see a restricted record."""
    with audited(by, reason=_("let in")):
        require(by, record.edit_permission, record)
        if not Participant.objects.filter(record_id=record.pk, user=person).exists():
            Participant.objects.create(record=_shell(record), user=person)


def sentences(error: ValidationError) -> Sequence[str]:
    """Return the sentences of a ``ValidationError``, each with the field it is about."""
    if hasattr(error, "message_dict"):
        return [
            f"{name}: {text}" if name != "__all__" else text
            for name, texts in error.message_dict.items()
            for text in texts
        ]
    return error.messages
