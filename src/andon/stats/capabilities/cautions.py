"""What the reader of a capability study must know about the values before using the figures."""

from andon.stats.capabilities.normality import normality_test
from andon.stats.capabilities.scatter import Scatter
from andon.stats.sentences import NO_DATA, ZERO_VARIANCE, Sentence, gettext_noop, number, too_few

_FEW = 30
_FOR_NORMALITY = range(8, 5001)
_DOUBT = 0.005


def cautions(found: Scatter) -> tuple[Sentence, ...]:
    """The warnings that the values themselves give rise to."""
    if not found.n:
        return (NO_DATA,)
    warnings = []
    if found.survey.sd is None or found.within is None:
        warnings.append(too_few(2))
    elif found.survey.sd == 0:
        return (ZERO_VARIANCE,)
    elif found.within == 0:
        warnings.append(NO_SCATTER_WITHIN)
    warnings += few_values(found.n)
    if found.n in _FOR_NORMALITY:
        p = normality_test(found.values).ad_p
        if p is not None and p < _DOUBT:
            warnings.append(Sentence.of("not_normal", _NOT_NORMAL, p=number(p)))
    return tuple(warnings)


NO_SCATTER_WITHIN = Sentence(
    "zero_variance",
    gettext_noop("The values do not differ within subgroups, so Cp and Cpk are not defined."),
)
_NOT_NORMAL = gettext_noop(
    "The values do not look normal (Anderson-Darling p %(p)s): the indices and the expected ppm "
    "assume it; see capability for other distributions."
)


def few_values(n: int) -> tuple[Sentence, ...]:
    """The warning that so few values give rough figures, if they are few."""
    if n >= _FEW:
        return ()
    text = gettext_noop("n = %(n)s: with fewer than 30 values the figures are provisional.")
    return (Sentence.of("few_values", text, n=str(n)),)
