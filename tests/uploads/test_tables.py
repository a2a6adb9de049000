"""Tables that cost more than they look are refused within 5 s of work and 300 MB (EX1, UP1)."""

import json
import subprocess
import sys
from typing import Any

import pytest

from andon.tables import Trouble, limits, read_table
from tests.uploads.tables import TABLES, book, sheet
from tools.measures import ROOT

MEGABYTE = 1_048_576


@pytest.fixture(scope="module")
def costs() -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.uploads.tables"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", TABLES)
def test_EX1_a_hostile_table_is_refused_in_time_and_memory(
    name: str, costs: dict[str, dict[str, Any]]
) -> None:
    cost = costs[name]

    assert cost["said"].endswith("."), cost
    assert cost["seconds"] < 6, cost  # the limit, and what it takes to end
    assert cost["grown"] < 300 * MEGABYTE, cost
    assert cost["child"] < 300 * MEGABYTE, cost


def test_EX1_a_formula_is_never_evaluated_only_its_kept_value_is_read() -> None:
    cells = '<row><c t="str"><v>{}</v></c><c t="str"><v>{}</v></c></row>'
    kept = (
        '<row><c><f>1+1</f><v>7</v></c><c><f>WEBSERVICE("http://127.0.0.1:1")</f><v>8</v></c></row>'
    )
    rows = cells.format("Lot", "Count") + kept + kept

    found = read_table(book(sheet(rows.encode())), "a.xlsx")

    assert found.rows == [[7, 8], [7, 8]]


def test_EX1_broken_twin_without_the_cap_on_lines_all_of_them_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_LINES", 1_000)
    with pytest.raises(Trouble, match="1000 lines"):
        read_table(b"word\n" * 1_002, "a.txt")

    monkeypatch.setattr(limits, "MAX_LINES", 2_000)

    assert len(read_table(b"word\n" * 1_002, "a.txt").rows) > 1_000
