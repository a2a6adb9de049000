"""From a file to facts: all of it or nothing, once, with errors in words, and undone."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from andon import tables
from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, a_person
from andon.modules.production import queries, services
from andon.modules.production.imports import Result, import_file
from andon.modules.production.models import Cause, ImportBatch, ImportJob, Output, Scrap, Stop
from andon.organization.models import Line
from andon.records.workflow import Refused
from andon.tables import Question, Trouble
from andon.trail.verify import verify

DATA = Path(tables.__file__).parent / "tests" / "data"
HEADING = "Date;Machine;Defect;Qty\n"


@pytest.fixture
def load(site: Site, today: date) -> Any:
    def call(content: bytes | str | Path, target: str = "scrap", **options: Any) -> Result:
        source = content.encode() if isinstance(content, str) else content
        options.setdefault("by", TESTS)
        return import_file(
            source, target=target, site=site, day=today, file_name="facts.csv", **options
        )

    return call


def _scrap() -> set[tuple[str, str, Decimal]]:
    rows = Scrap.objects.current().values_list("line__code", "cause__code", "quantity")
    return set(rows)


def test_a_file_with_known_words_comes_in_by_its_headings(load: Any, line: Line) -> None:
    services.add_cause("scrap", "Burr", by=TESTS)

    result = load(HEADING + "25.05.2026;P1;Burr;3\n26.05.2026;p1;burr;1,5\n")

    assert result.published
    assert _scrap() == {("P1", "Burr", Decimal(3)), ("P1", "Burr", Decimal("1.5"))}
    assert verify().clean


def test_unknown_codes_stop_the_import_until_they_are_created(load: Any, line: Line) -> None:
    content = HEADING + "25.05.2026;P1;Burr;3\n26.05.2026;P2;Crack;1\n"

    refused = load(content)

    assert not refused.published
    assert refused.unknown == {"line": {"P2": 3}, "cause": {"Burr": 2, "Crack": 3}}
    assert not Scrap.objects.exists()

    created = load(content, create_missing=True)

    assert created.published
    assert _scrap() == {("P1", "Burr", Decimal(3)), ("P2", "Crack", Decimal(1))}


def test_every_error_names_row_column_and_trouble_and_nothing_is_published(
    load: Any, line: Line
) -> None:
    result = load(
        HEADING
        + "25.05.2026;P1;Burr;3\n"
        + "31.02.2026;P1;Burr;3\n"
        + "25.05.1905;P1;Burr;three\n"
        + "26.05.2026;;Burr;-2\n"
        + "25.05.2027;P1;Burr;\n",
        create_missing=True,
    )

    assert not result.published
    assert not Scrap.objects.exists()
    assert [(row, column, sentence.split(";")[0]) for row, column, sentence in result.errors] == [
        (3, "Date", "“31.02.2026” is not a date."),
        (4, "Date", "1905-05-25 lies before 1990"),
        (4, "Qty", "“three” is not a number."),
        (5, "Machine", "The cell is empty"),
        (5, "Qty", "-2 is negative."),
        (6, "Date", "2027-05-25 lies in the future."),
        (6, "Qty", "The cell is empty"),
    ]


def test_rows_with_errors_are_left_out_only_when_asked(load: Any, line: Line) -> None:
    content = HEADING + "25.05.2026;P1;Burr;3\n31.02.2026;P1;Burr;3\n"

    result = load(content, create_missing=True, leave_out=True)

    assert result.published
    assert (result.left_out, result.batch.left_out) == (1, 1)
    assert _scrap() == {("P1", "Burr", Decimal(3))}


def test_the_same_file_again_changes_nothing(load: Any, line: Line) -> None:
    content = HEADING + "25.05.2026;P1;Burr;3\n26.05.2026;P1;Burr;4\n"
    load(content, create_missing=True)

    again = load(content)

    assert (again.published, again.batch, again.unchanged) == (False, None, 2)
    assert Scrap.objects.count() == 2
    assert ImportBatch.objects.count() == 1


def test_a_changed_value_is_a_correction_that_keeps_the_old_row(load: Any, line: Line) -> None:
    load(HEADING + "25.05.2026;P1;Burr;3\n26.05.2026;P1;Burr;4\n", create_missing=True)

    result = load(HEADING + "25.05.2026;P1;Burr;5\n26.05.2026;P1;Burr;4\n")

    assert (result.new, result.corrected, result.unchanged) == (0, 1, 1)
    assert Scrap.objects.count() == 3
    assert sorted(Scrap.objects.current().values_list("quantity", flat=True)) == [4, 5]
    old = Scrap.objects.get(quantity=3)
    assert (old.current, old.replaced_by) == (False, result.batch)
    assert verify().clean


def test_an_undone_batch_counts_no_longer_and_what_it_corrected_counts_again(
    load: Any, line: Line, engineer: User
) -> None:
    first = load(HEADING + "25.05.2026;P1;Burr;3\n", create_missing=True).batch
    second = load(HEADING + "25.05.2026;P1;Burr;5\n26.05.2026;P1;Burr;1\n").batch

    with pytest.raises(Refused, match=f"Batch {second.pk} corrected rows of this one"):
        services.undo(first, by=engineer, reason="wrong file")
    services.undo(second, by=engineer, reason="wrong file")

    assert _scrap() == {("P1", "Burr", Decimal(3))}
    assert Scrap.objects.count() == 3
    assert verify().clean
    services.undo(first, by=engineer, reason="wrong file too")
    assert not Scrap.objects.current().exists()
    assert load(HEADING + "25.05.2026;P1;Burr;3\n").published


def test_undoing_asks_for_a_reason_and_for_quality(
    load: Any, line: Line, engineer: User, operator: User
) -> None:
    batch = load(HEADING + "25.05.2026;P1;Burr;3\n", create_missing=True).batch

    with pytest.raises(Refused, match="Say why"):
        services.undo(batch, by=engineer, reason=" ")
    with pytest.raises(PermissionDenied):
        services.undo(batch, by=operator, reason="I want to")
    assert Scrap.objects.current().count() == 1


def test_rows_of_one_key_are_refused_unless_they_are_added_together(load: Any, line: Line) -> None:
    content = HEADING + "25.05.2026;P1;Burr;3\n25.05.2026;P1;burr;4\n"

    refused = load(content, create_missing=True)
    assert [row for row, _column, _sentence in refused.errors] == [3]
    assert "Row 2 says something about 2026-05-25, P1, burr already" in refused.errors[0][2]

    assert load(content, said={"add_up": True}).published
    assert _scrap() == {("P1", "Burr", Decimal(7))}


def test_a_shift_is_never_made_up_by_an_import(load: Any, line: Line) -> None:
    content = "Date;Machine;Shift;Defect;Qty\n25.05.2026;P1;Night;Burr;3\n"

    result = load(content, create_missing=True)

    assert not result.published
    assert result.unknown == {"shift": {"Night": 2}}
    assert Cause.objects.filter(code="Burr").exists()


def test_a_dry_run_writes_nothing(load: Any, line: Line) -> None:
    result = load(HEADING + "25.05.2026;P1;Burr;3\n", create_missing=True, dry_run=True)

    assert not result.published
    assert result.unknown == {"cause": {"Burr": 2}}
    assert not Cause.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_day_that_can_be_read_both_ways_is_asked_about(load: Any, line: Line) -> None:
    content = HEADING + "3/4/2026;P1;Burr;3\n5/4/2026;P1;Burr;1\n"

    with pytest.raises(Question, match=r"3/4/2026.* can be read both ways") as asked:
        load(content)
    assert asked.value.name == "order"

    load(content, answers={"order": "mdy"}, create_missing=True)
    days = Scrap.objects.current().order_by("day").values_list("day", flat=True)
    assert list(days) == [date(2026, 3, 4), date(2026, 5, 4)]


def test_a_required_field_without_a_column_is_named(load: Any, line: Line) -> None:
    with pytest.raises(Trouble, match="Say where “Line” comes from"):
        load("Date;Defect;Qty\n25.05.2026;Burr;3\n")

    result = load(
        "Date;Defect;Qty\n25.05.2026;Burr;3\n",
        said={"fields": {"line": {"constant": "P1"}}},
        create_missing=True,
    )
    assert result.published


def test_a_mapping_is_remembered_for_files_with_the_same_headings(load: Any, line: Line) -> None:
    said = {"fields": {"cause": {"columns": ["Was"]}, "line": {"constant": "P1"}}}
    load("Tag;Was;Stk\n25.05.2026;Burr;3\n", said=_with_quantity(said), create_missing=True)

    assert load("Tag;Was;Stk\n26.05.2026;Burr;1\n").published


def _with_quantity(said: dict[str, Any]) -> dict[str, Any]:
    return {"fields": {**said["fields"], "quantity": {"columns": ["Stk"]}}}


def test_AZ2_only_people_who_import_at_the_site_may_do_it(
    load: Any, line: Line, engineer: User, operator: User
) -> None:
    content = HEADING + "25.05.2026;P1;Burr;3\n"
    stranger = a_person(Role.QUALITY, _other_site())

    for person in (operator, stranger):
        with pytest.raises(PermissionDenied):
            load(content, by=person)
    services.add_cause("scrap", "Burr", by=TESTS)
    assert load(content, by=engineer).published
    assert ImportBatch.objects.get().published_by == engineer


def _other_site() -> Site:
    from andon.accounts.testing import SiteFactory  # noqa: PLC0415

    return SiteFactory.create()


def test_facts_changed_meanwhile_are_compared_again_before_publication(
    site: Site, line: Line, today: date
) -> None:
    from andon.modules.production.imports import jobs, writing  # noqa: PLC0415

    services.add_cause("scrap", "Burr", by=TESTS)
    content = (HEADING + "25.05.2026;P1;Burr;3\n").encode()
    job = jobs.start(content, file_name="a.csv", target="scrap", site=site, by=TESTS, day=today)
    jobs.advance(job, by=TESTS)
    jobs.use_mapping(job, job.mapping, by=TESTS)
    while job.is_working:
        jobs.advance(job, by=TESTS)
    assert job.new == 1
    import_file(content, target="scrap", site=site, by=TESTS, day=today, file_name="b.csv")

    writing.confirm(job, by=TESTS)
    while job.is_working:
        jobs.advance(job, by=TESTS)

    assert (job.step, job.new, job.unchanged) == ("preview", 0, 1)
    writing.confirm(job, by=TESTS)
    assert job.step == "same"
    assert Scrap.objects.count() == 1


def test_the_garment_factory_comes_in_as_stops_as_it_is(load: Any, site: Site) -> None:
    """Idle time by line; the row of 1905 is named and left out on purpose."""
    content = DATA / "garment" / "garments_worker_productivity.csv"
    said = {
        "fields": {
            "day": {"columns": ["year"]},
            "line": {"columns": ["department", "team"]},
            "cause": {"constant": "Idle"},
            "minutes": {"columns": ["idle_time"]},
        }
    }

    refused = load(content, "stops", said=said)
    assert refused.errors[0][:2] == (2, "year")
    assert "1905-07-12 lies before 1990" in refused.errors[0][2]

    result = load(content, "stops", said=said, create_missing=True, leave_out=True)

    assert (result.new, result.left_out) == (1196, 1)
    assert Line.objects.filter(site=site).count() == 24
    (total,) = queries.pareto_by_cause(
        None, "stop", since=date(2015, 1, 1), until=date(2015, 3, 31)
    )
    assert (total.total, total.rows) == (_idle_minutes(content), 1196)
    assert load(content, "stops", said=said, leave_out=True).unchanged == 1196
    assert verify().clean


def _idle_minutes(path: Path) -> Decimal:
    """Independent of the reader: the eleventh cell of each line but the 1905 one."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()[2:]
    return sum((Decimal(line.split(",")[10]) for line in lines), start=Decimal(0))


