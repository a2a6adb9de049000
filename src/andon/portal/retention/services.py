"""What people decide about keeping and destroying: classes, holds, purges by two (RT1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.portal.hooks.models import Delivery
from andon.portal.notices import calendars
from andon.records.models import Record
from andon.records.workflow import Refusal, Refused
from andon.signing import services as signatures
from andon.trail import checkpoints, forgetting
from andon.trail.services import audited, retrying

from . import queries, stubs
from .apps import CONFIRM, MANAGE
from .graph import Graph, graph_of
from .models import Hold, Purge, RetentionClass

AT_ONCE = 500


@retrying
def keep_for(kind: str, *, years: int, basis: str, by: User) -> RetentionClass:
    """Say how long closed records of ``kind`` are kept at least, and why so long."""
    with audited(by, reason=_("retention class")):
        _require(by, MANAGE)
        rule = RetentionClass.objects.select_for_update().filter(kind=kind).first()
        rule = rule or RetentionClass(kind=kind)
        rule.years, rule.basis, rule.is_active = years, basis, True
        rule.full_clean()
        rule.save()
    return rule


@retrying
def keep_for_ever(kind: str, *, by: User) -> None:
    """End the retention class of ``kind``: its records are kept for ever again."""
    with audited(by, reason=_("retention class ended")):
        _require(by, MANAGE)
        RetentionClass.objects.filter(kind=kind).update(is_active=False)


@retrying
def hold(fields: Mapping[str, Any], *, by: User) -> Hold:
    """Order that nothing it covers is destroyed, from now on."""
    with audited(by, reason=_("legal hold set")):
        _require(by, MANAGE)
        made = Hold(**fields, set_by=by, set_date=clock.today())
        made.full_clean(exclude=["lifted_by", "lifted_date", "lifted_reason"])
        unknown = set(made.listed()) - _numbers(made.listed())
        if unknown:
            text = _("There is no record with the number %s.") % ", ".join(sorted(unknown)[:5])
            raise ValidationError({"numbers": text})
        made.save()
    checkpoints.after_commit("retention act")
    return made


@retrying
def lift(found: Hold, *, reason: str, by: User) -> Hold:
    """Lift a hold; its reason stays with it."""
    with audited(by, reason=_("legal hold lifted")):
        _require(by, MANAGE)
        found = Hold.objects.select_for_update().get(pk=found.pk)
        if found.is_lifted:
            raise Refused(_("This hold is lifted already."))
        if not reason.strip():
            raise Refused(_("Say why the hold is lifted."), fix="#lift")
        found.lifted_by, found.lifted_date = by, clock.today()
        found.lifted_reason = reason.strip()[:500]
        found.save()
    checkpoints.after_commit("retention act")
    return found


@retrying
def propose(numbers: Sequence[str], *, reason: str, by: User) -> Purge:
    """Ask that records be destroyed; a second person decides.

    Raises :class:`Refusal` with everything that stands in the way.
    """
    with audited(by, reason=_("purge proposed")):
        _require(by, MANAGE)
        if not reason.strip():
            raise Refused(_("Say why these records are destroyed."), fix="#reason")
        if not numbers or len(numbers) > AT_ONCE:
            raise Refused(_("Choose 1 to %d records at a time.") % AT_ONCE)
        _may_go(numbers, by=by)
        return Purge.objects.create(
            reason=reason.strip()[:500],
            numbers=sorted(set(numbers)),
            proposed_by=by,
            proposed_at=clock.now(),
        )


@retrying
def confirm(purge: Purge, *, by: User) -> Purge:
    """Destroy what was proposed, as its second person; the stubs stay.

    Everything is asked again at this moment. Raises :class:`Refusal` with what stands in the way,
    and ``NoKey`` when there is no key to sign the stubs with.
    """
    with audited(by, reason=_("purge confirmed")):
        _require(by, CONFIRM)
        purge = _open(purge)
        if purge.proposed_by_id == by.pk:
            raise Refused(_("A second person confirms; you proposed it yourself."))
        records, graph = _may_go(purge.numbers, by=by)
        purge.decided_by, purge.decided_at = by, clock.now()
        purge.stage = Purge.Stage.DONE
        purge.save()
        left = [stubs.leave(record, purge, graph) for record in records]
        for stub in left:
            stub.save()
        _destroy(graph)
        _destroy_copies(records)
    checkpoints.after_commit("retention act")
    return purge


@retrying
def turn_down(purge: Purge, *, by: User) -> None:
    """Turn a proposal down, or take one's own back; nothing is destroyed."""
    with audited(by, reason=_("purge turned down")):
        if not (by.may(CONFIRM) or by.may(MANAGE)):
            raise PermissionDenied
        purge = _open(purge)
        purge.decided_by, purge.decided_at = by, clock.now()
        purge.stage = Purge.Stage.WITHDRAWN
        purge.save()


