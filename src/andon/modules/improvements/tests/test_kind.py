"""An improvement project is a record like any other."""

from typing import Any

from andon.accounts.models import Site, User
from andon.modules.improvements.models import ImprovementProject
from andon.records.testing import RecordKindTests

from .factories import unsaved


class TestImprovementProject(RecordKindTests):
    kind = ImprovementProject

    def a_new(self, *, owner: User, site: Site, **fields: Any) -> ImprovementProject:
        return unsaved(owner, site, **fields)
