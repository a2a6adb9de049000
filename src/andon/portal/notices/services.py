"""What people do with their notices: choose, read, watch, go away, renew the calendar address."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.organization import clock
from andon.records.models import Record
from andon.trail.services import audited, retrying

from .apps import ADMINISTER, ARRANGE
from .models import Absence, CalendarFeed, Mail, Notice, Preference, Watch
from .people import home_site

FIELDS = ("hour", "weekdays", "assigned_at_once", "returned_at_once", "escalated_at_once")
SECRET_BYTES = 32


@retrying
def choose(user: User, changes: dict[str, Any]) -> Preference:
    """Keep when and how ``user`` wants to be told; everybody chooses for themselves."""
    with audited(user, reason=_("notice settings")):
        rows = Preference.objects.select_for_update()
        chosen: Preference = rows.filter(user=user).first() or Preference(user=user)
        for name in FIELDS:
            if name in changes:
                setattr(chosen, name, changes[name])
        chosen.full_clean()
        chosen.save()
    return chosen


@retrying
def watch(record: Record, *, by: User, wanted: bool) -> None:
    """Watch a record that ``by`` may see, or watch it no more."""
    with audited(by, reason=_("watched") if wanted else _("no longer watched")):
        rows = Watch.objects.filter(user=by, record_id=record.pk)
        if not wanted:
            rows.delete()
        elif not rows.exists():
            Watch.objects.create(user=by, record_id=record.pk)


@retrying
def mark_read(notices: Any, *, by: User, now: datetime) -> int:
    """Mark those of ``notices`` that were told to ``by`` as read."""
    with audited(by):
        marked: int = notices.filter(recipient=by, read_at=None).update(read_at=now)
    return marked


def told_to(user: User) -> Any:
    """Return every notice of ``user``, also those about what they may no longer see."""
    return Notice.objects.filter(recipient=user)


# -- absence --------------------------------------------------------------------------------


@retrying
def go_away(
    user: User, *, substitute: User, from_date: date, until_date: date, by: User
) -> Absence:
    """Say that ``user`` is away and who stands in; by themselves or by who arranges it."""
    with audited(by, reason=_("absence")):
        site = home_site(user)
        _require_over(by, user, site)
        User.objects.select_for_update().get(pk=user.pk)  # two entries at once do not overlap
        absence = Absence(
            user=user,
            site=site,
            substitute=substitute,
            from_date=from_date,
            until_date=until_date,
        )
        absence.full_clean()
        if problems := list(_problems(absence)):
            raise ValidationError(problems)
        absence.save()
    return absence


def _problems(absence: Absence) -> Any:
    """Yield everything that stands against ``absence``."""
    if absence.until_date < clock.today(absence.site):
        yield ValidationError(_("These days are over; an absence is entered before it ends."))
    same_days = Absence.objects.not_ended().filter(
        from_date__lte=absence.until_date, until_date__gte=absence.from_date
    )
    if other := same_days.filter(user=absence.user).first():
        yield ValidationError(
            _("There is an absence for some of these days already: %(other)s. End it first."),
            params={"other": str(other)},
        )
    if not _works_there(absence.substitute, absence.user):
        yield ValidationError(
            _("%(name)s holds no role at the site of %(user)s; choose somebody who does."),
            params={"name": str(absence.substitute), "user": str(absence.user)},
        )
    stands_in = dict(same_days.values_list("user_id", "substitute_id"))
    passed, who = {absence.user_id}, absence.substitute_id
    while who in stands_in and who not in passed:
        passed.add(who)
        who = stands_in[who]
    if who == absence.user_id:
        yield ValidationError(
            _("%(name)s is away on some of these days and would be stood in for by %(user)s."),
            params={"name": str(absence.substitute), "user": str(absence.user)},
        )


def _works_there(substitute: User, user: User) -> bool:
    if not substitute.is_active or not substitute.grants_in_force():
        return False
    home, seen = home_site(user), substitute.site_scope()
    return seen is None or home is None or home.pk in seen


@retrying
def come_back(absence: Absence, *, by: User) -> Absence:
    """End an absence before its last day; from now on the person is told again."""
    with audited(by, reason=_("back from absence")):
        absence = Absence.objects.select_for_update().get(pk=absence.pk)
        _require_over(by, absence.user, absence.site)
        if absence.ended_date is None:
            absence.ended_date = clock.today(absence.site)
            absence.save()
    return absence


def _require_over(by: User, user: User, site: Site | None) -> None:
    if by.pk != user.pk and not by.may_at(ARRANGE, site):
        raise PermissionDenied(
            _("Absences of others are entered by a quality manager or administrator of their site.")
        )


# -- calendar and mail --------------------------------------------------------------------------


@retrying
def renew_calendar(user: User) -> str:
    """Give the calendar of ``user`` a new secret, shown only now; the old one ends."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with audited(user, reason=_("calendar address renewed")):
        feed = _feed(user)
        feed.secret_sha256 = hashlib.sha256(secret.encode()).hexdigest()
        feed.save()
    return secret


@retrying
def end_calendar(user: User) -> None:
    """End the calendar address of ``user``; who knows it gets nothing more."""
    with audited(user, reason=_("calendar address ended")):
        feed = _feed(user)
        feed.secret_sha256 = ""
        feed.save()


def _feed(user: User) -> CalendarFeed:
    rows = CalendarFeed.objects.select_for_update()
    return rows.filter(user=user).first() or CalendarFeed(user=user)


@retrying
def try_again(mail: Mail, *, by: User, now: datetime) -> None:
    """Send a mail that was given up once more."""
    with audited(by):
        if not by.may(ADMINISTER):
            raise PermissionDenied(_("Only an administrator does this."))
        given_up = Mail.objects.select_for_update().filter(status=Mail.Status.GIVEN_UP)
        for stored in given_up.filter(pk=mail.pk):
            stored.status, stored.tries, stored.due_at = Mail.Status.WAITING, 0, now
            stored.save()