def _destroy(graph: Graph) -> None:
    for model, keys in graph.plain():
        model._base_manager.filter(pk__in=keys).delete()
    for kind, keys in reversed(list(graph.controlled())):  # what belongs to others goes first
        forgetting.purge(kind, keys)
        if issubclass(kind, Record):
            signatures.forget(kind.trail_label(), keys)


def _destroy_copies(records: Sequence[Record]) -> None:
    """Destroy what repeats words of a record and only names it; a mail goes with its duty."""
    Delivery.objects.filter(record_id__in=[record.pk for record in records]).delete()
    calendars.forget(record.number for record in records)


def _may_go(numbers: Sequence[str], *, by: User) -> tuple[list[Record], Graph]:
    """Return the locked records and all that goes with them, or refuse with every obstacle."""
    rows = Record.objects.visible_to(by).filter(number__in=numbers).order_by("pk")
    records = list(rows.select_for_update(of=("self",)).select_related("site"))
    missing = set(numbers) - {record.number for record in records}
    found = [Refused(_("There is no record with the number %s.") % one) for one in sorted(missing)]
    found += _too_early(records)
    found += [
        Refused(_("%(number)s is held by “%(hold)s”.") % {"number": number, "hold": hold})
        for number, holds in sorted(queries.holds_on(records).items())
        for hold in holds
    ]
    graph = graph_of(records)
    found += [Refused(sentence) for sentence in graph.obstacles]
    if found:
        raise Refusal(found)
    return records, graph


def _too_early(records: Sequence[Record]) -> list[Refused]:
    rules = {rule.kind: rule for rule in RetentionClass.objects.filter(is_active=True)}
    found = []
    for record in records:
        rule = rules.get(record.kind)
        if record.closed_date is None:
            found.append(Refused(_("%s is not closed.") % record.number))
        elif rule is None:
            found.append(Refused(_("%s has no retention class: kept for ever.") % record.number))
        elif not _is_over(record.closed_date, rule, clock.today(record.site)):
            found.append(
                Refused(
                    _("%(number)s was closed on %(day)s and is kept for %(years)d years.")
                    % {"number": record.number, "day": record.closed_date, "years": rule.years}
                )
            )
    return found


def _is_over(closed: date, rule: RetentionClass, today: date) -> bool:
    return closed < queries.last_day(rule, today)


def _open(purge: Purge) -> Purge:
    purge = Purge.objects.select_for_update().select_related("proposed_by").get(pk=purge.pk)
    if purge.stage != Purge.Stage.PROPOSED:
        raise Refused(_("This proposal was decided already."))
    return purge


def _numbers(listed: Sequence[str]) -> set[str]:
    return set(Record.objects.filter(number__in=listed).values_list("number", flat=True))


def _require(by: User, permission: str) -> None:
    if not by.may(permission):
        raise PermissionDenied(_("Your roles do not allow this."))
