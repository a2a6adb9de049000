"""From a file to records: mapped, checked, repaired, published, taken back."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.actions.models import CorrectiveAction
from andon.modules.nonconformities.models import DefectCode, Nonconformity
from andon.modules.production.models import Cause
from andon.organization.models import Item, Line, Party, Process
from andon.organization.testing import ItemFactory
from andon.portal.desk import jobs, publishing, reading, repair
from andon.portal.desk.models import Choice, Source, Step
from andon.portal.desk.tests.conftest import LOG, TODAY, work
from andon.records import services as records
from andon.records.models import Link, Record
from andon.records.workflow import Refused
from andon.tables import Question, Trouble
from andon.trail.models import AuditEntry
from andon.trail.verify import verify


def wrong(intake):
    return {
        (row.number, column): sentence
        for row in intake.rows.in_the_way()
        for column, sentence in row.errors.items()
    }


# -- the mapping ------------------------------------------------------------------------


def test_columns_are_proposed_by_their_headings(taken):
    intake = taken()

    fields = {name: rule["columns"] for name, rule in intake.mapping["fields"].items()}
    assert fields == {
        "old_number": ["NCR No"],
        "title": ["Problem"],
        "description": ["Problem"],
        "opened_date": ["Opened"],
        "closed_date": ["Closed"],
        "severity": ["Severity"],
        "owner": ["Responsible"],
        "item": ["Part"],
    }


def test_the_next_file_of_a_source_needs_no_mapping(published, taken, ana):
    first = taken(source="Log of plant 1")
    changed = {**first.mapping, "rest": True}
    work(jobs.use_mapping(first, changed, by=ana), ana)
    words = {"item": {"23-4410": "+new"}}
    work(jobs.confirm(work(jobs.teach(first, words, by=ana), ana), by=ana), ana)

    again = taken(LOG.replace("17;", "27;").replace("18;", "28;"))

    assert again.source == "Log of plant 1"
    assert again.mapping["rest"] is True
    assert again.mapping["values"] == words


def test_a_needed_field_without_a_column_is_asked_for(taken, ana):
    intake = taken("No;Opened\n1;2025-01-01\n2;2025-01-02\n")

    with pytest.raises(Trouble, match="Say where “Title” comes from"):
        jobs.use_mapping(intake, intake.mapping, by=ana)


def test_days_that_can_be_read_both_ways_are_asked_for(taken, ana):
    intake = taken("No;Opened;Problem\n1;3/4/2025;Burr\n2;5/6/2025;Dent\n")

    with pytest.raises(Question, match="day or month"):
        jobs.use_mapping(intake, intake.mapping, by=ana)


def test_one_column_may_hold_days_in_three_formats(published):
    published(
        "No;Opened;Problem\n1;2025-03-05;a1\n2;07.04.2025;b2\n3;05/28/2025;c3\n4;5 June 2025;d4\n"
    )

    days = Nonconformity.objects.order_by("old_number").values_list("opened_date", flat=True)
    assert [day.isoformat() for day in days] == [
        "2025-03-05", "2025-04-07", "2025-05-28", "2025-06-05",
    ]  # fmt: skip


# -- what is in the way -------------------------------------------------------------------


def test_errors_name_row_and_column(checked):
    ItemFactory.create(number="23-4410")

    intake = checked(
        LOG.replace("2025-03-05", "some day").replace("Major", "Majr").replace("18;", "17;")
    )

    assert wrong(intake) == {
        (2, "Opened"): "“some day” is no day; write it like 2026-03-31.",
        (3, "Severity"): "“Majr” is not known as “Severity”.",
    }
    assert intake.unknown == {"severity": {"Majr": 1}}
    assert intake.rows.get(number=3).same_as == "Row 2 says the same number."


def test_a_cell_is_repaired_in_place_and_checked_again(checked, ana):
    ItemFactory.create(number="23-4410")
    intake = checked(LOG.replace("2025-03-05", "some day"))
    row = intake.rows.in_the_way().get()

    repair.edit(intake, {row.position: {"Opened": "2025-03-05"}}, by=ana)

    assert not wrong(intake)
    row.refresh_from_db()
    assert row.edited
    assert row.cells[1] == "2025-03-05"


def test_one_word_is_replaced_in_a_whole_column(checked, ana):
    ItemFactory.create(number="23-4410")
    intake = checked(LOG.replace("Major", "Majr").replace("Minor", "majr"))

    assert repair.replace(intake, "Severity", "Majr", "Major", by=ana) == 2

    assert not wrong(intake)
    with pytest.raises(Refused, match="No cell of “Severity”"):
        repair.replace(intake, "Severity", "Majr", "Major", by=ana)


def test_words_are_taught_and_rows_of_a_word_left_out(checked, ana):
    ItemFactory.create(number="23-4410")
    intake = checked(LOG.replace("Minor", "C").replace("Major", "Scratch"))

    work(jobs.teach(intake, {"severity": {"c": "", "scratch": "-row"}}, by=ana), ana)

    assert not wrong(intake)
    assert intake.rows.get(number=3).out == "“Scratch” in “Severity” is passed over."
    assert intake.rows.going_in().count() == 1


def test_a_row_is_left_out_with_a_reason_and_taken_in_again(checked, ana):
    ItemFactory.create(number="23-4410")
    intake = checked(LOG.replace("2025-03-05", "some day"))
    with pytest.raises(Refused, match="Say why"):
        repair.leave_out(intake, [1], by=ana, reason=" ")

    repair.leave_out(intake, [1], by=ana, reason="a test entry")
    assert not wrong(intake)
    repair.take_back_in(intake, [1], by=ana)

    assert list(wrong(intake)) == [(2, "Opened")]


def test_publishing_is_refused_while_a_row_is_in_the_way(checked, ana):
    intake = checked(LOG.replace("2025-03-05", "some day"))

    with pytest.raises(Refused, match="still in the way"):
        jobs.confirm(intake, by=ana)

    assert not Record.objects.exists()


def test_a_closed_record_needs_its_day_of_closing(checked):
    ItemFactory.create(number="23-4410")

    intake = checked(
        "No;Opened;Closed;Problem;Status\n1;2025-01-01;;Burr;closed\n2;2025-02-01;2025-01-01;Dent;closed\n"
    )

    assert "needs the day" in wrong(intake)[2, "Closed"]
    assert "before it was opened" in wrong(intake)[3, "Closed"]


def test_a_day_in_the_future_is_an_error(checked):
    intake = checked("No;Opened;Problem\n1;2027-01-01;Burr\n2;2025-01-01;Dent\n")

    assert wrong(intake) == {(2, "Opened"): "“2027-01-01” lies in the future."}


# -- repeats ------------------------------------------------------------------------------


def test_a_number_taken_over_before_is_shown_and_skipped_or_taken_as_new(published, checked, ana):
    published()
    number = Nonconformity.objects.get(old_number="17").number

    intake = checked(LOG.replace("18;", "19;"))

    row = intake.rows.get(undecided=True)
    assert row.same_as == f"{number} was taken over with this number."
    repair.decide(intake, Choice.SKIP, by=ana)
    work(jobs.confirm(intake, by=ana), ana)
    assert sorted(Nonconformity.objects.values_list("old_number", flat=True)) == ["17", "18", "19"]


def test_exact_repeats_without_a_number_are_shown(checked, ana):
    intake = checked("Opened;Problem\n2025-01-01;Burr\n2025-01-01;Burr\n2025-01-02;Burr\n")

    assert [row.number for row in intake.rows.filter(undecided=True)] == [3]
    repair.decide(intake, Choice.NEW, by=ana)

    work(jobs.confirm(intake, by=ana), ana)
    assert Nonconformity.objects.count() == 3


def test_a_list_holds_each_code_once(checked, ana):
    ItemFactory.create(number="23-4410", revision="")
    intake = checked("Part No;Name\n23-4410;Rail\n23-4411;Bolt\n", target="items")

    with pytest.raises(Refused, match="only be skipped"):
        repair.decide(intake, Choice.NEW, by=ana)
    repair.decide(intake, Choice.SKIP, by=ana)
    work(jobs.confirm(intake, by=ana), ana)

    assert sorted(Item.objects.values_list("number", flat=True)) == ["23-4410", "23-4411"]


# -- what comes out ------------------------------------------------------------------------


def test_closed_history_comes_in_closed_with_its_true_days_and_old_numbers(published, ana):
    published()

    first, second = Nonconformity.objects.order_by("old_number")
    assert (first.number, first.state) == ("NC-ABC1-2025-0001", "closed")
    assert (first.opened_date, first.closed_date) == (date(2025, 3, 5), date(2025, 3, 20))
    assert (second.number, second.state, second.closed_date) == (
        "NC-ABC1-2025-0002", "reported", None,
    )  # fmt: skip
    assert (first.severity, first.item.number, first.owner) == ("minor", "23-4410", ana)
    assert second.owner == ana
    entry = AuditEntry.objects.get(number=first.number, action="created")
    assert entry.reason == "taken over from log"
    assert list(Record.objects.found("18", viewer=ana)) == [second.record_ptr]
    assert verify().findings == []


def test_rows_are_linked_to_rows_of_the_file_and_to_earlier_imports(published, ana):
    published("No;Opened;Problem;Related\n1;2025-01-01;Burr;\n2;2025-01-02;Burr again;1\n")
    published(
        "CAPA No;Opened;Title;Related\nC1;2025-02-01;Burrs;1, 2\n",
        target="actions",
    )

    by_old = {record.old_number: record for record in Record.objects.all()}
    drawn = {(link.record.old_number, link.target.old_number) for link in Link.objects.all()}
    assert drawn == {("2", "1"), ("C1", "1"), ("C1", "2")}
    assert CorrectiveAction.objects.get().number == by_old["C1"].number


def test_a_link_to_nothing_is_an_error_of_its_column(checked):
    intake = checked("No;Opened;Problem;Related\n1;2025-01-01;Burr;99\n2;2025-01-01;Dent;2\n")

    assert wrong(intake) == {
        (2, "Related"): "No record has the number 99.",
        (3, "Related"): "A record cannot be linked to itself.",
    }


def test_long_texts_go_on_in_comments_and_nothing_is_lost(published):
    words = " ".join(f"word{n}" for n in range(2000))

    published(f"No,Opened,Problem\n1,2025-01-01,{words}\n2,2025-01-01,Dent\n")

    record = Nonconformity.objects.get(old_number="1")
    assert record.title.endswith("…")
    told = " ".join(comment.text for comment in record.comments.order_by("pk"))
    whole = f"{record.description} {told}".split()
    assert [word for word in whole if word.startswith("word")] == words.split()


def test_columns_without_a_field_are_kept_as_a_comment_when_asked(taken, ana):
    intake = taken("No;Opened;Problem;Weather\n1;2025-01-01;Burr;rain\n2;2025-01-02;Dent;sun\n")
    work(jobs.use_mapping(intake, {**intake.mapping, "rest": True}, by=ana), ana)

    work(jobs.confirm(intake, by=ana), ana)

    first = Nonconformity.objects.get(old_number="1")
    assert [comment.text for comment in first.comments.all()] == ["Weather: rain"]


@pytest.mark.parametrize(
    ("target", "content", "model"),
    [
        ("items", "Part No;Name;Unit Cost\nA1;Rail;1.50\nA2;Bolt;0.10\n", Item),
        ("lines", "Code;Name\nPRS-1;Press 1\nPRS-2;Press 2\n", Line),
        ("parties", "Code;Name;Is Supplier\nACME;Acme;yes\nBOLTS;Bolts Ltd;x\n", Party),
        ("processes", "Code;Name;Owner\nPUR;Purchasing;Ana Silva\nSAL;Sales;ana\n", Process),
        ("defects", "Code;Name\nBURR;Burr\nDENT;Dent\n", DefectCode),
        ("causes", "Kind;Code;Name\nScrap;B;Burr\nStop;T;Tool change\n", Cause),
    ],
)
def test_every_list_comes_in(published, target, content, model):
    published(content, target=target)

    assert model.objects.count() == 2
    assert verify().findings == []


# -- all or nothing, and back ----------------------------------------------------------------


def test_nothing_is_there_when_one_row_fails_while_publishing(checked, ana, monkeypatch):
    ItemFactory.create(number="23-4410")
    intake = checked()
    monkeypatch.setattr(publishing, "_link", lambda *_all: 1 / 0)
    jobs.confirm(intake, by=ana)

    with pytest.raises(ZeroDivisionError):
        jobs.advance(intake, by=ana)

    intake.refresh_from_db()
    assert (intake.step, Record.objects.count()) == (Step.PUBLISH, 0)
    assert verify().findings == []


def test_an_import_is_undone_as_a_whole(published, ana):
    intake = published()

    publishing.undo(intake, by=ana, reason="wrong file")

    assert set(Nonconformity.objects.values_list("state", "void_reason")) == {
        ("void", "wrong file")
    }
    assert not Item.objects.get().is_active
    assert intake.step == Step.UNDONE
    assert verify().findings == []


def test_undoing_is_refused_with_a_list_once_somebody_has_worked_on_a_record(published, ana):
    intake = published()
    second = Nonconformity.objects.get(old_number="18")
    records.comment(second, "Looked at it", by=ana, day=TODAY)

    with pytest.raises(Refused, match=second.number):
        publishing.undo(intake, by=ana, reason="wrong file")

    assert not Nonconformity.objects.filter(state="void").exists()


def test_undoing_is_refused_once_another_record_links_to_one_of_them(published, ana, site):
    intake = published()
    first = Nonconformity.objects.get(old_number="17")
    own = records.create(Nonconformity(site=site, owner=ana, title="Again"), by=ana, day=TODAY)
    records.link(own, "recurrence_of", first, by=ana, day=TODAY)

    with pytest.raises(Refused, match=first.number):
        publishing.undo(intake, by=ana, reason="wrong file")


def test_after_undoing_the_old_numbers_are_free_again(published, checked, ana):
    publishing.undo(published(), by=ana, reason="wrong file")

    intake = checked()

    assert not intake.rows.filter(undecided=True).exists()


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.OWNER, Role.QUALITY, Role.AUDITOR])
def test_who_is_no_manager_takes_nothing_over(role, site, taken):
    person = a_person(role)

    with pytest.raises(PermissionDenied):
        reading.start(
            b"a;b\n1;2\n", file_name="x.csv", target="items", site=site, by=person, day=TODAY
        )
    with pytest.raises(PermissionDenied):
        jobs.advance(taken(), by=person)


def test_a_source_is_known_once_per_name_and_headings(published):
    published()
    published(LOG.replace("17;", "27;").replace("18;", "28;"))

    assert Source.objects.count() == 1
