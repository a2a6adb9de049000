"""What people ask about people."""

from collections.abc import Iterable
from typing import Any

from andon.accounts.models import RoleGrant, User
from andon.accounts.roles import Role, declared


def permissions_of(role: Role) -> frozenset[str]:
    """Return every permission that ``role`` carries."""
    return frozenset(name for name, roles in declared().items() if role in roles)


def administrators() -> list[User]:
    """Return the active people who hold the administrator role now."""
    return holders(Role.ADMIN)


def with_grants(people: Iterable[User]) -> list[User]:
    """Return ``people`` with their grants at hand, all read by one query."""
    listed = list(people)
    held: dict[int, list[RoleGrant]] = {person.pk: [] for person in listed}
    for grant in RoleGrant.objects.not_ended().filter(user__in=held).with_zone().order_by("pk"):
        held[grant.user_id].append(grant)
    for person in listed:
        person.know_grants(held[person.pk])
    return listed


def holders(role: Role, *, site: Any = None) -> list[User]:
    """Return the active people who hold ``role`` now, at ``site`` when one is given."""
    grants = RoleGrant.objects.not_ended().filter(role=role, user__is_active=True).with_zone()
    people = {
        grant.user_id: grant.user
        for grant in grants.select_related("user", "site")
        if grant.in_force() and (site is None or grant.site_id in {None, site.pk})
    }
    return sorted(people.values(), key=lambda person: person.display_name)
