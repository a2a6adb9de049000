"""One way to write: what `audited` promises (AT1, AT2)."""
# mypy: disable-error-code="misc, attr-defined, return-value"

import sqlite3
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy

from andon.trail import queries
from andon.trail.edge import current_edge, edge
from andon.trail.models import AuditEntry, TrailHead
from andon.trail.sealing import GENESIS, Transaction, current, entry_hash
from andon.trail.services import SYSTEM, NotAudited, audited, rebaseline, retrying
from andon.trail.testing import behind_the_back
from andon.trail.tests.machines import Machine, Part, Plant

BY = SYSTEM("test")


class Stop(Exception):
    pass


def codes() -> list[str]:
    return [entry.content()["after"]["code"] for entry in AuditEntry.objects.order_by("seq")]


@pytest.mark.usefixtures("machines")
class TestAudited:
    def test_AT1_the_entries_are_chained_and_the_head_follows(self) -> None:
        with audited(BY):
            Plant.objects.create(code="a")
            Plant.objects.create(code="b")
        with audited(BY):
            Plant.objects.create(code="c")

        last = GENESIS
        for due, entry in enumerate(AuditEntry.objects.order_by("seq"), start=1):
            assert (entry.seq, entry.prev_hash) == (due, last)
            last = entry_hash("records", last, entry.payload)
            assert entry.entry_hash == last
        head = TrailHead.objects.get(stream="records")
        assert (head.seq, head.entry_hash) == (3, last)

    def test_AT1_a_failure_leaves_neither_row_nor_entry(self) -> None:
        with pytest.raises(Stop), audited(BY):
            Plant.objects.create(code="a")
            raise Stop

        assert not Plant.objects.exists()
        assert not AuditEntry.objects.exists()
        assert current.get() is None

    def test_AT1_the_rollback_of_an_inner_block_drops_its_entries(self) -> None:
        with audited(BY):
            Plant.objects.create(code="a")
            with pytest.raises(Stop), audited(BY):
                Plant.objects.create(code="b")
                raise Stop
            Plant.objects.create(code="c")

        assert codes() == ["a", "c"]

    def test_AT1_the_rollback_of_any_savepoint_drops_its_entries(self) -> None:
        with audited(BY):
            with pytest.raises(Stop), transaction.atomic():
                with audited(BY):
                    Plant.objects.create(code="a")
                raise Stop
            with pytest.raises(Stop), transaction.atomic():
                Plant.objects.create(code="b")
                with audited(BY):
                    Plant.objects.create(code="d")
                raise Stop
            Plant.objects.create(code="c")

        assert codes() == ["c"]

    def test_AT1_nobody_else_writes_inside(self) -> None:
        with (
            audited(BY),
            pytest.raises(NotAudited, match="Another actor"),
            audited(SYSTEM("another")),
        ):
            Plant.objects.create(code="a")

        assert not AuditEntry.objects.exists()

    def test_somebody_without_an_id_cannot_act(self) -> None:
        with pytest.raises(NotAudited, match="without an id"), audited(Plant()):
            pass

    def test_AT1_if_sealing_fails_the_change_fails(self) -> None:
        with pytest.raises(NotAudited, match="head row"), transaction.atomic():
            with behind_the_back() as cursor:
                off = "SET LOCAL session_replication_role = replica"
                if connection.vendor == "sqlite":
                    off = "DROP TRIGGER audit_head_delete_guard"
                cursor.execute(off)
                cursor.execute("DELETE FROM audit_head")
            transaction.get_connection().atomic_blocks[-1]._from_testcase = True
            with audited(BY):
                Plant.objects.create(code="a")

        assert not Plant.objects.exists()

    def test_AT1_nothing_is_written_after_sealing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sealed: list[bool] = []

        def seal(self: Transaction) -> None:
            original(self)
            sealed.append(True)

        original = Transaction.seal
        monkeypatch.setattr(Transaction, "seal", seal)

        with audited(BY):
            Plant.objects.create(code="a")
            assert not sealed

        assert sealed
        with pytest.raises(NotAudited):
            Plant.objects.create(code="b")

    def test_the_reason_of_an_inner_block_is_its_own(self) -> None:
        with audited(BY, reason="outer", via="page"):
            with audited(BY, reason=gettext_lazy("inner"), via="import"):
                Plant.objects.create(code="a")
            with audited(BY):
                Plant.objects.create(code="b")

        kept = AuditEntry.objects.order_by("seq").values_list("reason", "via")
        assert list(kept) == [("inner", "import"), ("outer", "page")]

    def test_a_block_that_changes_nothing_does_not_touch_the_head(self) -> None:
        with audited(BY):
            pass

        assert TrailHead.objects.get(stream="records").seq == 0

    def test_AT8_rows_are_sealed_anew_after_their_form_changed(self) -> None:
        with audited(BY):
            Plant.objects.create(code="a")
            machine = Machine.objects.create(number="M-1", keeper="Ana")
            Part.objects.create(machine=machine)
        with audited(BY, reason="form 2"):
            assert rebaseline(Machine) == 1

        entry = AuditEntry.objects.latest("seq")
        assert (entry.action, entry.number) == ("rebaselined", "M-1")
        assert ("keeper", None, "Ana") in entry.changes(personal=True)


