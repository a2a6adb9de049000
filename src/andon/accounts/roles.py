"""Roles, and the permissions each app gives to them."""

from functools import cache

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is trusted with; granted per site and period, never by Django groups."""

    CONTRIBUTOR = "contributor", _("Contributor")
    OWNER = "owner", _("Process owner")
    QUALITY = "quality", _("Quality engineer")
    MANAGER = "manager", _("Quality manager")
    MANAGEMENT = "management", _("Top management")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


DUTIES = {
    Role.CONTRIBUTOR: _("Reports problems and does the work given to them."),
    Role.OWNER: _("Answers for a process: its records, numbers and actions."),
    Role.QUALITY: _("Decides on nonconformities and leads corrective actions."),
    Role.MANAGER: _("Runs the quality management system and approves its decisions."),
    Role.MANAGEMENT: _("Sees everything and takes the decisions of top management."),
    Role.AUDITOR: _("Reads everything and changes nothing."),
    Role.ADMIN: _("Manages people and master data; decides nothing about quality."),
}


class UnknownPermissionError(LookupError):
    """The code asked for a permission that no app declares: a bug, so it is loud."""


@cache
def declared() -> dict[str, frozenset[Role]]:
    """Return every permission with the roles that carry it, as the app configs declare them."""
    found: dict[str, frozenset[Role]] = {}
    for config in apps.get_app_configs():
        for permission, roles in getattr(config, "permissions", {}).items():
            found[permission] = frozenset(Role(role) for role in roles)
    return found


def roles_with(permission: str) -> frozenset[Role]:
    """Return the roles that carry ``permission``; raise if no app declares it."""
    try:
        return declared()[permission]
    except KeyError:
        message = f"no app declares the permission {permission!r}"
        raise UnknownPermissionError(message) from None
