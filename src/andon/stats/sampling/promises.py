"""What a sampling plan promises, in one sentence."""

from andon.stats.sentences import Sentence, gettext_noop, number, percent

_SHARES = gettext_noop(
    "Accepts lots with %(good)s nonconforming in %(often)s of 100 cases, and lots with %(bad)s "
    "in %(seldom)s of 100."
)
_RATES = gettext_noop(
    "Accepts lots with %(good)s nonconformities per 100 items in %(often)s of 100 cases, and lots "
    "with %(bad)s in %(seldom)s of 100."
)


def promise(good: tuple[float, float], bad: tuple[float, float], *, rate: bool = False) -> Sentence:
    """The sentence for two points (quality, chance of acceptance) of an OC curve.

    >>> print(promise((0.01, 0.95), (0.06, 0.1)))
    Accepts lots with 1 % nonconforming in 95 of 100 cases, and lots with 6 % in 10 of 100.
    """
    return Sentence.of(
        "promise",
        _RATES if rate else _SHARES,
        good=number(100 * good[0]) if rate else percent(good[0]),
        often=f"{100 * good[1]:.3g}",
        bad=number(100 * bad[0]) if rate else percent(bad[0]),
        seldom=f"{100 * bad[1]:.3g}",
    )
