"""Results are frozen values that read as attributes, as dicts and as JSON."""

import json
from dataclasses import FrozenInstanceError, asdict, dataclass, fields

import numpy as np
import pytest

from andon.stats.results import Result, named, plain


@named(lambda_="lambda")
@dataclass(frozen=True, kw_only=True)
class Power(Result):
    lambda_: float


def power():
    return Power(n=3, n_missing=0, method="by hand", lambda_=0.5)


def test_a_field_may_carry_a_name_that_python_reserves():
    result = power()

    assert getattr(result, "lambda") == result.lambda_ == result["lambda"] == 0.5
    assert [item.name for item in fields(result)] == list(asdict(result)) == list(dict(result))
    assert result.to_dict()["lambda"] == 0.5


def test_a_result_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        power().n = 4


def test_a_result_reads_like_a_dict_and_refuses_unknown_names():
    assert power()["n"] == 3
    with pytest.raises(KeyError):
        power()["missing"]


def test_numpy_values_become_plain_ones():
    value = plain({"a": np.float64(1.5), "b": (np.int64(2), np.array([1.0, 2.0]))})

    assert json.loads(json.dumps(value)) == {"a": 1.5, "b": [2, [1.0, 2.0]]}


def test_a_result_turns_into_rows():
    assert {"figure": "lambda", "value": 0.5} in power().rows()
