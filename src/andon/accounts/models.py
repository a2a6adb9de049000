"""Sites, people, and the roles people hold at sites for a time."""

import re
from datetime import date
from functools import cache
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock, names
from andon.accounts.roles import Role, roles_with
from andon.accounts.visibility import SiteQuerySet, has_grant
from andon.trail.models import AuditedModel, AuditedQuerySet

SITE_CODE = re.compile(r"\A[A-Z0-9]{1,8}\Z")


@cache
def _zones() -> set[str]:
    return available_timezones()  # walks the folders of the zone data


def validate_time_zone(name: str) -> None:
    if name not in _zones():
        raise ValidationError(
            _("“%(name)s” is no IANA time zone. Use a name like Europe/Berlin."),
            params={"name": name},
        )


class SiteVisibility(SiteQuerySet["Site"]):
    site_path = "pk"

    def active(self) -> Self:
        return self.filter(is_active=True)


class Site(AuditedModel):
    """A place of the organization; its code is part of record numbers and never changes."""

    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(SITE_CODE, _("Use 1 to 8 capital letters and digits."))],
        help_text=_("Part of every record number, so it never changes."),
    )
    name = models.CharField(_("name"), max_length=120, validators=[names.validate_one_line])
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("An IANA name such as Europe/Berlin. Due dates and shifts follow it."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SiteVisibility.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class UsernameKeyField(models.CharField):  # type: ignore[type-arg]
    """Follows ``username`` on every save, so no path can forget to fold it (AU2)."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001
        key = names.username_key(model_instance.username)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, key)
        return key


class UserQuerySet(AuditedQuerySet["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of that name however it is typed; Django's backends ask here."""
        return self.get(username_key=names.username_key(username or ""))

    async def aget_by_natural_key(self, username: str | None) -> "User":
        return await self.aget(username_key=names.username_key(username or ""))

    def visible_to(self, user: Any) -> Self:
        """Colleagues are known by name to everybody who works here."""
        return self.all() if has_grant(user) else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class User(AuditedModel, AbstractBaseUser):
    """A person. Disabled when they leave, never deleted, and never a superuser (AU7, AZ6)."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Employee")
        GUEST = "guest", _("Guest")

    trail_excluded = frozenset({"last_login", "password"})
    trail_personal = frozenset({"username", "username_key", "display_name", "email", "job_title"})

    username = models.CharField(_("user name"), max_length=64, unique=True)
    username_key = UsernameKeyField(max_length=64, unique=True, editable=False)
    display_name = models.CharField(
        _("name"),
        max_length=120,
        validators=[names.validate_one_line],
        help_text=_("As colleagues should read it, for example Ana Silva."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    job_title = models.CharField(
        _("job title"), max_length=120, blank=True, validators=[names.validate_one_line]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    is_active = models.BooleanField(_("may sign in"), default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[Any] = UserQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["display_name", "pk"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_superuser(self) -> bool:
        """Constantly False: Django would let a superuser through everything (AZ6)."""
        return False

    @cached_property
    def _grants(self) -> "list[RoleGrant]":
        return list(RoleGrant.objects.not_ended().filter(user=self).with_zone())

    def know_grants(self, grants: "list[RoleGrant]") -> None:
        """Take the grants of this person as they were read for many people at once."""
        self.__dict__["_grants"] = grants

    def forget_grants(self) -> None:
        """Ask the database again for the grants of this person."""
        self.__dict__.pop("_grants", None)

    def grants_held(self) -> "list[RoleGrant]":
        """Return the grants that nobody has ended, also those of other days."""
        return self._grants

    def grants_in_force(self) -> "list[RoleGrant]":
        return [grant for grant in self._grants if grant.in_force()] if self.is_active else []

    def roles_in_force(self) -> frozenset[Role]:
        return frozenset(Role(grant.role) for grant in self.grants_in_force())

    def roles_at(self, site: int | None) -> frozenset[Role]:
        """Return the roles in force at ``site``."""
        found = (grant for grant in self.grants_in_force() if grant.site_id in {None, site})
        return frozenset(Role(grant.role) for grant in found)

    def limit_to(self, permissions: frozenset[str]) -> None:
        """Let this person use no other permission in this request, whatever their roles say."""
        self.__dict__["_only"] = permissions

    def _within(self, permission: str) -> bool:
        only = self.__dict__.get("_only")
        return only is None or permission in only

    def may(self, permission: str, site: "Site | int | None" = None) -> bool:
        """Return whether a grant in force carries ``permission`` at ``site`` (None: anywhere)."""
        roles = roles_with(permission)
        if not self._within(permission):
            return False
        at = site.pk if isinstance(site, Site) else site
        return any(
            grant.role in roles and (at is None or grant.site_id in {None, at})
            for grant in self.grants_in_force()
        )

    def may_at(self, permission: str, site: "Site | int | None") -> bool:
        """Return whether ``permission`` holds at ``site``; None stands for all sites at once."""
        if site is not None:
            return self.may(permission, site)
        roles = roles_with(permission)
        if not self._within(permission):
            return False
        return any(g.role in roles and g.site_id is None for g in self.grants_in_force())

    def site_scope(self) -> frozenset[int] | None:
        """Return the sites this person sees; None means all of them."""
        sites: set[int] = set()
        for grant in self.grants_in_force():
            if grant.site_id is None:
                return None
            sites.add(grant.site_id)
        return frozenset(sites)

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Answer Django's question by roles, at the site of ``obj`` when it has one."""
        return self.may(permission, getattr(obj, "site_id", None))


def display_name(user: User) -> str:
    """Name a person for allauth's messages."""
    return user.display_name


class RoleGrantQuerySet(AuditedQuerySet["RoleGrant"]):
    def not_ended(self) -> Self:
        return self.filter(ended_at=None)

    def with_zone(self) -> Self:
        """Add the zone of the first site, whose day counts for grants to all sites."""
        first = Site.objects.order_by("pk").values("time_zone")[:1]
        return self.select_related("site").annotate(main_zone=models.Subquery(first))


class RoleGrant(AuditedModel):
    """One role for one person, at one site or all, from a day until another (both included)."""

    trail_weighty = "role change"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("site"),
        help_text=_("Empty: all sites."),
    )
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_begins",
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(name="grant_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.site or _('all sites')}"

    def in_force(self, day: date | None = None) -> bool:
        """Return whether the grant counts on ``day``, by default today at its site."""
        day = day or clock.today_in(self.zone_name())
        ended = self.ended_at is not None
        return (
            not ended and self.from_date <= day and (not self.until_date or day <= self.until_date)
        )

    def zone_name(self) -> str:
        if self.site:
            return self.site.time_zone
        return getattr(self, "main_zone", None) or main_zone()


def main_zone() -> str:
    """Return the time zone of the first site; before there is one, that of the server."""
    first = Site.objects.order_by("pk").values_list("time_zone", flat=True).first()
    return first or settings.TIME_ZONE
