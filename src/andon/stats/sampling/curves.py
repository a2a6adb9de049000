"""The operating characteristic of a plan by attributes, and what its use costs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, listed
from andon.stats.results import Result
from andon.stats.sampling.populations import (
    CountModel,
    Population,
    checked_model,
    checked_share,
    qualities_of,
)
from andon.stats.sampling.promises import promise
from andon.stats.sampling.stages import (
    Numbers,
    Stages,
    acceptance,
    curtailed_number,
    outgoing,
    sample_number,
    total_inspection,
)
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop

DRAWN_POINTS = 101
_HALVINGS = 52
_HALF = 0.5
_NAMED = (0.95, _HALF, 0.1, 0.001)
"""Chances of acceptance whose quality is named; the last one is where a drawing ends."""
_MOST_PATHS = 1000
_MOST_WORK, _CALL = 400_000, 2000
"""About five seconds; what one sample from a lot takes, in items."""
GAP = Sentence(
    "reduced_gap",
    gettext_noop(
        "Between Ac and Re the lot is accepted, but normal inspection begins with the next lot."
    ),
)


@dataclass(frozen=True, kw_only=True)
class OcCurve(Result):
    """One list a quantity, one value for each quality in ``p``; ``rows`` gives it as a table.

    ``n``, ``ac`` and ``re`` are the plan, one number a stage. ``p95``, ``p50`` and ``p10`` are the
    qualities accepted in 95, 50 and 10 of 100 cases.
    """

    n: list[int]  # type: ignore[assignment]  # the sample sizes, as the cases name them
    ac: list[int]
    re: list[int]
    p: list[float | None]
    pa: list[float | None]
    asn: list[float | None]
    asn_curtailed: list[float | None]
    aoq: list[float | None]
    ati: list[float | None] | None = None
    aoql: float | None = None
    aoql_p: float | None = None
    p95: float | None = None
    p50: float | None = None
    p10: float | None = None
    promise: Sentence | None = None

    def rows(self) -> list[dict[str, object]]:
        """One row a quality."""
        names = [name for name in ("p", "pa", "asn", "asn_curtailed", "aoq", "ati") if self[name]]
        return [
            dict(zip(names, values, strict=True))
            for values in zip(*(getattr(self, name) for name in names), strict=True)
        ]


def oc_curve(
    n: Numbers,
    ac: Numbers,
    re: Numbers | None = None,
    *,
    model: CountModel = "binomial",
    p: Values | float | None = None,
    lot_size: int | None = None,
) -> OcCurve:
    r"""Chance that a plan of any number of stages accepts, for each quality ``p``.

    After stage i the lot is accepted if the nonconforming items found so far number at most
    ``ac[i]``, rejected from ``re[i]`` on, and the next sample is drawn otherwise. The chances of
    all totals are carried from stage to stage, so that every path is counted once [1]_ [2]_.

    With :math:`n_i` items drawn up to stage i, :math:`P_i` the chance of acceptance there,
    :math:`P_a = \sum P_i` and N the lot size:
    ``asn`` is the average number of items inspected, ``asn_curtailed`` the same if inspection
    stops at the rejection number from the second sample on,
    ``ati`` :math:`= \sum n_i P_i + (1-P_a) N` and
    ``aoq`` :math:`= p \sum P_i (N-n_i)/N` (:math:`p P_a` without a lot size) when rejected lots
    are sorted and bad items replaced; a lot of the hypergeometric model is followed exactly.
    ``aoql`` is the largest ``aoq`` at any quality, met at ``aoql_p``.

    Parameters
    ----------
    n : int or list of int
        Sample size of each stage.
    ac, re : int or list of int
        Cumulative acceptance and rejection numbers. An ``ac`` of None or -1: no acceptance at that
        stage. Without ``re`` every stage rejects from the last ``ac`` + 1 on.
    model : {"binomial", "poisson", "hypergeometric"}
        Nonconforming items of a process, nonconformities (``p`` per item, may exceed 1), or
        nonconforming items of one lot, D = round(N p), that every sample depletes.
    p : list of float, optional
        Qualities as fractions; default: 101 points from 0 to where hardly a lot is accepted.
    lot_size : int, optional
        N; needed for the hypergeometric model and for ``ati``.

    Returns
    -------
    OcCurve

    Raises
    ------
    ValueError
        For a plan that cannot be (no stage, numbers that fall, ``re <= ac``, more items than the
        lot has), one whose paths would take minutes to follow, an unknown model, or ``p`` outside
        0..1.

    References
    ----------
    .. [1] NIST/SEMATECH e-Handbook of Statistical Methods, 6.2.3.2 and 6.2.3.3.
    .. [2] D. C. Montgomery, Introduction to Statistical Quality Control, chapter 15.

    Examples
    --------
    >>> curve = oc_curve(52, 3, p=[0.01, 0.05, 0.1])
    >>> [round(chance, 3) for chance in curve.pa]
    [0.998, 0.738, 0.223]
    >>> print(curve.promise)
    Accepts lots with 2.67 % nonconforming in 95 of 100 cases, and lots with 12.4 % in 10 of 100.
    >>> [round(items, 1) for items in oc_curve([50, 50], [0, 3], [3, 4], p=[0.01, 0.05]).asn]
    [69.1, 73.2]
    """
    kind, size = checked_model(model, lot_size)
    plan = Stages.of(n, ac, re, size)
    _check_work(plan, size if kind == "hypergeometric" else None)
    study = _Study(plan, kind, size)
    p95, p50, p10, end = (study.quality(wanted) for wanted in _NAMED)
    drawn = np.linspace(0, 1.0 if end is None else end, DRAWN_POINTS)
    qualities = drawn if p is None else _qualities(p, kind)
    missing = int(np.isnan(qualities).sum())
    peak, at = study.worst(end)
    warnings = [GAP] if plan.has_gap else []
    if missing == qualities.size:
        warnings.append(NO_DATA)
    return OcCurve(
        n=list(plan.n),
        ac=list(plan.ac),
        re=list(plan.re),
        n_missing=missing,
        method=_method(kind, size),
        warnings=tuple(warnings),
        p=listed(qualities),
        pa=study.at(qualities, acceptance),
        asn=study.at(qualities, sample_number),
        asn_curtailed=study.at(qualities, curtailed_number),
        aoq=study.at(qualities, lambda plan, lot: outgoing(plan, lot, size)),
        ati=None
        if size is None
        else study.at(qualities, lambda plan, lot: total_inspection(plan, lot, size)),
        aoql=peak,
        aoql_p=at,
        p95=p95,
        p50=p50,
        p10=p10,
        promise=study.promise(p95, p10),
    )


def _check_work(plan: Stages, lot_size: int | None) -> None:
    """ArgumentError where the paths through the later stages would take minutes to follow."""
    paths = sum(plan.re[1:])
    if paths > _MOST_PATHS:
        raise ArgumentError("re", f"of the later stages must not add up to over {_MOST_PATHS:,}")
    if lot_size is not None and paths * (_CALL + max(plan.n)) > _MOST_WORK:
        raise ArgumentError("n", "and re are too large to follow through one lot: take binomial")


def _qualities(p: Values | float, model: CountModel) -> Floats:
    values = qualities_of(p)
    for value in values[~np.isnan(values)]:
        checked_share(value, "p", model)
    return values


def _method(model: CountModel, size: int | None) -> str:
    names = {
        "binomial": "binomial: nonconforming items of a process",
        "poisson": "Poisson: nonconformities per item",
        "hypergeometric": "hypergeometric: one lot, depleted by its samples",
    }
    return names[model] + (f"; lot of {size}" if size else "; outgoing quality of a large lot")


@dataclass(frozen=True)
class _Study:
    plan: Stages
    model: CountModel
    size: int | None

    def lot(self, p: float) -> Population:
        return Population(self.model, p, self.size or 0)

    def accepts(self, p: float) -> float:
        return acceptance(self.plan, self.lot(p))

    def at(
        self, qualities: Floats, figure: Callable[[Stages, Population], float]
    ) -> list[float | None]:
        return [
            None if np.isnan(p) else float(figure(self.plan, self.lot(float(p)))) for p in qualities
        ]

    def real(self, p: float) -> float:
        """``p``, or the nearest that the lot can have."""
        return self.lot(p).bad / self.lot(p).lot_size if self.model == "hypergeometric" else p

    def quality(self, wanted: float) -> float | None:
        """The worst quality accepted with at least this chance; None if there is no end to it.

        In a lot of whole items it is the first one accepted with at most this chance where that
        is a small one, so that what is promised to the consumer holds.
        """
        low, high = 0.0, 1.0
        while self.model == "poisson" and self.accepts(high) > wanted:
            high *= 2
        if self.accepts(high) > wanted:
            return None
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.accepts(middle) >= wanted:
                low = middle
            else:
                high = middle
            if self.model == "hypergeometric" and self.lot(low).bad + 1 >= self.lot(high).bad:
                break
        return self.real(high if wanted < _HALF else low)

    def worst(self, end: float | None) -> tuple[float | None, float | None]:
        """The average outgoing quality limit up to ``end``, and the quality it is reached at."""
        if end is None:
            return None, None
        low, high = 0.0, end
        best = (0.0, 0.0)
        for points in (41, *[11] * 8):
            grid = np.linspace(low, high, points)
            if self.model == "hypergeometric":
                grid = np.unique([self.real(float(p)) for p in grid])
            found = [outgoing(self.plan, self.lot(float(p)), self.size) for p in grid]
            top = int(np.argmax(found))
            best = max(best, (float(found[top]), float(grid[top])))
            low, high = float(grid[max(0, top - 1)]), float(grid[min(grid.size - 1, top + 1)])
        return best

    def promise(self, good: float | None, bad: float | None) -> Sentence | None:
        if good is None or bad is None:
            return None
        points = (good, self.accepts(good)), (bad, self.accepts(bad))
        return promise(*points, rate=self.model == "poisson")
