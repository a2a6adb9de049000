"""The state a series of lots is in between two inspections, and what moves it."""

from dataclasses import dataclass, replace

from andon.stats.results import Value
from andon.stats.sampling.tables import ISO, RuleSet, table_data
from andon.stats.sentences import Sentence, gettext_noop

NORMAL, TIGHTENED, REDUCED, DISCONTINUED = "normal", "tightened", "reduced", "discontinued"
INSPECTIONS = (NORMAL, TIGHTENED, REDUCED, DISCONTINUED)


@dataclass(frozen=True, kw_only=True)
class InspectionState(Value):
    """Where a series of lots stands: enough to continue with the next lot.

    Attributes
    ----------
    inspection : str
        For the next lot: normal, tightened, reduced or discontinued.
    score : int or None
        Switching score of ISO 2859-1 on normal inspection.
    lots : int
        Lots seen so far.
    recent : tuple of int
        Lots not accepted on normal inspection that may still count, by number.
    counted : tuple of int
        The lots of original inspection on normal that these lie among, by number.
    in_row : int
        Lots accepted in a row under this inspection.
    not_accepted : int
        Lots not accepted under tightened inspection.
    """

    inspection: str = NORMAL
    score: int | None = None
    lots: int = 0
    recent: tuple[int, ...] = ()
    counted: tuple[int, ...] = ()
    in_row: int = 0
    not_accepted: int = 0


@dataclass(frozen=True)
class Thresholds:
    """The numbers of the switching rules of one rule set, from the data."""

    rules: RuleSet
    not_accepted: int
    within: int
    to_normal: int
    to_discontinued: int
    score: int
    in_row: int

    @classmethod
    def of(cls, rules: RuleSet) -> "Thresholds":
        data = table_data("iso2859-1.json")["switching_rules"]
        to_reduced = data["normal_to_reduced"]
        return cls(
            rules=rules,
            not_accepted=data["normal_to_tightened"]["not_accepted"],
            within=data["normal_to_tightened"]["within_last_lots"],
            to_normal=data["tightened_to_normal"]["consecutive_accepted"],
            to_discontinued=data["tightened_to_discontinued"][
                "not_accepted_in_sequence_on_tightened"
            ],
            score=to_reduced["iso1999"]["switching_score_at_least"],
            in_row=to_reduced["z14"]["preceding_lots_accepted"],
        )


@dataclass(frozen=True)
class Lot:
    """One inspected lot as the rules see it; ``points`` are what it adds, None resets to 0."""

    accepted: bool
    points: int | None
    reduced_allowed: bool
    marginal: bool


@dataclass(frozen=True)
class Move:
    """What a lot does: the state for the next lot, the score after it, and why it changed."""

    state: InspectionState
    score: int | None = None
    why: Sentence | None = None


def entering(inspection: str, lots: int, rules: RuleSet) -> InspectionState:
    """The state at the begin of an inspection: every count starts anew."""
    score = 0 if inspection == NORMAL and rules == ISO else None
    return InspectionState(inspection=inspection, score=score, lots=lots)


def after_normal(state: InspectionState, lot: Lot, limits: Thresholds) -> Move:
    """The state after a lot of normal inspection, and why it changed."""
    score = None
    if limits.rules == ISO:
        score = 0 if lot.points is None else (state.score or 0) + lot.points
    counted = (*state.counted, state.lots)[-limits.within :]
    missed = state.recent if lot.accepted else (*state.recent, state.lots)
    recent = tuple(number for number in missed if number in counted)
    if len(recent) >= limits.not_accepted:
        return Move(
            entering(TIGHTENED, state.lots, limits.rules), score, _tightened(recent, limits)
        )
    in_row = state.in_row + 1 if lot.accepted else 0
    state = replace(state, score=score, recent=recent, counted=counted, in_row=in_row)
    earned = in_row >= limits.in_row if score is None else score >= limits.score
    if earned and lot.reduced_allowed:
        return Move(entering(REDUCED, state.lots, limits.rules), score, _reduced(state, limits))
    return Move(state, score)