def test_defective_motors_of_nist_give_output_and_scrap_by_subgroup(load: Any, line: Line) -> None:
    content = DATA / "nist" / "PCC.DAT"
    day = {"columns": ["SUB-GROUP"], "start": "2026-01-05"}
    fixed = {"line": {"constant": "P1"}, "day": day}

    load(content, "output", said={"fields": {**fixed, "produced": {"columns": ["NUMBER (TOTAL)"]}}})
    load(
        content,
        "scrap",
        said={
            "fields": {
                **fixed,
                "cause": {"constant": "Defective"},
                "quantity": {"columns": ["NUMBER DEFECTIVE"]},
            }
        },
        create_missing=True,
    )

    found = queries.scrap_by_period(
        None, since=date(2026, 1, 5), until=date(2026, 1, 24), period="day"
    )
    assert len(found) == 20
    first = [(r.numerator, r.denominator) for r in found[:3]]
    assert first == _numbers((14, 125), (19, 200), (19, 188))
    assert sum(r.numerator or 0 for r in found) == 465
    assert sum(r.denominator or 0 for r in found) == 4678


def _numbers(*pairs: tuple[int, int]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(above), Decimal(below)) for above, below in pairs]


def test_a_list_of_defects_gives_the_pareto_of_ishikawa(load: Any, line: Line) -> None:
    said = {"fields": {"day": {"constant": "2026-05-01"}, "line": {"constant": "P1"}}}

    load(DATA / "nist" / "ISHIK167.DAT", said=said, create_missing=True)

    found = queries.pareto_by_cause(None, "scrap", since=date(2026, 5, 1), until=date(2026, 5, 31))
    assert [(cause.code, int(cause.total)) for cause in found[:3]] == [
        ("INPROPER ROTATION", 378),
        ("BASE PANEL BREAKS", 314),
        ("POOR CAULKING", 105),
    ]
    assert sum(cause.total for cause in found) == 943


