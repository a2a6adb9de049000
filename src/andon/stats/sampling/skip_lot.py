"""Skip-lot inspection: good suppliers earn that only some of their lots are inspected."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from andon.stats.results import Result
from andon.stats.sampling.skip_lot_state import SkipLotRules, SkipLotState, after_lot
from andon.stats.sampling.switching import InspectionChange
from andon.stats.sampling.switching_lots import flags
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop

SIMPLIFIED = Sentence(
    "simplified",
    gettext_noop(
        "The steps follow the idea of ISO 2859-3; the numbers are those given here and were not "
        "compared with a copy of the standard."
    ),
)


@dataclass(frozen=True, kw_only=True)
class SkipLot(Result):
    """Which lots had to be inspected, and where the series stands.

    Attributes
    ----------
    state_for_lot : list of str
        ``lot_by_lot``, ``skip_lot`` or ``interrupted``.
    one_in_for_lot : list of int
        One lot in how many is inspected; 1 is every lot.
    due : list of bool
        The lot had to be inspected: in skip-lot the last of a block of which none was.
    changes : list of InspectionChange
        Each with its reason.
    final_state, next_due
        State for the next lot, and whether it has to be inspected.
    state : SkipLotState
        All counts: give it as ``start`` to continue the series.
    """

    state_for_lot: list[str]
    one_in_for_lot: list[int]
    due: list[bool]
    changes: list[InspectionChange]
    final_state: str
    next_due: bool
    state: SkipLotState


def skip_lot(
    results: Sequence[bool | None],
    *,
    qualify_after: int = 10,
    frequencies: Sequence[int] = (2, 3, 4),
    advance_after: int = 10,
    requalify_after: int = 4,
    start: SkipLotState | None = None,
) -> SkipLot:
    """Follow a series of lots through skip-lot inspection.

    - Lot by lot: every lot is inspected. After ``qualify_after`` accepted in a row the product
      qualifies, and one lot in ``frequencies[0]`` is inspected.
    - Skip-lot: each ``advance_after`` inspected lots accepted in a row lead to the next frequency;
      one that is not accepted interrupts.
    - Interrupted: every lot is inspected. After ``requalify_after`` accepted in a row skip-lot
      resumes one frequency lower; one that is not accepted disqualifies, and the product has to
      qualify anew.

    Simplified against ISO 2859-3: lots in a row instead of its qualification score, no limit of
    time or lots for qualifying, and the qualification of the supplier is taken as done.
    ``frequencies=(k,)`` with ``requalify_after=qualify_after`` is the plan SkSP-2 of Dodge and
    Perry.

    Parameters
    ----------
    results : sequence of bool or None
        For each lot submitted, in order: accepted, not accepted, or None if not inspected. Draw at
        random beforehand which lot of each block is inspected.
    qualify_after, advance_after, requalify_after : int
        Lots accepted in a row, 1 or more.
    frequencies : sequence of int
        One lot in 2, 3, 4: rising, each 2 or more.
    start : SkipLotState, optional
        ``state`` of an earlier result; lots are then numbered on.

    Returns
    -------
    SkipLot
        A lot that was due and not inspected counts for nothing, with the warning
        ``not_inspected``; the next one is due then.

    Raises
    ------
    ValueError
        For results that are not true, false or None, counts below 1, or frequencies that do not
        rise.

    References
    ----------
    .. [1] ISO 2859-3:2005 (idea of the states); R. L. Perry, J. Quality Technology 5 (1973) 123;
           NIST/SEMATECH e-Handbook of Statistical Methods, 6.2.7.

    Examples
    --------
    >>> series = skip_lot([True, True, None, True, False], qualify_after=2)
    >>> series.one_in_for_lot, series.final_state
    ([1, 1, 2, 2, 2], 'interrupted')
    >>> print(series.changes[1].why)
    Lot 5 was not accepted: every lot is inspected again.
    """
    rules = SkipLotRules.of(qualify_after, frequencies, advance_after, requalify_after)
    given = flags(results, "results")
    series = _Series(rules.started(start))
    for accepted in given:
        series.add(rules, accepted=accepted)
    inspected = sum(accepted is not None for accepted in given)
    return SkipLot(
        n=inspected,
        n_missing=len(series.missed),
        method=f"skip-lot, one lot in {', '.join(map(str, rules.frequencies))}",
        warnings=(*(() if inspected else (NO_DATA,)), SIMPLIFIED, *_not_inspected(series.missed)),
        state_for_lot=series.states,
        one_in_for_lot=series.one_in,
        due=series.due,
        changes=series.changes,
        final_state=series.state.state,
        next_due=rules.due(series.state),
        state=series.state,
    )


@dataclass
class _Series:
    """The lots gone through so far."""

    state: SkipLotState
    states: list[str] = field(default_factory=list)
    one_in: list[int] = field(default_factory=list)
    due: list[bool] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    changes: list[InspectionChange] = field(default_factory=list)

    def add(self, rules: SkipLotRules, *, accepted: bool | None) -> None:
        here = replace(self.state, lots=self.state.lots + 1)
        self.states.append(here.state)
        self.one_in.append(rules.one_in(here))
        self.due.append(rules.due(here))
        if accepted is None:
            self.missed += [here.lots] if rules.due(here) else []
            self.state = rules.onward(here, inspected=False)
            return
        move = after_lot(here, rules, accepted=accepted)
        if move.why is None:
            self.state = rules.onward(move.state, inspected=True)
            return
        change = InspectionChange(
            lot=here.lots + 1, previous=here.state, inspection=move.state.state, why=move.why
        )
        self.changes.append(change)
        self.state = move.state


def _not_inspected(missed: list[int]) -> tuple[Sentence, ...]:
    if not missed:
        return ()
    text = gettext_noop("Lots that had to be inspected were not: %(lots)s.")
    return (Sentence.of("not_inspected", text, lots=", ".join(map(str, missed))),)
