"""Shared tablets: which device this is, who stands before it, and for how long."""

import secrets
import time
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock, names, queries, services
from andon.accounts.apps import PEOPLE
from andon.accounts.models import Site, User
from andon.entry import pins, throttle
from andon.entry.factors_secrets import digest
from andon.entry.models import Badge, Pin, Tablet
from andon.entry.proof import TABLET
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited, retrying

SALT = "andon.entry.tablet"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one
TOUCHED = 10  # seconds: a session is written no more often
SHORTEST_BADGE, LONGEST_BADGE = 4, 64
SEEN_EVERY = timedelta(minutes=5)
DOOR = SYSTEM("tablet")
# No user name holds this character: so these are budgets of their own, and who is kept from the
# tablet by a colleague's wrong tries still signs in elsewhere.
APART = "\x1f"


@retrying
def register(*, name: str, site: Site, idle_seconds: int, by: User) -> tuple[Tablet, str]:
    """Add this device; return it, and the secret that goes into its cookie."""
    secret = secrets.token_urlsafe(32)
    with audited(by, reason=_("tablet registered")):
        _require(by, site)
        tablet = Tablet(
            name=names.one_line(name),
            site=site,
            idle_seconds=idle_seconds,
            digest=digest("tablet", secret),
            registered_at=clock.now(),
        )
        tablet.full_clean()
        tablet.save()
        _told("tablet registered", tablet, by)
    return tablet, secret


@retrying
def revoke(tablet: Tablet, *, by: User) -> None:
    """Let this device be a tablet no more; who is signed in there is out at the next touch."""
    with audited(by, reason=_("tablet revoked")):
        tablet = Tablet.objects.select_for_update().get(pk=tablet.pk)
        _require(by, tablet.site)
        if tablet.revoked_at is None:
            tablet.revoked_at = clock.now()
            tablet.save()
            _told("tablet revoked", tablet, by)


def bind(response: HttpResponse, secret: str) -> None:
    """Make the device that gets ``response`` the tablet of this secret."""
    response.set_cookie(
        settings.TABLET_COOKIE_NAME,
        signing.dumps(secret, salt=SALT),
        max_age=COOKIE_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def this_device(request: HttpRequest) -> Tablet | None:
    """Return the tablet that this device is, unless it was revoked."""
    cookie = request.COOKIES.get(settings.TABLET_COOKIE_NAME, "")
    try:
        secret = signing.loads(cookie, salt=SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return None
    rows = Tablet.objects.filter(digest=digest("tablet", str(secret)), revoked_at=None)
    tablet: Tablet | None = rows.select_related("site").first()
    return tablet


def people_at(tablet: Tablet, words: str = "") -> list[User]:
    """Return who may sign in there by PIN: those who have one, and a role at its site."""
    rows = User.objects.filter(is_active=True, pins__purpose=Pin.Purpose.TABLET)
    if words:
        rows = rows.filter(Q(display_name__icontains=words) | Q(username_key__icontains=words))
    found = queries.with_grants(rows.order_by("display_name", "pk"))
    return [person for person in found if belongs(person, tablet)]


def belongs(person: User, tablet: Tablet) -> bool:
    return person.is_active and bool(person.roles_at(tablet.site_id))


def by_pin(request: HttpRequest, tablet: Tablet, person: User, pin: str) -> bool:
    """Return whether it is the PIN of ``person``; raises `throttle.Paused`."""
    tried = throttle.attempt(f"{person.username_key}{APART}tablet", request, act="tablet sign-in")
    right = pins.right(person, pin, purpose=Pin.Purpose.TABLET) and belongs(person, tablet)
    _count(tried, tablet, right=right, person=person, what="PIN")
    return right


def by_badge(request: HttpRequest, tablet: Tablet, code: str) -> User | None:
    """Return whose badge it is; raises `throttle.Paused`."""
    tried = throttle.attempt(f"{APART}badge {tablet.pk}", request, act="tablet sign-in")
    rows = Badge.objects.filter(digest__in=_badge_digests(code)).select_related("user")
    badge: Badge | None = rows.first()
    right = badge is not None and belongs(badge.user, tablet)
    _count(tried, tablet, right=right, person=badge.user if badge else None, what="badge")
    return badge.user if badge and right else None


def _count(
    tried: throttle.Try, tablet: Tablet, *, right: bool, person: User | None, what: str
) -> None:
    if right:
        tried.succeeded()
        return
    tried.failed()
    detail = {"tablet": tablet.pk, "person": person.pk if person else None}
    tell(f"{what} wrong", by=DOOR, detail=detail)


@retrying
def set_badge(person: User, code: str, *, by: User) -> None:
    """Let this badge sign in ``person`` at tablets; empty takes the badge away."""
    with audited(by, reason=_("badge set")):
        services.require_over(by, person)
        for earlier in Badge.objects.filter(user=person):
            earlier.delete()
        if code:
            _add_badge(person, code.strip())
        what = "badge set" if code else "badge removed"
        tell(what, by=by, model="accounts.user", object_id=str(person.pk))


def _add_badge(person: User, code: str) -> None:
    if not (SHORTEST_BADGE <= len(code) <= LONGEST_BADGE and code.isascii() and code.isprintable()):
        raise ValidationError(
            {"badge": _("A badge code has 4 to 64 letters, digits or signs. Scan it again.")}
        )
    digests = _badge_digests(code)
    if Badge.objects.filter(digest__in=digests).exists():
        raise ValidationError({"badge": _("This badge belongs to somebody else already.")})
    badge = Badge(user=person, digest=digests[0], set_at=clock.now())
    badge.full_clean()
    badge.save()


def _badge_digests(code: str) -> list[str]:
    """Return the keyed hash under the newest key, and under those that still open."""
    keys: Iterable[str | bytes] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac("andon.entry.badge", code.strip(), secret=key, algorithm="sha256").hexdigest()
        for key in keys
    ]


def mark(request: HttpRequest, tablet: Tablet) -> None:
    """Mark the session as one of a tablet, before anybody is signed in to it."""
    request.session[TABLET] = {"pk": tablet.pk, "at": int(time.time())}


def still_here(request: HttpRequest) -> Tablet | None:
    """Return the tablet of this session; None when it was idle, revoked, or is another device."""
    marked, now = request.session[TABLET], int(time.time())
    tablet = this_device(request)
    if tablet is None or tablet.pk != marked["pk"] or now - marked["at"] > tablet.idle_seconds:
        return None
    if now - marked["at"] >= TOUCHED:
        mark(request, tablet)
    if tablet.seen_at is None or clock.now() - tablet.seen_at > SEEN_EVERY:
        Tablet.objects.filter(pk=tablet.pk).update(seen_at=clock.now())
    return tablet


def _require(by: User, site: Site) -> None:
    if not by.may_at(PEOPLE, site):
        raise PermissionDenied(_("Only an administrator of this site manages its tablets."))


def _told(action: str, tablet: Tablet, by: User) -> None:
    detail = {"site": tablet.site_id}
    tell(action, by=by, model="entry.tablet", object_id=str(tablet.pk), detail=detail)