def test_test_results_row_by_row_give_output_and_scrap_by_cause(load: Any, line: Line) -> None:
    """The shape of an automatic test's log: one row a unit, a result that may be good."""
    results = ["Good"] * 82 + ["ITM"] * 33 + ["Motor"] * 16 + ["SOS"] * 2
    content = "sensor01,sensor02,testResult,status\n" + "".join(
        f"{n}.5,{n},{result},{'Pass' if result == 'Good' else 'Fail'}\n"
        for n, result in enumerate(results)
    )
    fixed = {"day": {"constant": "2026-05-01"}, "line": {"constant": "P1"}}

    load(content, "output", said={"fields": {**fixed, "produced": {"constant": "1"}}})
    result = load(
        content,
        "scrap",
        said={
            "fields": {
                **fixed,
                "cause": {"columns": ["testResult"], "good": ["Good"]},
                "quantity": {"constant": "1"},
            }
        },
        create_missing=True,
    )

    assert result.skipped == 82
    assert Output.objects.current().get().produced == 133
    found = queries.pareto_by_cause(None, "scrap", since=date(2026, 5, 1), until=date(2026, 5, 1))
    assert [(c.code, int(c.total)) for c in found] == [("ITM", 33), ("Motor", 16), ("SOS", 2)]


def test_a_given_up_import_leaves_no_rows(site: Site, line: Line, today: date) -> None:
    from andon.modules.production.imports import jobs, writing  # noqa: PLC0415

    services.add_cause("scrap", "Burr", by=TESTS)
    job = jobs.start(
        (HEADING + "25.05.2026;P1;Burr;3\n").encode(),
        file_name="a.csv",
        target="scrap",
        site=site,
        by=TESTS,
        day=today,
    )
    jobs.advance(job, by=TESTS)
    jobs.use_mapping(job, job.mapping, by=TESTS)
    while job.is_working:
        jobs.advance(job, by=TESTS)
    writing.confirm(job, by=TESTS)
    jobs.advance(job, by=TESTS)
    assert Scrap.objects.count() == 1

    writing.drop(job, by=TESTS)

    assert not Scrap.objects.exists()
    assert not Stop.objects.exists()
    assert ImportJob.objects.get().step == "dropped"
    assert verify().clean


def test_AT10_a_fact_changed_behind_the_applications_back_is_found(load: Any, line: Line) -> None:
    batch = load(HEADING + "25.05.2026;P1;Burr;3\n", create_missing=True).batch

    Scrap.objects.filter(batch=batch).update(quantity=1)
    (finding,) = verify().findings
    assert (finding.kind, finding.object_id) == ("facts", str(batch.pk))
    Scrap.objects.filter(batch=batch).update(quantity=3, current=False)
    (finding,) = verify().findings
    assert "marked as counting" in finding.text
