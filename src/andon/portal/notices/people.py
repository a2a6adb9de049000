"""Whom a notice reaches: where people are at home, who is away, who stands in, who may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from andon.accounts.models import RoleGrant, Site, User
from andon.accounts.queries import with_grants
from andon.organization import clock
from andon.records.models import Record

from .models import Absence


def home_grant(person: User) -> RoleGrant | None:
    """Return the grant that says where ``person`` is at home: the first one at a single site."""
    held = person.grants_in_force()
    return next((grant for grant in held if grant.site_id), held[0] if held else None)


def home_site(person: User) -> Site | None:
    grant = home_grant(person)
    return grant.site if grant else None


def zone_of(person: User) -> ZoneInfo:
    grant = home_grant(person)
    return ZoneInfo(grant.zone_name()) if grant else clock.zone()


class Away:
    """Who is away at an instant, and who stands in; read once for many questions."""

    def __init__(self, now: datetime) -> None:
        around = now.date()
        rows = Absence.objects.not_ended().filter(
            from_date__lte=around + timedelta(days=1), until_date__gte=around - timedelta(days=1)
        )
        self._absences: dict[int, Absence] = {}
        for absence in rows.select_related("user", "substitute", "site"):
            day = now.astimezone(clock.zone(absence.site)).date()
            if absence.from_date <= day <= absence.until_date:
                self._absences[absence.user_id] = absence

    def __contains__(self, person: User) -> bool:
        return person.pk in self._absences

    def substitute(self, person: User) -> User | None:
        """Return who stands in for ``person`` now; who is away too is stood in for in turn."""
        passed: set[int] = set()
        while person in self and person.pk not in passed:
            passed.add(person.pk)
            person = self._absences[person.pk].substitute
        return person if person not in self and passed and person.is_active else None

    def stood_in_for(self, person: User) -> list[User]:
        """Return those for whom ``person`` stands in now."""
        absent = [absence.user for absence in self._absences.values()]
        return [one for one in absent if (who := self.substitute(one)) and who.pk == person.pk]


class Sight:
    """Who may see which record; asked once for each pair."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def __call__(self, person: User, record_id: int) -> bool:
        pair = (person.pk, record_id)
        if pair not in self._known:
            seen = person.is_active and bool(person.grants_in_force())
            rows = Record.objects.visible_to(person).filter(pk=record_id)
            self._known[pair] = seen and rows.exists()
        return self._known[pair]


def known(ids: Iterable[int]) -> dict[int, User]:
    """Return the active people with these ids, their grants at hand."""
    wanted = set(ids)
    people = User.objects.active().filter(pk__in=wanted) if wanted else ()
    return {person.pk: person for person in with_grants(people)}
