"""The attribute study of AIAG-MSA: within, between, against the reference."""

import json

import pytest
from scipy import stats as reference

from andon.stats import ArgumentError, attribute_agreement, cohen_kappa, fleiss_kappa


def codes(result):
    json.dumps(result.to_dict(), allow_nan=False)
    return [warning.code for warning in result.warnings]


# Six parts, two appraisers, two trials; 1 is good. Ann errs never, Ben misses part 4 once (a bad
# part called good) and raises one false alarm on part 1.
PART = [1, 2, 3, 4, 5, 6] * 4
WHO = ["Ann"] * 12 + ["Ben"] * 12
TRUE = [1, 1, 1, 0, 0, 0] * 4
SAID = [1, 1, 1, 0, 0, 0] * 2 + [0, 1, 1, 0, 0, 0] + [1, 1, 1, 1, 0, 0]


def study(**changes):
    given = {"part": PART, "appraiser": WHO, "rating": SAID, "reference": TRUE}
    return attribute_agreement(**(given | changes))


def test_an_attribute_study_counts_within_between_and_against_the_reference():
    result = study()
    ann, ben = result.appraisers

    assert (ann.within.agreed, ann.reference.agreed) == (6, 6)
    assert (ben.within.agreed, ben.reference.agreed) == (4, 4)
    assert (result.between.agreed, result.all_reference.agreed) == (4, 4)
    assert (result.parts, result.trials, result.n) == (6, 2, 24)
    assert ben.within.ci == pytest.approx(list(reference.binomtest(4, 6).proportion_ci()))
    assert str(result.sentence).startswith("All decisions right on 22.3 % to 95.7 % of the parts")
    assert codes(result) == []


def test_misses_are_of_bad_parts_and_false_alarms_of_good_ones():
    ann, ben = (row.effectiveness for row in study().appraisers)

    assert (ann.effectiveness, ann.miss_rate, ann.false_alarm_rate) == (1, 0, 0)
    assert "acceptable by" in str(ann.sentence)
    assert (ben.effectiveness, ben.miss_rate, ben.false_alarm_rate) == pytest.approx(
        (4 / 6, 1 / 6, 1 / 6)
    )
    assert "unacceptable by" in str(ben.sentence)


def test_the_middle_of_aiags_guideline_is_marginal():
    part = list(range(50)) * 3
    truth = [0] * 25 + [1] * 25
    said = [*truth, *truth, *truth]
    for place in (0, 26, 27, 28, 29):
        said[place] = 1 - said[place]
    result = attribute_agreement(part, ["Ann"] * 150, said, truth * 3)

    assert "marginal by" in str(result.appraisers[0].effectiveness.sentence)
    assert result.between is None
    assert result.kappa_pairs == {}


def test_the_kappas_of_a_study_are_those_of_the_functions():
    result = study()
    ben = result.appraisers[1]

    assert ben.kappa_reference == cohen_kappa(SAID[12:], TRUE[12:]).kappa
    assert ben.kappa_within == fleiss_kappa(list(zip(SAID[12:18], SAID[18:], strict=True))).kappa
    pairs = list(zip(SAID[:6], SAID[6:12], SAID[12:18], SAID[18:], strict=True))
    assert result.kappa_between == pytest.approx(fleiss_kappa(pairs).kappa)
    assert result.kappa_pairs["Ann / Ben"] == pytest.approx(cohen_kappa(SAID[:12], SAID[12:]).kappa)


def test_a_reference_by_part_is_as_good_as_one_by_row():
    by_part = study(reference=dict(zip(PART, TRUE, strict=True)))

    assert by_part.to_dict() == study().to_dict()


def test_without_a_reference_only_agreement_is_judged():
    result = study(reference=None)

    assert (result.all_reference, result.appraisers[0].reference) == (None, None)
    assert (result.appraisers[0].effectiveness, result.appraisers[0].kappa_reference) == (
        None,
        None,
    )
    assert str(result.sentence).startswith("All decisions alike on")


def test_one_trial_says_nothing_about_repeating():
    result = study(
        part=PART[:6] * 2, appraiser=["A"] * 6 + ["B"] * 6, rating=SAID[6:18], reference=TRUE[:12]
    )

    assert result.appraisers[0].within is None
    assert result.appraisers[0].kappa_within is None
    assert codes(result) == ["too_few"]


def test_grades_need_to_be_told_which_one_is_good():
    said = ["good" if value else "bad" for value in SAID]
    truth = ["good" if value else "bad" for value in TRUE]
    untold = study(rating=said, reference=truth).appraisers[1].effectiveness
    told = study(rating=said, reference=truth, accept="good").appraisers[1].effectiveness

    assert (untold.miss_rate, untold.false_alarm_rate, untold.sentence) == (None, None, None)
    assert told.miss_rate == pytest.approx(1 / 6)
    only_good = study(rating=[1] * 24, reference=[1] * 24).appraisers[0].effectiveness
    assert (only_good.miss_rate, only_good.false_alarm_rate) == (None, 0)


def test_no_decisions_are_no_data():
    assert codes(attribute_agreement([], [], [])) == ["no_data"]
    assert attribute_agreement([1], ["A"], [None]).n_missing == 1


def test_missing_decisions_are_named_by_their_cell():
    said = [*SAID]
    said[14] = None
    with pytest.raises(
        ArgumentError, match=r"^rating: needs 2 trials in each cell; fewer: Ben on part 3 \(1\)"
    ):
        study(rating=said)


@pytest.mark.parametrize(
    ("named", "argument"),
    [
        ({"rating": SAID[1:]}, "rating"),
        ({"appraiser": WHO[1:]}, "appraiser"),
        ({"reference": TRUE[1:]}, "reference"),
        ({"reference": [0, *TRUE[1:]]}, "reference"),
        ({"reference": {1: 1}}, "reference"),
        ({"accept": 7}, "accept"),
        ({"confidence": 0}, "confidence"),
    ],
)
def test_a_study_that_cannot_be_is_refused_by_the_name_of_the_argument(named, argument):
    with pytest.raises(ArgumentError) as refused:
        study(**named)

    assert refused.value.argument == argument
