"""A signal is a record like any other."""

from typing import Any

from andon.accounts.models import Site, User
from andon.modules.kpis.models import Signal
from andon.records.testing import RecordKindTests

from .factories import unsaved_signal


class TestSignal(RecordKindTests):
    kind = Signal

    def a_new(self, *, owner: User, site: Site, **fields: Any) -> Signal:
        return unsaved_signal(owner, site, **fields)
