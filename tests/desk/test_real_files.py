"""Files nobody made for this go in untouched, and the answers counted by themselves come out."""

import csv
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import fmean

import pytest
from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from andon.cli.main import main
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.queries.pareto import pareto
from andon.portal.desk import jobs, reading, repair
from andon.portal.desk.models import Step
from andon.portal.desk.tests import conftest
from andon.portal.desk.tests.conftest import work
from andon.tables import tests as of_tables
from andon.trail.verify import verify

site, ana, taken = conftest.site, conftest.ana, conftest.taken
DATA = Path(conftest.__file__).with_name("data")
RECALLS = DATA / "recalls" / "enforcement-report-2012-06-13.jsonl"
BIRDS = DATA / "birdstrikes" / "birdstrikes.csv"
AWKWARD = Path(of_tables.__file__).parent / "data" / "awkward"
BESIDE = Path(__file__).parents[3] / "shared" / "data" / "spc-mistat-electronics"
gpl = pytest.mark.skipif(not BESIDE.exists(), reason="the GPL data lies beside the checkout only")


@pytest.fixture
def bring(site, ana, capsys):
    """Import a file by command; return its exit code and what it said."""

    def command(path, *options, kind="nonconformities"):
        code = main(["import", str(path), "--kind", kind, "--by", "ana", *options])
        return code, capsys.readouterr().out

    return command


def counted(field):
    rows = Nonconformity.objects.order_by().values_list(field).annotate(n=Count("pk"))
    return dict(rows)


# -- recalls: 72 records, JSON lines and the page they were read from ---------------------------


def test_recalls_go_in_by_command_and_are_counted_by_class_and_product(bring):
    code, said = bring(
        RECALLS,
        "--column", "defect=product-type", "--column", "party=recalling-firm",
        "--column", "description=reason-for-recall+product-description+code-info+product-quantity",
        "--create-missing",
    )  # fmt: skip

    assert code == 0, said
    assert counted("severity") == {"critical": 7, "major": 46, "minor": 19}
    assert counted("defect__name") == {"Biologics": 42, "Food": 16, "Devices": 9, "Drugs": 5}
    assert set(Nonconformity.objects.values_list("opened_date", flat=True)) == {date(2012, 6, 13)}


def test_nothing_of_a_long_recall_is_lost(bring):
    longest = max(RECALLS.read_text("utf-8").splitlines(), key=len)
    columns = "reason-for-recall+product-description+code-info"
    bring(RECALLS, "--column", f"description={columns}", "--create-missing")

    kept = Nonconformity.objects.annotate(n=Count("comments")).order_by("-n").first()

    told = " ".join([kept.description, *(c.text for c in kept.comments.order_by("pk"))])
    words = Counter(told.split())
    assert not Counter(_words(longest)) - words


def _words(line):
    found = json.loads(line)
    return [w for n in ("product-description", "code-info") for w in found[n].split()]


def test_the_page_of_the_recalls_is_read_by_its_labels(taken, ana):
    """The page says of two drug recalls that their class is pending; the table calls them II."""
    page = RECALLS.with_suffix(".htm")
    intake = taken(page.read_bytes(), file_name=page.name)
    fields = {
        "title": {"columns": ["REASON"]},
        "description": {"columns": ["REASON", "PRODUCT", "CODE"]},
        "severity": {"columns": ["Section"]},
        "opened_date": {"constant": "2012-06-13"},
    }
    work(jobs.use_mapping(intake, {**intake.mapping, "fields": fields}, by=ana), ana)
    classes = {"CLASS III": "minor", "CLASS II": "major", "CLASS I": "critical", "DRUGS": ""}
    words = {
        word.casefold(): next(v for end, v in classes.items() if word.endswith(end))
        for word in intake.unknown["severity"]
    }

    work(jobs.teach(intake, {"severity": words}, by=ana), ana)
    work(jobs.confirm(intake, by=ana), ana)

    assert counted("severity") == {"critical": 7, "major": 44, "minor": 19, "": 2}
    assert not Nonconformity.objects.filter(title__contains="<").exists()


# -- bird strikes: 10,000 incidents with cost ---------------------------------------------------

STRIKES = (
    "--column", "title=Wildlife Species+Airport Name",
    "--column", "closed_date=Flight Date",
    "--column", "defect=Wildlife Species",
    "--column", "item=Aircraft Make Model",
    "--column", "description=Phase of flight+Time of day+Speed IAS in knots",
    "--value", "category=system",
    "--map", "severity:None=(empty)", "--map", "severity:Medium=major",
    "--map", "severity:Substantial=critical",
    "--create-missing",
)  # fmt: skip


def test_what_no_list_knows_is_asked_for_and_the_word_none_is_a_value(bring):
    code, said = bring(BIRDS, *STRIKES[:-1], "--repeats", "new", "--dry-run")

    assert code == 1
    assert "Not known as severity: C, B." in said or "Not known as severity: B, C." in said
    assert "None" not in said.split("Not known as severity:")[1].splitlines()[0]
    assert not Nonconformity.objects.exists()