@pytest.mark.usefixtures("machines")
class TestQueries:
    def test_a_timeline_is_what_happened_to_a_record_and_its_parts(self) -> None:
        with audited(BY):
            machine = Machine.objects.create(number="M-1")
            Machine.objects.create(number="M-2")
            Part.objects.create(machine=machine)

        assert [e.model for e in queries.timeline("M-1")] == ["trail.machine", "trail.part"]

    def test_what_changed_since_comes_newest_first(self) -> None:
        for code in "abc":
            with audited(BY):
                Plant.objects.create(code=code)
        first, second, third = AuditEntry.objects.order_by("seq")

        assert list(queries.changed_since(first.at)) == [third, second]
        assert list(queries.changed_since(first.at, until=second.at)) == [second]


def test_AT1_the_outermost_block_is_durable(committed_db: str) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), audited(BY):
        pass


def test_AT6_the_edge_names_the_way_in() -> None:
    with edge(via="command", address="::1") as entered:
        assert current_edge() is entered
        assert (entered.via, entered.address, len(entered.request_id)) == ("command", "::1", 32)

    assert current_edge().via == "code"


def busy() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    error = OperationalError("database is locked")
    error.__cause__ = cause
    return error


def from_postgresql(state: str) -> OperationalError:
    class Cause(Exception):
        sqlstate = state

    error = OperationalError(state)
    error.__cause__ = Cause()
    return error


def tried(error: Exception, failures: int) -> tuple[int, Any]:
    calls = []

    @retrying
    def work() -> str:
        calls.append(1)
        if len(calls) <= failures:
            raise error
        return "done"

    try:
        return len(calls), (work(), len(calls))
    except OperationalError as raised:
        return len(calls), raised


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("error", [busy(), from_postgresql("40001"), from_postgresql("40P01")])
def test_AT2_work_that_could_not_be_serialised_is_done_again(error: OperationalError) -> None:
    assert tried(error, failures=2)[1] == ("done", 3)


@pytest.mark.usefixtures("committed_db")
def test_AT2_it_is_tried_three_times_at_most() -> None:
    error = busy()

    assert tried(error, failures=3) == (3, error)


@pytest.mark.usefixtures("committed_db")
def test_AT2_another_fault_is_not_tried_again() -> None:
    error = from_postgresql("08006")

    assert tried(error, failures=1) == (1, error)


@pytest.mark.usefixtures("committed_db")
def test_AT2_nothing_is_tried_again_inside_a_transaction() -> None:
    error = busy()

    with transaction.atomic():
        assert tried(error, failures=1) == (1, error)
