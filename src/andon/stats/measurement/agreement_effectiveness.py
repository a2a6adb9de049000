"""Effectiveness, miss rate and false alarm rate of one appraiser, as AIAG-MSA counts them."""

from dataclasses import dataclass

from andon.stats.measurement.agreement_ratings import Rating
from andon.stats.results import Value
from andon.stats.sentences import Sentence, gettext_noop, percent

# AIAG-MSA, 4th edition, chapter III C: least effectiveness, largest miss and false alarm rate.
_GOOD = (0.90, 0.02, 0.05)
_MARGINAL = (0.80, 0.05, 0.10)
_TEXTS = {
    "acceptable": gettext_noop(
        "Effectiveness %(effectiveness)s, misses %(miss)s, false alarms %(alarm)s: acceptable by"
        " the guideline of AIAG-MSA."
    ),
    "marginal": gettext_noop(
        "Effectiveness %(effectiveness)s, misses %(miss)s, false alarms %(alarm)s: marginal by the"
        " guideline of AIAG-MSA; the inspection may need improvement."
    ),
    "unacceptable": gettext_noop(
        "Effectiveness %(effectiveness)s, misses %(miss)s, false alarms %(alarm)s: unacceptable by"
        " the guideline of AIAG-MSA; the inspection needs improvement."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Effectiveness(Value):
    """Share of parts decided rightly in all trials, and of decisions that erred.

    ``miss_rate``: bad called good, of all decisions on bad parts. ``false_alarm_rate``: good
    called bad, of all decisions on good parts. None where no such part was in the study or it is
    not known which rating means good.
    """

    effectiveness: float
    effectiveness_ci: list[float]
    miss_rate: float | None
    false_alarm_rate: float | None
    sentence: Sentence | None


def effectiveness_of(
    decisions: list[tuple[Rating, Rating]], accept: Rating, share: float, ci: list[float]
) -> Effectiveness:
    """The three figures from (decision, reference) and the share of parts always right."""
    miss = alarm = None
    if accept is not None:
        bad = [made == accept for made, right in decisions if right != accept]
        good = [made != accept for made, right in decisions if right == accept]
        miss = sum(bad) / len(bad) if bad else None
        alarm = sum(good) / len(good) if good else None
    return Effectiveness(
        effectiveness=share,
        effectiveness_ci=ci,
        miss_rate=miss,
        false_alarm_rate=alarm,
        sentence=None if miss is None or alarm is None else _sentence(share, miss, alarm),
    )


def _sentence(share: float, miss: float, alarm: float) -> Sentence:
    word = "unacceptable"
    for name, (least, misses, alarms) in (("marginal", _MARGINAL), ("acceptable", _GOOD)):
        if share >= least and miss <= misses and alarm <= alarms:
            word = name
    values = {"effectiveness": share, "miss": miss, "alarm": alarm}
    return Sentence(word, _TEXTS[word], {name: percent(value) for name, value in values.items()})
