"""Average run lengths against published tables, simulation and simple cases."""

import json

import numpy as np
import pytest
from scipy import stats as second

from andon.stats import arl, run_rules


def one(kind, **parameters):
    result = arl([{"kind": kind, **parameters}])
    json.dumps(result.to_dict(), allow_nan=False)
    return result.arl[0]


# Champ and Woodall, Technometrics 29 (1987) 393. These were not looked up but written down from
# memory; the simulation below is the independent check of the chain.
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["we1"], 370.40),
        (["we1", "we2"], 225.44),
        (["we1", "we3"], 166.05),
        (["we1", "we4"], 152.73),
        (["we1", "we2", "we3", "we4"], 91.75),
    ],
)
def test_run_rules_have_the_run_lengths_of_champ_and_woodall(rules, expected):
    assert one("shewhart", rules=rules) == pytest.approx(expected, abs=0.006)


# Lucas and Crosier, Technometrics 24 (1982) 199, table 1 (k = 0.5, h = 4, two-sided), without and
# with a head start of 2; printed numbers as the manual page of xcusum.arl (R spc) quotes them.
@pytest.mark.parametrize(
    ("shift", "plain", "ahead"),
    [
        (0, 168, 149),
        (0.25, 74.2, 62.7),
        (0.5, 26.6, 20.1),
        (0.75, 13.3, 8.97),
        (1, 8.38, 5.29),
        (1.5, 4.75, 2.86),
        (2, 3.34, 2.01),
        (3, 2.19, 1.32),
        (4, 1.71, 1.07),
        (5, 1.31, 1.01),
    ],
)
def test_sums_have_the_run_lengths_of_lucas_and_crosier(shift, plain, ahead):
    assert one("cusum", k=0.5, h=4, shift=shift) == pytest.approx(plain, rel=4e-3)
    found = one("cusum", k=0.5, h=4, head_start=2, shift=shift)
    # Three digits are printed; at shift 3 the third is low by one (simulated: 1.3257 +/- 0.0008).
    assert found == pytest.approx(ahead, rel=4e-3, abs=6e-3)


# Vance, J. Quality Technology 18 (1986) 189, table 1 (k = 0, h = 10, one-sided), quoted there too.
@pytest.mark.parametrize(
    ("shift", "expected"),
    [(-0.25, 2071.51), (-0.125, 400.28), (0, 124.66), (0.25, 36.71), (0.5, 20.37), (1, 10.75)],
)
def test_one_sided_sums_have_the_run_lengths_of_vance(shift, expected):
    found = one("cusum", k=0, h=10, shift=shift, sided=1)

    # The first is printed 0.06 low: a Markov chain with ever more states tends to 2071.57.
    assert found == pytest.approx(expected, rel=5e-5, abs=0.006)


@pytest.mark.parametrize(("k", "h", "shift"), [(0.25, 8, 2.5), (0, 10, -0.25), (0.5, 4, 1)])
def test_the_integral_equation_agrees_with_the_chain_of_brook_and_evans(k, h, shift):
    """Biometrika 59 (1972) 539: the sum in ``m`` classes; the error falls with 1/m^2."""

    def chain(m):
        width = 2 * h / (2 * m - 1)
        steps = (np.arange(m)[None, :] - np.arange(m)[:, None]) * width + k - shift
        moves = second.norm.cdf(steps + width / 2) - second.norm.cdf(steps - width / 2)
        moves[:, 0] = second.norm.cdf(steps[:, 0] + width / 2)
        return np.linalg.solve(np.eye(m) - moves, np.ones(m))[0]

    limit = (4 * chain(400) - chain(200)) / 3
    assert one("cusum", k=k, h=h, shift=shift, sided=1) == pytest.approx(limit, rel=1e-6)


# SAS/QC manual 1999, quoted by the manual pages of xcusum.arl and xewma.arl (R spc). Two of the
# sums are printed low from the 7th digit on: ours do not move with the number of nodes, and agree
# with the chain above; a fall has no chance at this shift, so both sides must equal one.
@pytest.mark.parametrize(
    ("kind", "parameters", "expected"),
    [
        ("cusum", {"k": 0.25, "h": 8, "shift": 2.5, "sided": 1}, 4.1500836225),
        ("cusum", {"k": 0.25, "h": 8, "shift": 2.5, "sided": 1, "head_start": 0.1}, 4.1061588131),
        ("cusum", {"k": 0.25, "h": 8, "shift": 2.5}, 4.1500826715),
        ("ewma", {"lam": 0.25, "L": 3, "shift": 1}, 11.154267016),
    ],
)
def test_run_lengths_are_those_of_sas(kind, parameters, expected):
    assert one(kind, **parameters) == pytest.approx(expected, rel=3e-7)


