"""What custom fields and checklists add to every record, at the kernel's seam."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from andon.accounts.models import User
from andon.extras.seam import Extras
from andon.records.forms import RecordForm
from andon.records.models import Record
from andon.records.pages import RecordPages
from andon.records.workflow import Refused, Transition
from andon.trail.models import AuditEntry, Change
from andon.ui.paper import Section

from . import keeping, reading, showing, telling


class Sheets(Extras):
    """Hands each question of the kernel to the file that answers it."""

    def opening(self, record: Record, *, by: User) -> keeping.Opening:
        return keeping.opening(record, by=by)

    def begin(self, record: Record, opened: keeping.Opening, *, by: User) -> None:
        keeping.begin(record, opened, by=by)

    def change(self, record: Record, given: Mapping[str, Any], *, by: User) -> None:
        keeping.change(record, given, by=by)

    def differences(
        self, record: Record, given: Mapping[str, Any]
    ) -> Sequence[tuple[str, str, str]]:
        return keeping.differences(record, given)

    def missing(self, record: Record, step: Transition) -> list[Refused]:
        return keeping.missing(record, step)

    def ask_new(self, form: RecordForm, kind: type[Record]) -> None:
        showing.ask_new(form, kind)

    def ask_again(self, form: RecordForm, record: Record) -> None:
        showing.ask_again(form, record)

    def context(self, record: Record) -> dict[str, Any]:
        return showing.context(record)

    def paper(self, record: Record) -> Sequence[Section]:
        return showing.paper(record)

    def values(self, record: Record) -> dict[str, Any]:
        return reading.values(record)

    def told(self, entries: Iterable[AuditEntry]) -> dict[int, list[Change]]:
        return telling.changes_in_words(entries)

    def on_list(self, pages: RecordPages[Any], viewer: User) -> RecordPages[Any]:
        return showing.on_list(pages, viewer)

    def attach(self, records: Sequence[Record], kind: str) -> None:
        reading.attach(records, kind)

    def attached(self, records: Iterator[Any], kind: str) -> Iterator[Any]:
        return showing.with_answers(records, kind)
