"""What administrators do with people, roles and sites, and people with their password."""

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock, names, queries
from andon.accounts.apps import PEOPLE
from andon.accounts.models import RoleGrant, Site, User, main_zone
from andon.accounts.roles import Role
from andon.accounts.stale import refuse_when_stale
from andon.trail.services import SYSTEM, audited, retrying

Actor = User | SYSTEM
PERSON_FIELDS = ("display_name", "email", "job_title", "kind")
SITE_FIELDS = ("name", "time_zone", "is_active")


@retrying
def create_first_admin(*, username: str, display_name: str, password: str) -> User:
    """Make the first administrator; refused while an active one exists (AU7)."""
    with audited(SYSTEM("createadmin"), reason=_("first administrator")):
        if queries.administrators():
            raise ValidationError(
                _("There is an administrator already; they add further people on the People page.")
            )
        user = _new_user(username=username, display_name=display_name, password=password)
        today = clock.today_in(main_zone())
        RoleGrant(user=user, role=Role.ADMIN, from_date=today).save()
    return user


@retrying
def create_user(
    *,
    username: str,
    display_name: str,
    password: str | None = None,
    by: Actor,
    **fields: Any,
) -> User:
    """Add a person. Without a password they cannot sign in until one is set."""
    with audited(by, reason=_("person added")):
        _require(by)
        return _new_user(username=username, display_name=display_name, password=password, **fields)


def _new_user(*, username: str, display_name: str, password: str | None, **fields: Any) -> User:
    user = User(
        username=names.username(username), display_name=names.one_line(display_name), **fields
    )
    user.username_key = names.username_key(username)
    user.set_unusable_password()
    user.full_clean()
    if password is not None:
        validate_password(password, user)
        user.set_password(password)
    user.save()
    return user


@retrying
def edit_person(user: User, *, changes: dict[str, Any], by: User, mark: str | None = None) -> User:
    """Change name, e-mail, job title or kind of a person; the user name stays.

    Raises ``StaleError`` when ``mark`` was made of other values (``stale.seen``).
    """
    with audited(by, reason=_("person edited")):
        user = _lock(user)
        require_over(by, user)
        refuse_when_stale(user, changes, mark)
        for field in PERSON_FIELDS:
            if field in changes:
                setattr(user, field, changes[field])
        user.display_name = names.one_line(user.display_name)
        user.full_clean()
        user.save()
    return user


@retrying
def grant_role(
    user: User,
    role: str,
    *,
    site: Site | None = None,
    from_date: date | None = None,
    until_date: date | None = None,
    by: Actor,
) -> RoleGrant:
    """Give ``role`` to ``user``; never to oneself (AZ5)."""
    with audited(by, reason=_("role granted")):
        _require_at(by, site)
        _not_oneself(user, by, _("Nobody grants a role to themselves; ask another administrator."))
        _lock(user)
        zone = site.time_zone if site else main_zone()
        start = from_date or clock.today_in(zone)
        grant = RoleGrant(user=user, role=role, site=site, from_date=start, until_date=until_date)
        grant.full_clean()
        if _same(grant).exists():
            raise ValidationError(_("This person holds this role there already."))
        grant.save()
    user.forget_grants()
    return grant


def _same(grant: RoleGrant) -> Any:
    """Return the grants not ended that ``grant`` would only repeat."""
    held = RoleGrant.objects.not_ended().filter(
        user=grant.user, role=grant.role, site=grant.site, from_date__lte=grant.from_date
    )
    forever = held.filter(until_date=None)
    return forever | held.filter(until_date__gte=grant.until_date or date.max)


@retrying
def end_grant(grant: RoleGrant, *, by: User) -> RoleGrant:
    """End a grant now; it counts no more from the next request on."""
    with audited(by, reason=_("role ended")):
        _lock(grant.user)
        grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        _require_at(by, grant.site)
        if grant.ended_at is None:
            grant.ended_at = clock.now()
            grant.save()
            _keep_an_administrator()
    grant.user.forget_grants()
    return grant


@retrying
def disable_user(user: User, *, by: User) -> User:
    """Take the sign-in away; the person stays in every record (AU7)."""
    with audited(by, reason=_("person disabled")):
        _not_oneself(user, by, _("Nobody disables themselves; ask another administrator."))
        user = _lock(user)
        require_over(by, user)
        user.is_active = False
        user.save()
        _keep_an_administrator()
    return user


@retrying
def enable_user(user: User, *, by: User) -> User:
    """Let a disabled person sign in again, with the grants they still hold."""
    with audited(by, reason=_("person enabled")):
        user = _lock(user)
        require_over(by, user)
        user.is_active = True
        user.save()
    return user


@retrying
def set_password(user: User, password: str, *, by: Actor) -> User:
    """Set a password for someone else, as for their first sign-in; all their sessions end."""
    with audited(by, reason=_("password set by an administrator")) as tx:
        user = _lock(user)
        require_over(by, user)
        _set_password(user, password)
        tx.event("password_set", user)
    return user


@retrying
def change_own_password(user: User, password: str) -> None:
    """Set the own password; who asks has given the old one."""
    with audited(user, reason=_("own password changed")) as tx:
        _set_password(user, password)
        tx.event("password_changed", user)


def _set_password(user: User, password: str) -> None:
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


@retrying
def create_site(*, code: str, name: str, time_zone: str, by: Actor) -> Site:
    """Add a site. Its code is part of every record number made there."""
    with audited(by, reason=_("site added")):
        _require_at(by, None)
        site = Site(code=code.strip().upper(), name=names.one_line(name), time_zone=time_zone)
        site.full_clean()
        site.save()
    return site


@retrying
def edit_site(site: Site, *, changes: dict[str, Any], by: User, mark: str | None = None) -> Site:
    """Change name, time zone or use of a site; its code never changes."""
    with audited(by, reason=_("site edited")):
        _require_at(by, site)
        site = Site.objects.select_for_update().get(pk=site.pk)
        refuse_when_stale(site, changes, mark)
        for field in SITE_FIELDS:
            if field in changes:
                setattr(site, field, changes[field])
        site.full_clean()
        site.save()
    return site


def _require(by: Actor) -> None:
    """Let administrators of any site through, and commands, whose caller holds the server."""
    if isinstance(by, User) and not by.may(PEOPLE):
        raise PermissionDenied(_("Only an administrator manages people and sites."))


def _require_at(by: Actor, site: Site | None) -> None:
    """Let administrators of ``site`` through; what counts for all sites, those of all sites."""
    _require(by)
    if isinstance(by, User) and not by.may_at(PEOPLE, site):
        raise PermissionDenied(_("You are not an administrator of this site, or not of all sites."))


def require_over(by: Actor, user: User) -> None:
    """Let only those through who manage every site where ``user`` holds a role.

    Otherwise the administrator of one site could take over an account of all sites.
    """
    _require(by)
    for grant in user.grants_held():
        _require_at(by, grant.site)


def _not_oneself(user: User, by: Actor, sentence: Any) -> None:
    if isinstance(by, User) and by.pk == user.pk:
        raise ValidationError(sentence)


def _lock(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _keep_an_administrator() -> None:
    if not queries.administrators():
        raise ValidationError(_("This is the last administrator; make another one first."))
