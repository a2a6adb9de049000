"""Files come in as they are, and their charts agree with an independent computation."""

import csv
import math
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from statistics import fmean

import pytest

from andon import tables
from andon.modules.kpis import queries
from andon.modules.kpis.models import Counting, Formula, Observation, Period, Signal
from andon.modules.kpis.models.series import points
from andon.modules.production.imports import import_file
from andon.modules.production.services import undo
from andon.tables import read_table

from .factories import A_YEAR_AGO, a_kpi

DATA = Path(tables.__file__).parent / "tests" / "data"
NIST = DATA / "nist"
GARMENT = DATA / "garment" / "garments_worker_productivity.csv"
SHARED = Path(__file__).parents[5].parent / "shared" / "data" / "spc-mistat-electronics"


def numbers(file, columns):
    """Read a NIST table by its ruler, with nothing of Andon."""
    text = (NIST / file).read_text(encoding="latin-1")
    rows = text[text.index("---\n") + 4 :].splitlines()
    return [tuple(float(cell) for cell in row.split())[:columns] for row in rows if row.strip()]


def brought_in(kpi, source, by, said=None, **options):
    rules = {"kpi": {"constant": kpi.code}, **(said or {})}
    return import_file(
        source, target="kpi-values", site=kpi.site, by=by, day=date(2026, 3, 1),
        said={"fields": rules}, **options,
    )  # fmt: skip


def column(kpi, source, by, position):
    """Name the columns of a table by their place."""
    rule = {name: {"columns": [place]} for name, place in position.items()}
    return brought_in(kpi, source, by, rule)


@pytest.fixture
def samples(manager, site):
    def made(**fields):
        return a_kpi(manager, site, **{"period": Period.SAMPLE, **fields})

    return made


def drawn(kpi, by):
    return queries.chart(kpi, viewer=by)


def headings(source):
    return read_table(source).columns


@pytest.mark.parametrize("file", ["PCC.DAT", "PNCC.DAT"])
def test_defectives_by_subgroup_become_the_p_chart_of_the_textbook(samples, manager, file):
    kpi = samples(chart="p")
    group, top, bottom = headings(NIST / file)

    done = column(
        kpi, NIST / file, manager, {"sequence": group, "numerator": top, "denominator": bottom}
    )
    chart = drawn(kpi, manager).judgement

    rows = numbers(file, 3)
    p = sum(row[1] for row in rows) / sum(row[2] for row in rows)
    assert (done.published, done.new) == (True, len(rows))
    assert chart.center == pytest.approx([100 * p] * len(rows))
    assert chart.ucl == pytest.approx([100 * (p + 3 * math.sqrt(p * (1 - p) / r[2])) for r in rows])
    assert chart.lcl == pytest.approx(
        [max(0, 100 * (p - 3 * math.sqrt(p * (1 - p) / r[2]))) for r in rows]
    )


def test_columns_of_the_defective_motors_are_guessed(samples, manager):
    kpi = samples()

    done = brought_in(kpi, NIST / "PCC.DAT", manager)

    assert done.published
    assert {name for name in done.job.mapping["fields"] if name != "kpi"} == {
        "sequence", "numerator", "denominator",
    }  # fmt: skip


@pytest.mark.parametrize(("file", "order"), [("CCC.DAT", (2, 0, 1)), ("UCC.DAT", (0, 1, 2))])
def test_defects_per_area_become_the_u_chart_of_the_textbook(samples, manager, file, order):
    kpi = samples(counting=Counting.RATE, unit="per m", chart="u")
    names = headings(NIST / file)

    column(
        kpi, NIST / file, manager,
        dict(zip(("sequence", "numerator", "denominator"), (names[n] for n in order), strict=True)),
    )  # fmt: skip
    chart = drawn(kpi, manager).judgement

    rows = [tuple(row[n] for n in order) for row in numbers(file, 3)]
    u = sum(row[1] for row in rows) / sum(row[2] for row in rows)
    assert chart.center == pytest.approx([u] * len(rows))
    assert chart.ucl == pytest.approx([u + 3 * math.sqrt(u / row[2]) for row in rows])


def test_counts_without_a_size_use_the_fixed_one_and_become_a_c_chart(samples, manager):
    kpi = samples(counting=Counting.RATE, unit="per wafer", chart="u", fixed_denominator=Decimal(1))
    wafer, defects = headings(NIST / "MONITOR-6_3_3_1.DAT")

    column(kpi, NIST / "MONITOR-6_3_3_1.DAT", manager, {"sequence": wafer, "numerator": defects})
    chart = drawn(kpi, manager).judgement

    mean = fmean(row[1] for row in numbers("MONITOR-6_3_3_1.DAT", 2))
    assert mean == 16
    assert (chart.center[0], chart.lcl[0], chart.ucl[0]) == pytest.approx((16, 4, 28))


