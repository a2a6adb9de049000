"""A nonconformity is a record like any other."""

from typing import Any

from andon.accounts.models import Site, User
from andon.modules.nonconformities.models import Nonconformity
from andon.records.testing import RecordKindTests

from .factories import unsaved


class TestNonconformity(RecordKindTests):
    kind = Nonconformity

    def a_new(self, *, owner: User, site: Site, **fields: Any) -> Nonconformity:
        return unsaved(owner, site, **fields)