def after_tightened(state: InspectionState, lot: Lot, limits: Thresholds) -> Move:
    """The state after a lot of tightened inspection, and why it changed."""
    if lot.accepted:
        state = replace(state, in_row=state.in_row + 1)
        if state.in_row < limits.to_normal:
            return Move(state)
        text = gettext_noop("%(count)s lots in a row were accepted on tightened inspection.")
        why = Sentence.of("to_normal", text, count=str(limits.to_normal))
        return Move(entering(NORMAL, state.lots, limits.rules), why=why)
    state = replace(state, in_row=0, not_accepted=state.not_accepted + 1)
    if state.not_accepted < limits.to_discontinued:
        return Move(state)
    text = gettext_noop(
        "%(count)s lots were not accepted while on tightened inspection: inspection under the "
        "scheme stops until the supplier has acted and the responsible authority agrees."
    )
    why = Sentence.of("to_discontinued", text, count=str(limits.to_discontinued))
    return Move(entering(DISCONTINUED, state.lots, limits.rules), why=why)


def after_reduced(state: InspectionState, lot: Lot, limits: Thresholds) -> Move:
    """The state after a lot of reduced inspection, and why it changed."""
    if lot.accepted and not lot.marginal:
        return Move(replace(state, in_row=state.in_row + 1))
    text = (
        gettext_noop("Lot %(lot)s was accepted between Ac and Re on reduced inspection.")
        if lot.accepted
        else gettext_noop("Lot %(lot)s was not accepted on reduced inspection.")
    )
    why = Sentence.of("to_normal", text, lot=str(state.lots))
    return Move(entering(NORMAL, state.lots, limits.rules), why=why)


AFTER = {NORMAL: after_normal, TIGHTENED: after_tightened, REDUCED: after_reduced}


def standing(state: InspectionState, limits: Thresholds) -> Sentence:
    """How far the series is from the next change, for the person who plans the next lot."""
    in_row = str(state.in_row)
    if state.inspection == DISCONTINUED:
        text = gettext_noop("Discontinued: the supplier has to act before inspection resumes.")
        return Sentence.of("standing", text)
    if state.inspection == TIGHTENED:
        text = gettext_noop(
            "Tightened: %(in_row)s of %(to_normal)s lots accepted in a row, "
            "%(missed)s of %(stop)s not accepted before inspection is discontinued."
        )
        stop, missed = str(limits.to_discontinued), str(state.not_accepted)
        values = {"to_normal": str(limits.to_normal), "missed": missed, "stop": stop}
        return Sentence.of("standing", text, in_row=in_row, **values)
    if state.inspection == REDUCED:
        text = gettext_noop("Reduced: %(in_row)s lots accepted in a row; one that is not ends it.")
        return Sentence.of("standing", text, in_row=in_row)
    if state.score is not None:
        text = gettext_noop(
            "Normal: switching score %(score)s, reduced inspection from %(needed)s."
        )
        score, needed = str(state.score), str(limits.score)
        return Sentence.of("standing", text, score=score, needed=needed)
    text = gettext_noop("Normal: %(in_row)s of %(needed)s lots accepted in a row for reduced.")
    return Sentence.of("standing", text, in_row=in_row, needed=str(limits.in_row))


def _tightened(recent: tuple[int, ...], limits: Thresholds) -> Sentence:
    text = gettext_noop(
        "Lots %(lots)s were not accepted on normal inspection: %(count)s of %(within)s or fewer "
        "lots in a row."
    )
    lots = ", ".join(map(str, recent))
    values = {"count": str(limits.not_accepted), "within": str(limits.within)}
    return Sentence.of("to_tightened", text, lots=lots, **values)


def _reduced(state: InspectionState, limits: Thresholds) -> Sentence:
    if state.score is not None:
        text = gettext_noop(
            "The switching score %(score)s is %(needed)s or more, and reduced inspection is "
            "allowed."
        )
        score, needed = str(state.score), str(limits.score)
        return Sentence.of("to_reduced", text, score=score, needed=needed)
    text = gettext_noop(
        "The last %(needed)s lots were accepted on normal inspection, and reduced inspection is "
        "allowed."
    )
    return Sentence.of("to_reduced", text, needed=str(limits.in_row))
