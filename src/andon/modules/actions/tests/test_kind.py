"""A corrective action is a record like any other."""

from typing import Any

from andon.accounts.models import Site, User
from andon.modules.actions.models import CorrectiveAction
from andon.records.testing import RecordKindTests

from .factories import unsaved


class TestCorrectiveAction(RecordKindTests):
    kind = CorrectiveAction

    def a_new(self, *, owner: User, site: Site, **fields: Any) -> CorrectiveAction:
        return unsaved(owner, site, **fields)
