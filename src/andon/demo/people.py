"""Two sites and eight people who may sign in to the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from andon.accounts import services
from andon.accounts.roles import Role
from andon.entry import pins
from andon.entry.models import Pin
from andon.organization import clock
from andon.trail.services import SYSTEM

if TYPE_CHECKING:
    from andon.demo.factory import Factory

# Known to everybody who reads this: only the demo uses it, and the demo serves one machine.
PASSWORD = "pull-the-cord-2026"  # noqa: S105
MAKER = SYSTEM("demo")


# What two of them type at a shared tablet, once the administrator has registered one.
TABLET_PINS = {"olga": "4739", "pedro": "5182"}


@dataclass(frozen=True)
class SignIn:
    """Somebody to sign in as: user name, and what they are in a few words."""

    username: str
    name: str
    job: str
    granted: Role
    site: str = ""

    @property
    def role(self) -> str:
        where = f", {self.site}" if self.site else ""
        return f"{self.name}, {self.job}{where} ({self.granted.label})"


SIGN_INS = (
    SignIn("olga", "Olga Nowak", "Operator of press line 2", Role.CONTRIBUTOR, "ABC1"),
    SignIn("pedro", "Pedro Alves", "Head of production", Role.OWNER, "ABC1"),
    SignIn("tina", "Tina Berg", "Head of coating", Role.OWNER, "ABC2"),
    SignIn("ines", "Inés Romero", "Quality engineer", Role.QUALITY),
    SignIn("ana", "Ana Silva", "Quality manager", Role.MANAGER),
    SignIn("martin", "Martin Vogel", "Managing director", Role.MANAGEMENT),
    SignIn("aiko", "Aiko Tanaka", "Internal auditor", Role.AUDITOR),
    SignIn("adam", "Adam Kowalski", "IT administrator", Role.ADMIN),
)
SITES = (("ABC1", "Main plant"), ("ABC2", "Coating plant"))


def people(factory: Factory) -> None:
    """Add the sites and the people with their roles."""
    for code, name in SITES:
        factory.sites[code] = services.create_site(
            code=code, name=name, time_zone="Europe/Berlin", by=MAKER
        )
    # A day in the future would keep them from signing in.
    since = min(factory.start, clock.today())
    for one in SIGN_INS:
        person = services.create_user(
            username=one.username,
            display_name=one.name,
            job_title=one.job,
            password=PASSWORD,
            by=MAKER,
        )
        site = factory.sites[one.site] if one.site else None
        services.grant_role(person, one.granted, site=site, from_date=since, by=MAKER)
        factory.people[one.username] = person
    for username, pin in TABLET_PINS.items():
        pins.set_pin(factory.people[username], pin, purpose=Pin.Purpose.TABLET, by=MAKER)
