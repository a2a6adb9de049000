"""What people ask about people."""

from typing import Any

from andon.accounts.models import RoleGrant, User
from andon.accounts.roles import Role, declared


def permissions_of(role: Role) -> frozenset[str]:
    """Return every permission that ``role`` carries."""
    return frozenset(name for name, roles in declared().items() if role in roles)


def administrators() -> list[User]:
    """Return the active people who hold the administrator role now."""
    return holders(Role.ADMIN)


def holders(role: Role, *, site: Any = None) -> list[User]:
    """Return the active people who hold ``role`` now, at ``site`` when one is given."""
    grants = RoleGrant.objects.not_ended().filter(role=role, user__is_active=True).with_zone()
    people = {
        grant.user_id: grant.user
        for grant in grants.select_related("user", "site")
        if grant.in_force() and (site is None or grant.site_id in {None, site.pk})
    }
    return sorted(people.values(), key=lambda person: person.display_name)
