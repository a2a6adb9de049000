"""The seam at which an app above the kernel asks more of every record (custom fields, checklists).

Such an app names its class in ``record_extras`` of its config. Without one, nothing is added. The
kernel asks from above; of its own classes this file knows the names only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.module_loading import import_string

from andon.trail.models import AuditEntry, Change

if TYPE_CHECKING:
    from andon.accounts.models import User
    from andon.records.forms import RecordForm
    from andon.records.models import Record
    from andon.records.pages import RecordPages
    from andon.records.workflow import Refused, Transition
    from andon.ui.paper import Section


class Extras:
    """What may be added to every kind of record; this one adds nothing."""

    # -- a record is written --

    def opening(self, record: "Record", *, by: "User") -> Any:  # noqa: ARG002
        """Check what is answered to a new record; what comes back goes to :meth:`begin`."""
        return None

    def begin(self, record: "Record", opened: Any, *, by: "User") -> None:
        """Keep what :meth:`opening` checked, now that the record is stored."""

    def change(self, record: "Record", given: Mapping[str, Any], *, by: "User") -> None:
        """Keep changed answers of a locked record."""

    def differences(
        self,
        record: "Record",  # noqa: ARG002
        given: Mapping[str, Any],  # noqa: ARG002
    ) -> Sequence[tuple[str, str, str]]:
        """List (label, typed, stored) of the answers that the record has otherwise."""
        return ()

    def missing(self, record: "Record", step: "Transition") -> list["Refused"]:  # noqa: ARG002
        """List what holds ``step`` back beside the kind's own checks."""
        return []

    # -- a record is seen --

    def ask_new(self, form: "RecordForm", kind: type["Record"]) -> None:
        """Add fields to the form of a new record."""

    def ask_again(self, form: "RecordForm", record: "Record") -> None:
        """Add fields to the form of an old record."""

    def context(self, record: "Record") -> dict[str, Any]:  # noqa: ARG002
        """Return what the page of a record shows more; ``more`` names the template."""
        return {}

    def paper(self, record: "Record") -> Sequence["Section"]:  # noqa: ARG002
        """Return the tables that the print of a record has more."""
        return ()

    def values(self, record: "Record") -> dict[str, Any]:  # noqa: ARG002
        """Return the answers by key, as the API says them."""
        return {}

    def told(self, entries: Iterable[AuditEntry]) -> dict[int, list[Change]]:  # noqa: ARG002
        """Return, by entry, changes that are told in other words than those of columns."""
        return {}

    # -- many records are seen --

    def on_list(self, pages: "RecordPages[Any]", viewer: "User") -> "RecordPages[Any]":  # noqa: ARG002
        """Return ``pages`` with more columns and filters."""
        return pages

    def attach(self, records: Sequence["Record"], kind: str) -> None:
        """Read the answers of many records at once."""

    def attached(self, records: Iterator[Any], kind: str) -> Iterator[Any]:  # noqa: ARG002
        """Yield ``records`` with their answers, read some hundred at a time."""
        return records


@cache
def extras() -> Extras:
    """Return what the installed apps add to every record."""
    named = [getattr(config, "record_extras", "") for config in apps.get_app_configs()]
    path = next(filter(None, named), "")
    found: Extras = import_string(path)() if path else Extras()
    return found
