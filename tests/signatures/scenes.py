"""People, records and hands for the tests of signatures: everything goes through the pages."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import ready_to_decide
from andon.records import files
from andon.records import services as records
from andon.records.models import Record
from andon.signing import dial
from andon.signing.models import Level, Signature
from andon.signing.validity import Checked, checked

RIGHT = {"sign_password": PASSWORD}
STEP = "settle"
PLANT = "ABC1"


@dataclass
class Scene:
    """A site, a nonconformity fit to be decided with a file, a link and rows, and its people."""

    site: Site
    owner: User
    manager: User
    second: User
    record: Nonconformity

    @property
    def fresh(self) -> Nonconformity:
        return Nonconformity.objects.get(pk=self.record.pk)

    def turn(self, level: Level, step: str = STEP) -> None:
        name = f"nonconformities.{step}"
        seen = next(
            o.version for _k, all_ in dial.settings_by_kind() for o in all_ if o.name == name
        )
        dial.turn({name: level}, {name: seen}, by=self.manager)

    def hand(self, person: User | None = None, step: str = STEP) -> "Hand":
        return Hand(self.record, person or self.manager, step)

    def signed(self, step: str = STEP) -> Signature:
        """Sign the step once and return the signature."""
        assert self.hand(step=step).sign().status_code == 303
        return Signature.objects.latest("pk")

    def found(self) -> list[Checked]:
        return checked(self.fresh)


class Hand:
    """One person at the page of one step, in a browser of their own."""

    def __init__(self, record: Record, person: User, step: str = STEP) -> None:
        self.client = Client()
        self.client.force_login(person)
        self.address = f"{record.get_absolute_url()}do/{step}/"
        self.shown: dict[str, Any] = {}

    def look(self) -> dict[str, Any]:
        """Look at the page and return what its form would send, with the right password."""
        context = self.client.get(self.address).context
        part = context["signing"]
        token = {"sign_token": part.token} if part else {}
        self.shown = {"version": context["record"].version, **token}
        return {**self.shown, **RIGHT}

    def send(self, **changed: Any) -> Any:
        return self.client.post(self.address, {**self.shown, **RIGHT, **changed})

    def sign(self, **typed: Any) -> Any:
        self.look()
        return self.send(**typed)


def a_scene() -> Scene:
    site = SiteFactory.create(code=PLANT, time_zone="Europe/Berlin")
    owner = a_person(Role.QUALITY, site, username="olga", display_name="Olga Kern")
    manager = a_person(
        Role.MANAGER, site, username="ana", display_name="Ana Silva", job_title="Head of quality"
    )
    second = a_person(Role.MANAGER, site, username="bert", display_name="Bert Haas")
    record = ready_to_decide(owner, site)
    other = ready_to_decide(owner, site, title="Another one")
    records.link(record, "related", other, by=owner)
    files.attach(record, upload("report.txt", b"diameter 12.3"), by=owner)
    return Scene(site, owner, manager, second, record)


def upload(name: str, data: bytes) -> Any:
    return SimpleUploadedFile(name, data)
