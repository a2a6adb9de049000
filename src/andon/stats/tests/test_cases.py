"""Every function gives the numbers of R and of the published sources, to their tolerance."""

import json
from pathlib import Path

import pytest

from andon import stats

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))


def close(got, want, tolerance):
    if isinstance(want, list):
        spread = got if isinstance(got, list) else [got] * len(want)
        return len(spread) == len(want) and all(
            close(one, other, tolerance) for one, other in zip(spread, want, strict=True)
        )
    if want is None or isinstance(want, str):
        return got == want
    if isinstance(got, list):
        return all(close(one, want, tolerance) for one in got)
    reach = tolerance.get("abs", 0) + tolerance.get("rel", 0) * abs(want)
    return got is not None and abs(got - want) <= reach


def answer(case):
    result = getattr(stats, case["function"])(**case["inputs"])
    return dict(result) if isinstance(result, dict) else result.to_dict()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_reference_case_is_met_and_the_result_is_json(case):
    result = answer(case)

    for field, want in case["expected"].items():
        own = case["tolerance"].get(field)
        tolerance = case["tolerance"] if own is None else {"abs": own}
        assert close(result[field], want, tolerance), (field, result[field], want)
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize(
    "case", [case for case in CASES if "published" in case], ids=lambda case: case["id"]
)
def test_the_numbers_printed_in_the_source_are_met(case):
    result = answer(case)

    for field, want in case["published"].items():
        assert close(result[field], want, case["published_tolerance"]), field
