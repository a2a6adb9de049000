"""A nonconformity is a record like any other."""

from typing import Any

from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.records.testing import RecordKindTests

from .factories import unsaved


class TestNonconformity(RecordKindTests):
    kind = Nonconformity

    def a_new(self, *, owner: User, site: Site, **fields: Any) -> Nonconformity:
        return unsaved(owner, site, **fields)

    def test_values_are_analysed_as_evidence_for_it_by_those_who_may(
        self, client: Client, page: Client, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        way = f"/analyses/new/?evidence_for={record.number}"

        assert way in page.get(self.address(record)).content.decode()
        client.force_login(a_person(Role.AUDITOR, site))
        assert way not in client.get(self.address(record)).content.decode()
