"""What quality costs, and what the lack of it costs."""

from dataclasses import dataclass

from andon.stats.inputs import ArgumentError, real
from andon.stats.results import Result
from andon.stats.scales import divisor
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, number, percent


@dataclass(frozen=True, kw_only=True)
class QualityCosts(Result):
    """``copq`` are the costs of failure; ``conformance`` those of preventing and finding it.

    ``percent`` has the share of each of the four in the total, in their order;
    ``copq_percent_of_sales`` and ``total_percent_of_sales`` need the sales.
    """

    total: float | None = None
    copq: float | None = None
    conformance: float | None = None
    percent: dict[str, float] | None = None
    copq_percent: float | None = None
    copq_percent_of_sales: float | None = None
    total_percent_of_sales: float | None = None
    sentence: Sentence | None = None


def cost_of_poor_quality(
    prevention: float | None = None,
    appraisal: float | None = None,
    internal_failure: float | None = None,
    external_failure: float | None = None,
    sales: float | None = None,
) -> QualityCosts:
    """Quality costs by prevention, appraisal and failure (PAF), and their share of sales.

    The cost of poor quality is internal + external failure; prevention + appraisal are the cost
    of conformance [1]_ [2]_.

    Parameters
    ----------
    prevention, appraisal, internal_failure, external_failure : float, optional
        Costs of one period in one currency, 0 or more; None if not recorded (a warning).
    sales : float, optional
        Sales of the same period and currency.

    Returns
    -------
    QualityCosts
        Shares are None if the total is 0.

    Raises
    ------
    ValueError
        For negative costs, or sales not above 0.

    References
    ----------
    .. [1] A. V. Feigenbaum, Total Quality Control (1956); BS 6143-2.
    .. [2] J. Campanella, Principles of Quality Costs (ASQ).

    Examples
    --------
    >>> costs = cost_of_poor_quality(10, 30, 40, 20, sales=2000)
    >>> costs.copq, costs.copq_percent_of_sales, costs.total_percent_of_sales
    (60.0, 3.0, 5.0)
    """
    given = {
        "prevention": prevention,
        "appraisal": appraisal,
        "internal_failure": internal_failure,
        "external_failure": external_failure,
    }
    costs = {name: _cost(value, name) for name, value in given.items() if value is not None}
    turnover = None if sales is None else divisor(sales, "sales")
    unknown = [name for name in given if name not in costs]
    method = "prevention, appraisal, failure"
    if not costs:
        return QualityCosts(n=0, n_missing=len(given), method=method, warnings=(NO_DATA,))
    total = sum(costs.values())
    copq = costs.get("internal_failure", 0.0) + costs.get("external_failure", 0.0)
    return QualityCosts(
        n=len(costs),
        n_missing=len(unknown),
        method=method,
        warnings=_incomplete(unknown),
        total=total,
        copq=copq,
        conformance=total - copq,
        percent={name: 100 * cost / total for name, cost in costs.items()} if total else None,
        copq_percent=100 * copq / total if total else None,
        copq_percent_of_sales=100 * copq / turnover if turnover else None,
        total_percent_of_sales=100 * total / turnover if turnover else None,
        sentence=_sentence(copq, turnover),
    )


def _cost(value: object, name: str) -> float:
    cost = real(value, name)
    if cost < 0:
        raise ArgumentError(name, "must not be negative")
    return cost


def _incomplete(unknown: list[str]) -> tuple[Sentence, ...]:
    if not unknown:
        return ()
    text = gettext_noop("Not recorded, so the true sum is higher: %(names)s.")
    return (Sentence.of("missing_costs", text, names=", ".join(unknown).replace("_", " ")),)


def _sentence(copq: float, turnover: float | None) -> Sentence:
    if turnover is None:
        text = gettext_noop("Failures cost %(copq)s.")
        return Sentence.of("copq", text, copq=number(copq))
    text = gettext_noop("Failures cost %(copq)s, %(share)s of sales.")
    return Sentence.of("copq", text, copq=number(copq), share=percent(copq / turnover))
