"""Every function gives the numbers of R and of the published sources, to their tolerance."""

import json
from pathlib import Path

import pytest

from andon import stats

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))


def close(got, want, tolerance):
    """Whether ``got`` is ``want``; a number under a field's name is the tolerance of it."""
    if isinstance(want, dict):
        return all(
            close(got[name], value, {"abs": tolerance[name]} if name in tolerance else tolerance)
            for name, value in want.items()
        )
    if isinstance(want, list):
        spread = got if isinstance(got, list) else [got] * len(want)
        return len(spread) == len(want) and all(
            close(one, other, tolerance) for one, other in zip(spread, want, strict=True)
        )
    if want is None or isinstance(want, str | bool):
        return got == want
    if isinstance(got, list):
        return all(close(one, want, tolerance) for one in got)
    reach = tolerance.get("abs", 0) + tolerance.get("rel", 0) * abs(want)
    return got is not None and abs(got - want) <= reach


def answer(case):
    result = getattr(stats, case["function"])(**case["inputs"])
    return dict(result) if isinstance(result, dict) else result.to_dict()


def named(case):
    """The case and where its numbers come from."""
    sources = "; ".join(
        f"{source['kind']} {source.get('package', '')} {source['ref']}" for source in case["source"]
    )
    return f"{case['function']}, {case['id']}: {' '.join(sources.split())[:120]}"


def test_all_98_public_cases_are_here():
    assert len(CASES) == 98


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_reference_case_is_met_and_the_result_is_json(case):
    result = answer(case)

    for field, want in case["expected"].items():
        assert close({field: result[field]}, {field: want}, case["tolerance"]), (
            field, result[field], want, case["source"],
        )  # fmt: skip
    assert json.loads(json.dumps(result, allow_nan=False)) == result


@pytest.mark.parametrize("case", [case for case in CASES if "published" in case], ids=named)
def test_the_numbers_printed_in_the_source_are_met(case):
    result = answer(case)

    for field, want in case["published"].items():
        tolerance = case["published_tolerance"]
        assert close({field: result[field]}, {field: want}, tolerance), (field, result[field], want)


def test_a_number_outside_its_tolerance_is_noticed():
    assert not close({"a": 1.02}, {"a": 1.0}, {"abs": 0.01})
    assert not close({"a": {"b": [1.0, 2.1]}}, {"a": {"b": [1, 2]}}, {"abs": 1e-6})
    assert not close({"a": None}, {"a": 1.0}, {"abs": 1})
    assert close({"a": {"b": 1.05}}, {"a": {"b": 1.0}}, {"abs": 0.01, "b": 0.1})