@pytest.mark.slow
def test_ten_thousand_strikes_go_in_with_cost_by_year_and_pareto(bring):
    with BIRDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = Counter()
    for row in rows:
        years[int(row["Flight Date"][:4])] += Decimal(row["Cost Total $"])

    code, said = bring(
        BIRDS, *STRIKES, "--map", "severity:C=(empty)", "--map", "severity:B=(empty)",
        "--repeats", "new",
    )  # fmt: skip

    assert code == 0, said
    assert counted("severity") == {"": 8954, "minor": 549, "major": 186, "critical": 311}
    whole = Nonconformity.objects.aggregate(n=Count("pk"), cost=Sum("cost"))
    assert whole == {"n": 10_000, "cost": Decimal("40545276.00")}
    by_year = Nonconformity.objects.order_by().values_list(ExtractYear("opened_date"))
    assert dict(by_year.annotate(cost=Sum("cost"))) == years
    species = Counter(row["Wildlife Species"] for row in rows).most_common(10)
    bars = pareto(Nonconformity.objects.all(), "defect")
    assert [int(bar.total) for bar in bars[:10]] == [count for _name, count in species]
    assert Nonconformity.objects.filter(state="closed").count() == 10_000
    assert Nonconformity.objects.filter(number__startswith="NC-ABC1-1990-").count() == sum(
        row["Flight Date"].startswith("1990") for row in rows
    )
    assert verify().findings == []


def test_exact_repeats_are_found(bring):
    with BIRDS.open(encoding="utf-8", newline="") as file:
        twins = sum(n - 1 for n in Counter(map(tuple, csv.reader(file))).values())

    _code, said = bring(BIRDS, *STRIKES, "--map", "severity:C=(empty)", "--map",
                        "severity:B=(empty)", "--repeats", "skip", "--dry-run")  # fmt: skip

    assert twins == 24
    assert "9976 rows, 0 left out, 24 skipped" in said


# -- vendors and sensors -------------------------------------------------------------------------


@gpl
def test_vendors_side_by_side_become_rows(bring):
    path = BESIDE / "VENDOR.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    code, said = bring(
        path, "--answer", "side_by_side=vendor1+vendor2+vendor3", "--column", "party=Column",
        "--column", "suspect_quantity=Value", "--column", "title=Column+Value",
        "--value", "opened_date=2024-01-15", "--create-missing",
    )  # fmt: skip

    assert code == 0, said
    for vendor in ("vendor1", "vendor2", "vendor3"):
        found = Nonconformity.objects.filter(party__name=vendor)
        cycles = [float(n) for n in found.values_list("suspect_quantity", flat=True)]
        assert len(cycles) == 10
        assert fmean(cycles) == pytest.approx(fmean(float(row[vendor]) for row in rows))


@gpl
def test_failed_tests_become_a_pareto_and_good_ones_are_passed_over(bring):
    code, said = bring(
        BESIDE / "SENSORS.csv", "--column", "defect=testResult", "--column", "title=testResult",
        "--value", "opened_date=2024-01-15", "--map", "defect:Good=(leave out)",
        "--create-missing", "--repeats", "new",
    )  # fmt: skip

    assert code == 0, said
    bars = pareto(Nonconformity.objects.all(), "defect")
    assert [int(bar.total) for bar in bars] == [33, 16, 14, 11, 6, 5, 5, 2]
    assert "92 rows, 82 left out" in said


# -- whatever else people have -----------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(p.name for p in AWKWARD.glob("[mt]-*")))
def test_each_awkward_file_comes_in_or_is_refused_with_a_sentence(name, taken, ana):
    intake = taken((AWKWARD / name).read_bytes(), file_name=name)

    while intake.step == Step.ASK:
        told = intake.trouble
        assert told["sentence"]
        value = told["options"][-1][0]
        answers = {**intake.answers, told["name"]: int(value) if told["name"] == "block" else value}
        jobs.advance(reading.answer(intake, answers, by=ana), by=ana)
    if intake.step == Step.FAILED:
        assert len(intake.trouble["sentence"]) > 20
        return
    fields = {
        "title": {"columns": intake.columns[:1]},
        "description": {"columns": intake.columns[:60]},
        "opened_date": {"constant": "2024-01-15"},
    }
    work(jobs.use_mapping(intake, {**intake.mapping, "fields": fields}, by=ana), ana)
    rows = intake.rows.count()
    assert rows == intake.rows_count
    if intake.rows.in_the_way().exists():
        repair.leave_out(intake, [], by=ana, reason="no title, or a repeat")
    if rows < 500 and intake.rows.going_in().exists():
        work(jobs.confirm(intake, by=ana), ana)
        assert Nonconformity.objects.count() == intake.made > 0
