"""Switching between normal, tightened and reduced inspection, lot by lot, each change explained."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from andon.stats.inputs import ArgumentError, listing, one_of, whole
from andon.stats.results import Result, Value
from andon.stats.sampling.iso2859 import KINDS
from andon.stats.sampling.switching_lots import (
    LotFacts,
    acceptance_numbers,
    flags,
    hints,
    lot_numbers,
    permissions,
)
from andon.stats.sampling.switching_state import (
    AFTER,
    DISCONTINUED,
    INSPECTIONS,
    NORMAL,
    REDUCED,
    TIGHTENED,
    InspectionState,
    Lot,
    Thresholds,
    entering,
    standing,
)
from andon.stats.sampling.tables import ISO, RuleSet, rule_set
from andon.stats.sentences import NO_DATA, Sentence, gettext_noop

TIGHTER_UNKNOWN = Sentence(
    "tighter_unknown",
    gettext_noop(
        "The switching score needs to know whether a lot would have been accepted with the next "
        "tighter AQL (Ac 2 or more), or early (double and multiple plans); where that is not "
        "given, the score is reset to 0."
    ),
)
NOT_COUNTED = Sentence(
    "discontinued",
    gettext_noop("Results of lots after inspection was discontinued count for nothing."),
)


@dataclass(frozen=True, kw_only=True)
class InspectionChange(Value):
    """A change of inspection: the first lot under the new one, from what to what, and why."""

    lot: int
    previous: str
    inspection: str
    why: Sentence


@dataclass(frozen=True, kw_only=True)
class SwitchingState(Result):
    """The inspection of every lot and where the series stands after the last.

    Attributes
    ----------
    inspection_for_lot : list of str
        normal, tightened, reduced or discontinued.
    score_after : list of int or None
        Switching score after each lot; None outside normal inspection and by Z1.4.
    changes : list of InspectionChange
        Each with its reason.
    final_state : str
        Inspection for the next lot.
    state : InspectionState
        The same with all counts: give it as ``start`` to continue the series.
    standing : Sentence
        How far the next change is.
    """

    inspection_for_lot: list[str]
    score_after: list[int | None]
    changes: list[InspectionChange]
    final_state: str
    state: InspectionState
    standing: Sentence


def switching_state(
    ac: int | Sequence[int],
    results: Sequence[bool | None],
    scheme: str = ISO,
    *,
    reduced_allowed: Sequence[bool] | bool = False,
    kind: str = "single",
    accepted_tighter: Sequence[bool | None] | None = None,
    accepted_early: Sequence[bool | None] | None = None,
    marginal: Sequence[int] = (),
    irregular: Sequence[int] = (),
    resubmitted: Sequence[int] = (),
    resumed: Sequence[int] = (),
    start: str | InspectionState = NORMAL,
) -> SwitchingState:
    """Follow a series of lots through the switching rules.

    - Normal to tightened: 2 of 5 or fewer lots in a row not accepted. Lots count from the begin
      of the present stay on normal inspection.
    - Tightened to normal: 5 lots in a row accepted. Tightened to discontinued: 5 lots not
      accepted in the same stay.
    - Normal to reduced, if ``reduced_allowed``: ISO a switching score of 30; Z1.4 the last 10 lots
      accepted on normal inspection.
    - Reduced to normal: a lot not accepted, accepted between Ac and Re (Z1.4), or irregular.

    The ISO score starts at 0 with normal inspection. An accepted lot adds 2 on a single plan with
    Ac 0 or 1; 3 with Ac 2 or more if it would also be accepted at the next tighter AQL; 3 on a
    double plan if accepted on the first sample, on a multiple plan by the third. Anything else
    resets it to 0.

    Parameters
    ----------
    ac : int or sequence of int
        Acceptance number of the single plan on normal inspection, one for all or one a lot.
    results : sequence of bool or None
        Accepted or not, in the order of inspection; None: not inspected, counts for nothing.
    scheme : {"iso1999", "z14"}
        Or "ISO 2859-1:1999", "ANSI Z1.4".
    reduced_allowed : bool or sequence of bool
        Production is steady and the responsible authority agrees (Z1.4: and the limit number, if
        it is used, is met), for all lots or after each.
    kind : {"single", "double", "multiple"}
        Plans in use, for the score.
    accepted_tighter, accepted_early : sequence of bool or None, optional
        For the score: also accepted at the next tighter AQL (single, Ac 2 or more); accepted on
        the first (double) or by the third sample (multiple).
    marginal, irregular, resubmitted, resumed : sequence of int
        Numbers of lots (from 1): accepted between Ac and Re on Z1.4 reduced inspection; before
        which production was irregular or something else warrants normal inspection; presented
        again, which count for nothing; with which inspection resumes, tightened, after it was
        discontinued.
    start : str or InspectionState
        Inspection of the first lot, or the ``state`` of an earlier result; lots are then
        numbered on.

    Returns
    -------
    SwitchingState

    Raises
    ------
    ValueError
        For results that are not true, false or None, lists of different length, an unknown
        scheme, or the number of a lot that does not exist.

    References
    ----------
    .. [1] ISO 2859-1:1999, clause 9, and ANSI/ASQ Z1.4, as in ``data/iso2859-1.json``.

    Examples
    --------
    >>> series = switching_state(1, [True, False, True, False, True])
    >>> series.inspection_for_lot, series.score_after
    (['normal', 'normal', 'normal', 'normal', 'tightened'], [2, 0, 2, 0, None])
    >>> print(series.changes[0].why)
    Lots 2, 4 were not accepted on normal inspection: 2 of 5 or fewer lots in a row.
    """
    rules, given = rule_set(scheme, "scheme"), flags(results, "results")
    one_of(kind, KINDS, "kind")
    if rules == ISO and listing(marginal, "marginal"):
        raise ArgumentError("marginal", "a gap between Ac and Re exists by Z1.4 only")
    state = _started(start, rules)
    known = LotFacts(
        rules=rules,
        kind=kind,
        ac=acceptance_numbers(ac, len(given)),
        results=given,
        allowed=permissions(reduced_allowed, len(given)),
        tighter=hints(accepted_tighter, len(given), "accepted_tighter"),
        early=hints(accepted_early, len(given), "accepted_early"),
        marginal=lot_numbers(marginal, state.lots, len(given), "marginal"),
        irregular=lot_numbers(irregular, state.lots, len(given), "irregular"),
        resubmitted=lot_numbers(resubmitted, state.lots, len(given), "resubmitted"),
        resumed=lot_numbers(resumed, state.lots, len(given), "resumed"),
    )
    return _follow(state, known)


@dataclass
class _Series:
    """The lots gone through so far."""

    state: InspectionState
    inspections: list[str] = field(default_factory=list)
    scores: list[int | None] = field(default_factory=list)
    changes: list[InspectionChange] = field(default_factory=list)
    warnings: dict[str, Sentence] = field(default_factory=dict)

    def change(self, new: InspectionState, lot: int, why: Sentence | None) -> None:
        if why is not None:
            here, there = self.state.inspection, new.inspection
            self.changes.append(InspectionChange(lot=lot, previous=here, inspection=there, why=why))
        self.state = new

    def warn(self, sentence: Sentence) -> None:
        self.warnings[sentence.code] = sentence


def _follow(state: InspectionState, known: LotFacts) -> SwitchingState:
    limits = Thresholds.of(known.rules)
    series = _Series(state)
    for place in range(len(known.results)):
        series.state = replace(series.state, lots=series.state.lots + 1)
        _before_lot(series, known)
        series.inspections.append(series.state.inspection)
        series.scores.append(_after_lot(series, known, place, limits))
    missing = sum(result is None for result in known.results)
    if missing == len(known.results):
        series.warn(NO_DATA)
    return SwitchingState(
        n=len(known.results) - missing,
        n_missing=missing,
        method=f"switching rules of {known.rules}, {known.kind} sampling",
        warnings=tuple(series.warnings.values()),
        inspection_for_lot=series.inspections,
        score_after=series.scores,
        changes=series.changes,
        final_state=series.state.inspection,
        state=series.state,
        standing=standing(series.state, limits),
    )


def _before_lot(series: _Series, known: LotFacts) -> None:
    """What is told about production before the lot changes its inspection first."""
    here, lot = series.state.inspection, series.state.lots
    if lot in known.irregular and here == REDUCED:
        text = gettext_noop(
            "Production was irregular, or something else warrants normal inspection."
        )
        series.change(entering(NORMAL, lot, known.rules), lot, Sentence("to_normal", text))
    if lot in known.resumed:
        if here != DISCONTINUED:
            raise ArgumentError("resumed", f"inspection is not discontinued at lot {lot}")
        text = gettext_noop("The supplier has acted and the responsible authority agrees.")
        series.change(entering(TIGHTENED, lot, known.rules), lot, Sentence("resumed", text))


def _after_lot(series: _Series, known: LotFacts, place: int, limits: Thresholds) -> int | None:
    """Move the series by one lot and return the score after it."""
    accepted, state = known.results[place], series.state
    if accepted is None or state.lots in known.resubmitted:
        return state.score
    if state.inspection == DISCONTINUED:
        series.warn(NOT_COUNTED)
        return None
    if state.score is not None and known.lacks_hint(place):
        series.warn(TIGHTER_UNKNOWN)
    lot = Lot(
        accepted=accepted,
        points=known.points(place),
        reduced_allowed=known.allowed[place],
        marginal=state.lots in known.marginal,
    )
    move = AFTER[state.inspection](state, lot, limits)
    series.change(move.state, state.lots + 1, move.why)
    return move.score


def _started(start: str | InspectionState, rules: RuleSet) -> InspectionState:
    if not isinstance(start, InspectionState):
        return entering(one_of(start, INSPECTIONS, "start"), 0, rules)
    one_of(start.inspection, INSPECTIONS, "start")
    if start.inspection == NORMAL and (start.score is None) == (rules == ISO):
        raise ArgumentError("start", "is a state of the other scheme")
    lots = (*listing(start.recent, "start"), *listing(start.counted, "start"))
    for count in (start.score or 0, start.lots, start.in_row, start.not_accepted, *lots):
        whole(count, "start")
    return start