# Lucas and Saccucci, Technometrics 32 (1990) 1, table 3: lambda 0.5, L 3.071 and 0.03, 2.437;
# Crowder, Technometrics 29 (1987) 401, table 1: lambda 0.05, L 2; quoted by xewma.arl (R spc).
@pytest.mark.parametrize(
    ("lam", "width", "shift", "expected"),
    [
        (0.5, 3.071, 0, 500),
        (0.5, 3.071, 0.5, 88.8),
        (0.5, 3.071, 1, 17.5),
        (0.5, 3.071, 3, 1.93),
        (0.03, 2.437, 0, 500),
        (0.03, 2.437, 0.25, 76.7),
        (0.03, 2.437, 1, 12.6),
        (0.03, 2.437, 4, 3.11),
        (0.05, 2, 0, 127.53),
        (0.05, 2, 1, 8.38),
        (0.05, 2, 4, 2.15),
    ],
)
def test_averages_have_the_run_lengths_of_their_authors(lam, width, shift, expected):
    found = one("ewma", lam=lam, L=width, shift=shift)

    assert found == pytest.approx(expected, rel=4e-3)


def test_a_weight_of_one_and_rule_one_are_the_plain_chart():
    plain = one("shewhart", L=3, shift=0.5)

    assert one("ewma", lam=1, L=3, shift=0.5) == pytest.approx(plain)
    assert one("shewhart", rules=["n1"], shift=0.5) == pytest.approx(plain)
    assert one("shewhart", rules=["n1"], shift=-0.5) == pytest.approx(plain)


def test_rules_of_the_chain_are_those_of_the_data():
    rules = ["n1", "n2", "n5", "n6", "n7", "n8"]
    series, length = 2500, 60
    x = np.random.default_rng(5).normal(0.8, 1, series * length)
    starts = range(1, x.size, length)
    found = run_rules(x, 0, 1, rules, restarts=starts)
    first = np.full(series, length + 1)
    for point in sorted({point for hits in found.values() for point in hits}, reverse=True):
        first[(point - 1) // length] = (point - 1) % length + 1

    assert one("shewhart", rules=rules, shift=0.8) == pytest.approx(first.mean(), rel=0.05)


def test_a_one_sided_sum_waits_twice_as_long_in_control():
    both, rise = one("cusum", k=0.5, h=4), one("cusum", k=0.5, h=4, sided=1)

    assert rise == pytest.approx(2 * both)
    assert one("cusum", k=0.5, h=4, sided="one") == rise
    assert one("cusum", k=0.5, h=4, sided="two") == both


@pytest.mark.parametrize(
    "chart",
    [
        {"kind": "cusum", "k": 0.5, "h": 5},
        {"kind": "ewma", "lam": 0.1, "L": 2.7},
        {"kind": "shewhart", "rules": ["we1", "we2", "we3", "we4"]},
    ],
)
def test_a_larger_shift_is_found_sooner_and_its_side_does_not_matter(chart):
    lengths = arl([{**chart, "shift": shift} for shift in (0, 0.5, 1, 2, 4, 30)]).arl

    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] == pytest.approx(1)
    assert arl([{**chart, "shift": -1}]).arl[0] == pytest.approx(lengths[2])


@pytest.mark.parametrize(
    "chart",
    [
        {"kind": "ewma", "lam": 0.1, "L": 12},
        {"kind": "ewma", "lam": 0.1, "L": 6.9},
        {"kind": "shewhart", "L": 40},
        {"kind": "cusum", "k": 0.5, "h": 5, "shift": -9, "sided": 1},
        {"kind": "cusum", "k": 5, "h": 9},
    ],
)
def test_what_practically_never_happens_is_none_with_a_word(chart):
    result = arl([chart, {"kind": "shewhart"}])

    assert result.arl[0] is None
    assert result.arl[1] == pytest.approx(370.398, abs=0.001)
    assert [warning.code for warning in result.warnings] == ["too_large"]


@pytest.mark.parametrize(
    ("charts", "name"),
    [
        (None, "charts"),
        ("cusum", "charts"),
        ({"kind": "cusum", "k": 1, "h": 1}, "charts"),
        ([3], "charts"),
        ([{}], "charts"),
        ([{"kind": "x"}], "charts"),
        ([{"kind": "cusum", "k": 1}], "charts"),
        ([{"kind": "ewma", "lam": 1, "L": 3, "h": 1}], "charts"),
        ([{"kind": "cusum", "k": -1, "h": 1}], "k"),
        ([{"kind": "cusum", "k": "a", "h": 1}], "k"),
        ([{"kind": "cusum", "k": 1, "h": 0}], "h"),
        ([{"kind": "cusum", "k": 1, "h": 2, "head_start": 2}], "head_start"),
        ([{"kind": "cusum", "k": 1, "h": 2, "sided": 3}], "sided"),
        ([{"kind": "ewma", "lam": 1.5, "L": 3}], "lam"),
        ([{"kind": "ewma", "lam": 0.5, "L": 0}], "L"),
        ([{"kind": "shewhart", "L": 0}], "L"),
        ([{"kind": "shewhart", "rules": ["n3"]}], "rules"),
        ([{"kind": "shewhart", "rules": "n1"}], "rules"),
        ([{"kind": "shewhart", "shift": float("nan")}], "shift"),
    ],
)
def test_a_wrong_chart_is_named(charts, name):
    with pytest.raises(ValueError, match=rf"^{name}:"):
        arl(charts)


def test_no_charts_have_no_run_lengths():
    assert arl([]).arl == []


def test_a_head_start_of_true_is_half_the_decision_interval():
    given = {"kind": "cusum", "k": 0.5, "h": 4, "shift": 0.0}

    assert arl([given | {"head_start": True}]).arl == arl([given | {"head_start": 2}]).arl