def test_fractions_of_fifty_chips_signal_at_the_wafers_of_the_handbook(samples, manager):
    kpi = samples(fixed_denominator=Decimal(50), chart="p", active_from=A_YEAR_AGO)
    wafer, fraction = headings(NIST / "MONITOR-6_3_3_2.DAT")

    column(kpi, NIST / "MONITOR-6_3_3_2.DAT", manager, {"sequence": wafer, "value": fraction})
    found = drawn(kpi, manager)

    fractions = [row[1] for row in numbers("MONITOR-6_3_3_2.DAT", 2)]
    p = fmean(fractions)
    half = 3 * math.sqrt(p * (1 - p) / 50)
    beyond = [str(n) for n, x in enumerate(fractions, start=1) if abs(x - p) > half]
    assert found.center == pytest.approx(100 * p)
    assert found.ucl == pytest.approx(100 * (p + half))
    assert [one.label for one in found.signals if one.hit.rule == "n1"][::-1] == beyond
    assert Signal.objects.filter(kpi=kpi, rule="n1").exists()


def test_a_single_column_is_numbered_in_the_order_of_the_file(samples, manager):
    kpi = samples(formula=Formula.VALUE, unit="defects")
    content = b"SOLDEF\n18\n36\n20\n8\n"

    brought_in(kpi, content, manager, {"value": {"columns": ["SOLDEF"]}}, file_name="s.csv")

    assert [(point.label, point.value) for point in points(kpi)] == [
        ("1", 18), ("2", 36), ("3", 20), ("4", 8),
    ]  # fmt: skip


@pytest.mark.skipif(not SHARED.exists(), reason="the GPL data lies beside the checkout only")
def test_solder_defects_become_the_individuals_chart_of_the_textbook(samples, manager):
    kpi = samples(formula=Formula.VALUE, unit="ppm")
    source = SHARED / "SOLDEF.csv"

    brought_in(kpi, source, manager, {"value": {"columns": ["SOLDEF"]}})
    found = drawn(kpi, manager)

    values = [float(line) for line in source.read_text().split()[1:]][-400:]
    moving = fmean(abs(b - a) for a, b in pairwise(values))
    assert found.center == pytest.approx(fmean(values))
    assert found.ucl == pytest.approx(fmean(values) + 3 * moving / 1.128379, rel=1e-5)


def test_the_garment_file_becomes_one_mean_a_day(manager, site):
    kpi = a_kpi(manager, site, formula=Formula.VALUE, unit="", period=Period.DAY)
    said = {"day": {"columns": ["year"]}, "value": {"columns": ["actual_productivity"]}}

    done = brought_in(kpi, GARMENT, manager, said, leave_out=True)

    with GARMENT.open(encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream) if not row["year"].endswith("1905")]
    day = [float(row["actual_productivity"]) for row in rows if row["year"] == "1/1/2015"]
    there = {point.day: point for point in points(kpi)}
    assert (done.new, done.left_out) == (1196, 1)
    assert there[date(2015, 1, 1)].rows == len(day)
    assert float(there[date(2015, 1, 1)].value) == pytest.approx(fmean(day), abs=1e-6)
    assert there[date(2015, 1, 2)].value is None


def test_the_same_file_again_changes_nothing(samples, manager):
    kpi = samples()
    brought_in(kpi, NIST / "PCC.DAT", manager)

    again = brought_in(kpi, NIST / "PCC.DAT", manager)

    assert (again.new, again.corrected, again.unchanged) == (0, 0, 20)
    assert Observation.objects.count() == 20


def test_an_undone_batch_counts_no_longer(samples, manager):
    kpi = samples()
    done = brought_in(kpi, NIST / "PCC.DAT", manager)

    undo(done.batch, by=manager, reason="the wrong bench")

    assert points(kpi) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"group,defective,inspected\n1,5,4\n", "more than all"),
        (b"group,defective,inspected\n1,5,0\n", "denominator is 0"),
        (b"group,defective\n1,5\n", "denominator is missing"),
        (b"group,defective,inspected\n1,5,10\n,5,10\n", "number of the sample is missing"),
    ],
)
def test_an_impossible_row_is_named_and_nothing_comes_in(samples, manager, content, sentence):
    kpi = samples()

    rule = {"sequence": {"columns": ["group"]}}
    done = brought_in(kpi, content, manager, rule, file_name="x.csv")

    assert not done.published
    assert sentence in done.errors[0][2]
    assert not Observation.objects.exists()


def test_a_computed_kpi_takes_no_file(manager, site):
    kpi = a_kpi(manager, site, formula=Formula.SCRAP)

    done = brought_in(kpi, NIST / "PCC.DAT", manager)

    assert done.unknown == {"kpi": {"DEFECTS": done.unknown["kpi"]["DEFECTS"]}}


def test_empty_is_no_data_and_not_zero(manager, site):
    kpi = a_kpi(manager, site)
    content = b"day,defective,inspected\n2026-01-05,4,100\n2026-01-12,,\n2026-01-19,0,100\n"

    brought_in(kpi, content, manager, file_name="x.csv")

    assert [point.value for point in points(kpi)] == [4, None, 0]
