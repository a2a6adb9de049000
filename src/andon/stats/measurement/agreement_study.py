"""Attribute agreement study: appraisers against themselves, each other and the reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from andon.stats.comparison.rates import exact_interval
from andon.stats.inputs import ArgumentError, fraction
from andon.stats.measurement.agreement_cohen import cohen_kappa
from andon.stats.measurement.agreement_effectiveness import Effectiveness, effectiveness_of
from andon.stats.measurement.agreement_fleiss import fleiss_kappa
from andon.stats.measurement.agreement_ratings import Rating, label, ratings_of
from andon.stats.names import name_of
from andon.stats.results import Result, Value
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop, percent

ONE_TRIAL = Sentence(
    "too_few", gettext_noop("One trial: whether an appraiser repeats himself is not known.")
)
_Ratings = dict[Rating, dict[Rating, list[Rating]]]
_TRIALS = 2
_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Agreement(Value):
    """``agreed`` of ``n`` parts with the exact interval of the share."""

    agreed: int
    n: int
    share: float
    ci: list[float]


@dataclass(frozen=True, kw_only=True)
class AppraiserAgreement(Value):
    """One appraiser: within (all trials alike), and against the reference (all trials right).

    ``kappa_within`` is Fleiss' among the trials, ``kappa_reference`` Cohen's over all decisions.
    """

    appraiser: str
    within: Agreement | None
    reference: Agreement | None
    kappa_within: float | None
    kappa_reference: float | None
    effectiveness: Effectiveness | None


@dataclass(frozen=True, kw_only=True)
class AttributeAgreement(Result):
    """``between``: parts rated alike by all in all trials; ``all_reference``: and rightly.

    ``kappa_between`` is Fleiss' over all ratings, ``kappa_pairs`` Cohen's of each two appraisers.
    """

    appraisers: list[AppraiserAgreement]
    between: Agreement | None = None
    all_reference: Agreement | None = None
    kappa_between: float | None = None
    kappa_pairs: dict[str, float | None]
    parts: int = 0
    trials: int = 0
    sentence: Sentence | None = None


def attribute_agreement(
    part: Sequence[Rating],
    appraiser: Sequence[Rating],
    rating: Sequence[Rating],
    reference: Sequence[Rating] | Mapping[Rating, Rating] | None = None,
    *,
    accept: Rating = None,
    confidence: float = 0.95,
) -> AttributeAgreement:
    """Agreement of a go/no-go or graded inspection, as in AIAG-MSA.

    Every appraiser rates every part equally often, without knowing the reference. All shares
    count parts (a part counts only if *all* its trials agree) and have exact intervals; kappas,
    miss and false alarm rate count decisions [1]_.

    Parameters
    ----------
    part, appraiser, rating : sequences of equal length
        One entry for each decision; the order of rows is the order of trials.
    reference : sequence or mapping, optional
        The right rating: one entry for each decision, or by part.
    accept : rating, optional
        The rating that means "good"; needed for miss and false alarm rate. Default 1 if all
        ratings are 0 or 1 (AIAG's coding).
    confidence : float
        Of the intervals, two-sided.

    Returns
    -------
    AttributeAgreement
        ``within`` is None with ``too_few`` for one trial; what needs a reference is None without.

    Raises
    ------
    ValueError
        For lengths that differ, cells with another number of trials (they are named), or a part
        without reference or with two.

    References
    ----------
    .. [1] AIAG, Measurement Systems Analysis, 4th edition (2010), chapter III C.

    Examples
    --------
    >>> study = attribute_agreement(
    ...     part=[1, 2, 3, 4] * 4,
    ...     appraiser=["Ann"] * 8 + ["Ben"] * 8,
    ...     rating=[1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1],
    ...     reference=[1, 1, 0, 0] * 4,
    ... )
    >>> [row.reference.share for row in study.appraisers], study.between.agreed
    ([1.0, 0.5], 2)
    """
    level = fraction(confidence, "confidence")
    table, missing = _table(part, appraiser, rating)
    method = f"AIAG-MSA attribute study; exact binomial intervals, {level:g}"
    empty = AttributeAgreement(
        n=0, n_missing=missing, method=method, warnings=(NO_DATA,), appraisers=[], kappa_pairs={}
    )
    if not table:
        return empty
    parts = list(dict.fromkeys(key for rows in table.values() for key in rows))
    trials = _check_cells(table, parts)
    truth = _truth(reference, part, parts)
    good = _accept(name_of(accept, "accept"), table, truth)
    together = {key: [value for name in table for value in table[name][key]] for key in parts}
    between = _agreement([_alike(together[key]) for key in parts], level)
    return replace(
        empty,
        n=trials * len(parts) * len(table),
        warnings=(ONE_TRIAL,) if trials < _TRIALS else (),
        appraisers=[_appraiser(name, table[name], truth, good, level) for name in table],
        between=between if len(table) > 1 else None,
        all_reference=_against(together, truth, level),
        kappa_between=fleiss_kappa(list(together.values())).kappa if len(table) > 1 else None,
        kappa_pairs=_pairs(table, parts),
        parts=len(parts),
        trials=trials,
        sentence=_sentence(_against(together, truth, level) or between, level, truth),
    )


def _table(part: object, appraiser: object, rating: object) -> tuple[_Ratings, int]:
    columns = {"part": part, "appraiser": appraiser, "rating": rating}
    parts, names, given = (ratings_of(values, name) for name, values in columns.items())
    for name, values in (("appraiser", names), ("rating", given)):
        if len(values) != len(parts):
            raise ArgumentError(name, "must have as many entries as part")
    table: _Ratings = {}
    missing = 0
    for row in zip(parts, names, given, strict=True):
        if None in row:
            missing += 1
        else:
            table.setdefault(row[1], {}).setdefault(row[0], []).append(row[2])
    return table, missing


def _check_cells(table: _Ratings, parts: list[Rating]) -> int:
    counts = {(name, key): len(rows.get(key, [])) for name, rows in table.items() for key in parts}
    trials = max(counts.values())
    short = [
        f"{label(name)} on part {label(key)} ({count})"
        for (name, key), count in counts.items()
        if count < trials
    ]
    if short:
        raise ArgumentError(
            "rating", f"needs {trials} trials in each cell; fewer: {', '.join(short[:_SHOWN])}"
        )
    return trials


def _truth(
    reference: object, part: Sequence[Rating], parts: list[Rating]
) -> dict[Rating, Rating] | None:
    if reference is None:
        return None
    if isinstance(reference, Mapping):
        keys = ratings_of(list(reference.keys()), "reference")
        pairs = list(zip(keys, ratings_of(list(reference.values()), "reference"), strict=True))
    else:
        given = ratings_of(reference, "reference")
        if len(given) != len(part):
            raise ArgumentError("reference", "must have as many entries as part")
        pairs = list(zip(ratings_of(part, "part"), given, strict=True))
    truth: dict[Rating, Rating] = {}
    for key, value in pairs:
        if value is not None and truth.setdefault(key, value) != value:
            raise ArgumentError("reference", f"differs within part {label(key)}")
    if lost := [label(key) for key in parts if key not in truth]:
        raise ArgumentError("reference", f"is missing for part {', '.join(lost[:_SHOWN])}")
    return truth


def _accept(accept: Rating, table: _Ratings, truth: dict[Rating, Rating] | None) -> Rating:
    used = {value for rows in table.values() for cell in rows.values() for value in cell}
    used |= set((truth or {}).values())
    if accept is None:
        return 1 if used <= {0, 1} else None
    if accept not in used:
        raise ArgumentError("accept", "must be one of the ratings")
    return accept


def _alike(ratings: list[Rating]) -> bool:
    return len(set(ratings)) == 1


def _agreement(agreed: list[bool], level: float) -> Agreement:
    hits, n = sum(agreed), len(agreed)
    return Agreement(agreed=hits, n=n, share=hits / n, ci=exact_interval(hits, n - hits, level))


def _against(
    rows: dict[Rating, list[Rating]], truth: dict[Rating, Rating] | None, level: float
) -> Agreement | None:
    if truth is None:
        return None
    return _agreement([set(cell) == {truth[key]} for key, cell in rows.items()], level)


def _appraiser(
    name: Rating,
    rows: dict[Rating, list[Rating]],
    truth: dict[Rating, Rating] | None,
    good: Rating,
    level: float,
) -> AppraiserAgreement:
    repeated = len(next(iter(rows.values()))) >= _TRIALS
    against = _against(rows, truth, level)
    decisions = (
        [(value, truth[key]) for key, cell in rows.items() for value in cell] if truth else []
    )
    return AppraiserAgreement(
        appraiser=label(name),
        within=_agreement([_alike(cell) for cell in rows.values()], level) if repeated else None,
        reference=against,
        kappa_within=fleiss_kappa(list(rows.values())).kappa if repeated else None,
        kappa_reference=(
            cohen_kappa([made for made, _ in decisions], [right for _, right in decisions]).kappa
            if decisions
            else None
        ),
        effectiveness=(
            effectiveness_of(decisions, good, against.share, against.ci) if against else None
        ),
    )


def _pairs(table: _Ratings, parts: list[Rating]) -> dict[str, float | None]:
    """Cohen's kappa of each two appraisers, trial by trial."""
    flat = {name: [value for key in parts for value in rows[key]] for name, rows in table.items()}
    return {
        f"{label(one)} / {label(other)}": cohen_kappa(flat[one], flat[other]).kappa
        for one, other in combinations(table, 2)
    }


def _sentence(agreement: Agreement, level: float, truth: dict[Rating, Rating] | None) -> Sentence:
    text = (
        gettext_noop(
            "All decisions alike on %(low)s to %(high)s of the parts (%(level)s interval);"
            " %(agreed)s of %(n)s."
        )
        if truth is None
        else gettext_noop(
            "All decisions right on %(low)s to %(high)s of the parts (%(level)s interval);"
            " %(agreed)s of %(n)s."
        )
    )
    return Sentence.of(
        "attribute_agreement",
        text,
        low=percent(agreement.ci[0]),
        high=percent(agreement.ci[1]),
        level=percent(level),
        agreed=str(agreement.agreed),
        n=str(agreement.n),
    )
