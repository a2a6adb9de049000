"""Agreement of appraisers: Cohen, Fleiss, Kendall, and the attribute study of AIAG-MSA."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as reference
from statsmodels.stats import inter_rater

from andon.stats import (
    ArgumentError,
    cohen_kappa,
    cohen_kappa_from_table,
    fleiss_kappa,
    kendall_w,
)

TABLE = [[11, 3, 0], [2, 9, 4], [1, 2, 8]]
RATINGS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=3, max_size=40)


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[45, 3], [5, 97]], 0.88),
        ([[44, 6], [3, 97]], 0.86),
        ([[42, 6], [9, 93]], 0.77),
    ],
)
def test_the_cross_tables_of_aiag_give_their_printed_kappas(table, kappa):
    # AIAG-MSA 4th edition, chapter III C: 50 parts, 3 trials; A and C x reference, A x B.
    assert cohen_kappa_from_table(table).kappa == pytest.approx(kappa, abs=0.006)


@pytest.mark.parametrize(
    ("weights", "name"), [(None, None), ("linear", "linear"), ("quadratic", "fc")]
)
def test_statsmodels_gives_the_same_kappa_and_variances(weights, name):
    ours = cohen_kappa_from_table(TABLE, weights)
    theirs = inter_rater.cohens_kappa(np.array(TABLE), wt=name)

    assert ours.kappa == pytest.approx(theirs.kappa)
    assert ours.z == pytest.approx(theirs.kappa / theirs.std_kappa0)
    assert ours.ci == pytest.approx([theirs.kappa_low, theirs.kappa_upp])
    assert ours.p == pytest.approx(theirs.pvalue_two_sided)


def test_lists_and_their_table_agree():
    pairs = [(i, j) for i in range(3) for j in range(3) for _ in range(TABLE[i][j])]
    a, b = zip(*pairs, strict=True)

    assert cohen_kappa(a, b).table == TABLE
    assert cohen_kappa(a, b).z == cohen_kappa_from_table(TABLE).z


@settings(max_examples=40)
@given(RATINGS, st.sampled_from([None, "linear", "quadratic"]))
def test_kappa_knows_no_order_of_appraisers_or_items_and_no_names(pairs, weights):
    a, b = zip(*pairs, strict=True)
    kappa = cohen_kappa(a, b, weights).kappa
    again = [
        cohen_kappa(b, a, weights).kappa,
        cohen_kappa(a[::-1], b[::-1], weights).kappa,
        cohen_kappa([-x for x in a], [-x for x in b], weights).kappa,
    ]

    if kappa is None:
        assert again == [None] * 3
    else:
        assert again == pytest.approx([kappa] * 3)
        assert kappa <= 1


def test_a_rating_that_is_missing_takes_its_item_along():
    result = cohen_kappa(["x", None, "y", "x", math.nan], ["x", "y", "y", "y", "x"])

    assert (result.n, result.n_missing, result.categories) == (3, 2, ["x", "y"])
    assert codes(cohen_kappa([], [])) == codes(cohen_kappa([None], [1])) == ["no_data"]
    assert codes(cohen_kappa_from_table([])) == codes(cohen_kappa_from_table([[0, 0], [0, 0]]))


def test_one_category_only_leaves_the_agreement_but_no_kappa():
    for result in (cohen_kappa([1, 1], [1, 1]), cohen_kappa_from_table([[4, 0], [0, 0]])):
        assert (result.kappa, result.z, result.agreement) == (None, None, 1)
        assert codes(result) == ["no_variation"]


def test_full_agreement_has_no_interval_and_full_disagreement_no_z():
    assert cohen_kappa([1, 2, 1], [1, 2, 1]).kappa == 1
    assert cohen_kappa([1, 2, 1], [1, 2, 1]).ci is None
    apart = cohen_kappa([1, 1, 1], [2, 2, 2])
    assert (apart.kappa, apart.z, codes(apart)) == (0, None, [])


def test_weights_over_texts_need_their_order():
    a, b = ["low", "mid", "high", "low"], ["low", "high", "high", "mid"]
    named = cohen_kappa(a, b, "linear", categories=["low", "mid", "high"])

    assert codes(cohen_kappa(a, b, "linear")) == ["order_assumed"]
    assert (codes(named), named.categories) == ([], ["low", "mid", "high"])
    assert named.kappa == cohen_kappa([1, 2, 3, 1], [1, 3, 3, 2], "linear").kappa
    assert codes(cohen_kappa(a, b)) == []


def test_a_category_nobody_used_widens_the_weights_but_not_kappa():
    a, b = [1, 2, 3, 1, 2], [1, 3, 3, 2, 2]

    assert cohen_kappa(a, b, "linear", categories=[1, 2, 3, 4]).kappa == pytest.approx(
        cohen_kappa(a, b, "linear").kappa
    )


@pytest.mark.parametrize(
    ("kappa_table", "word"),
    [
        ([[0, 5], [5, 0]], "poor"),
        ([[3, 2], [2, 3]], "slight"),
        ([[13, 7], [7, 13]], "fair"),
        ([[7, 3], [2, 8]], "moderate"),
        ([[8, 2], [1, 9]], "substantial"),
        ([[9, 0], [1, 9]], "almost perfect"),
    ],
)
def test_kappa_is_read_in_the_words_of_landis_and_koch(kappa_table, word):
    assert f"{word} agreement (Landis and Koch 1977)" in str(
        cohen_kappa_from_table(kappa_table).sentence
    )


def test_statsmodels_gives_the_same_fleiss_kappa():
    ratings = [[1, 1, 2, 3], [2, 2, 2, 1], [3, 3, 3, 3], [1, 2, 3, 1], [2, 2, 3, 2]]
    counts, _ = inter_rater.aggregate_raters(np.array(ratings))

    assert fleiss_kappa(ratings).kappa == pytest.approx(inter_rater.fleiss_kappa(counts))


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(1, 3), min_size=4, max_size=4), min_size=2, max_size=15))
def test_fleiss_kappa_knows_no_order_and_is_the_mean_of_its_categories(ratings):
    result = fleiss_kappa(ratings)
    shuffled = fleiss_kappa([row[::-1] for row in ratings][::-1])

    if result.kappa is None:
        assert codes(result) == ["no_variation"]
        return
    assert shuffled.kappa == pytest.approx(result.kappa)
    p = np.array([sum(row.count(c) for row in ratings) for c in (1, 2, 3)]) / (4 * len(ratings))
    parts = [result.kappa_by_category.get(str(c)) or 0.0 for c in (1, 2, 3)]
    # Fleiss 1971: kappa is the mean of the categories weighted by p q.
    assert result.kappa == pytest.approx(float((p * (1 - p) * parts).sum() / (p * (1 - p)).sum()))


def test_two_categories_have_one_kappa():
    result = fleiss_kappa([[0, 0, 1], [1, 1, 1], [0, 1, 0], [0, 0, 0]])

    assert result.kappa_by_category["0"] == pytest.approx(result.kappa)
    assert result.z_by_category["1"] == pytest.approx(result.z)


def test_fleiss_names_the_items_with_other_numbers_of_ratings():
    with pytest.raises(
        ArgumentError, match=r"^ratings: all items need 3 ratings; not so: item 2, 4"
    ):
        fleiss_kappa([[1, 1, 2], [1, 2], [1, 2, 2], [1, None, 2]])


def test_fleiss_without_enough_says_so():
    assert codes(fleiss_kappa([])) == codes(fleiss_kappa([[], []])) == ["no_data"]
    assert codes(fleiss_kappa([[1], [2]])) == ["too_few"]
    alike = fleiss_kappa([[1, 1], [1, 1]])
    assert (alike.kappa, alike.agreement, codes(alike)) == (None, 1, ["no_variation"])
    unused = fleiss_kappa([["a", "b"], ["a", "a"]], categories=["a", "b", "c"])
    assert unused.kappa_by_category["c"] is None


def test_friedmans_statistic_of_scipy_is_kendalls():
    ratings = np.random.default_rng(5).integers(1, 6, size=(12, 4))
    result = kendall_w(ratings.tolist())
    theirs = reference.friedmanchisquare(*ratings)

    assert (result.chi2, result.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert 0 <= result.w <= 1


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=2, max_size=15))
def test_kendalls_w_sees_only_the_order(ratings):
    one = kendall_w(ratings)
    other = kendall_w([[math.exp(value / 3) for value in row] for row in ratings])

    if one.w is None:
        assert (other.w, codes(one)) == (None, ["no_variation"])
    else:
        assert other.w == pytest.approx(one.w)
        assert -1e-12 <= one.w <= 1 + 1e-12


def test_one_order_by_all_is_full_concordance():
    result = kendall_w([[1, 10, 3], [2, 20, 5], [3, 30, 9]])

    assert (result.w, result.mean_rank, result.df) == (pytest.approx(1), [1, 2, 3], 2)
    assert str(result.sentence).startswith("Kendall's W 1 (")


def test_kendall_without_enough_says_so():
    assert codes(kendall_w([])) == codes(kendall_w([[1, None]])) == ["no_data"]
    assert codes(kendall_w([[1, 2]])) == codes(kendall_w([[1], [2]])) == ["too_few"]
    assert kendall_w([[1, 2], [None, 3], [2, 4]]).n_missing == 1


@pytest.mark.parametrize(
    ("function", "given", "named", "argument"),
    [
        (cohen_kappa, [[1, 2], [1]], {}, "b"),
        (cohen_kappa, ["ab", "ab"], {}, "a"),
        (cohen_kappa, [[[1]], [1]], {}, "a"),
        (cohen_kappa, [[math.inf], [1]], {}, "a"),
        (cohen_kappa, [[1], [1], "cubic"], {}, "weights"),
        (cohen_kappa, [[1], [2]], {"categories": [1]}, "categories"),
        (cohen_kappa, [[1], [2]], {"categories": [1, 2, 2]}, "categories"),
        (cohen_kappa, [[1], [2]], {"confidence": 1}, "confidence"),
        (cohen_kappa_from_table, [[[1, 2]]], {}, "table"),
        (cohen_kappa_from_table, [[[1, -2], [0, 1]]], {}, "table"),
        (cohen_kappa_from_table, [[[1, None], [0, 1]]], {}, "table"),
        (cohen_kappa_from_table, [[[1, 2], [0, 1]]], {"categories": ["a"]}, "categories"),
        (fleiss_kappa, ["ab"], {}, "ratings"),
        (fleiss_kappa, [[1, 2]], {}, "ratings"),
        (fleiss_kappa, [[[1, math.inf]]], {}, "ratings"),
        (kendall_w, [[[1, "a"]]], {}, "ratings"),
        (kendall_w, [[[1, 2], [1]]], {}, "ratings"),
        (kendall_w, [[[1, math.inf], [1, 2]]], {}, "ratings"),
    ],
)
def test_what_is_no_rating_is_refused_by_the_name_of_the_argument(function, given, named, argument):
    with pytest.raises(ArgumentError) as refused:
        function(*given, **named)

    assert refused.value.argument == argument


def test_ratings_that_are_numbers_written_as_texts_are_ordered_by_size():
    texts = cohen_kappa(["1", "2", "10", "1"], ["1", "10", "10", "2"], "quadratic")
    numbers = cohen_kappa([1, 2, 10, 1], [1, 10, 10, 2], "quadratic")

    assert texts.kappa == numbers.kappa
