"""The state of skip-lot inspection between two lots, and what moves it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from andon.stats.inputs import ArgumentError, flag, listing, one_of, whole
from andon.stats.results import Value
from andon.stats.sentences import Sentence, gettext_noop

LOT_BY_LOT, SKIPPING, INTERRUPTED = "lot_by_lot", "skip_lot", "interrupted"


@dataclass(frozen=True, kw_only=True)
class SkipLotState(Value):
    """Where a series stands: enough to continue with the next lot.

    Attributes
    ----------
    state : str
        ``lot_by_lot`` (to qualify), ``skip_lot``, or ``interrupted`` (to requalify).
    step : int
        Place in the list of frequencies, from 0.
    in_row : int
        Lots inspected and accepted in a row in this state.
    block : int
        Lots of the present block so far.
    block_inspected : bool
        One of them was inspected.
    lots : int
        Lots seen so far.
    """

    state: str = LOT_BY_LOT
    step: int = 0
    in_row: int = 0
    block: int = 0
    block_inspected: bool = False
    lots: int = 0


@dataclass(frozen=True)
class SkipLotRules:
    """The numbers of the procedure, checked."""

    qualify_after: int
    frequencies: tuple[int, ...]
    advance_after: int
    requalify_after: int

    @classmethod
    def of(
        cls, qualify: object, frequencies: Sequence[int], advance: object, requalify: object
    ) -> "SkipLotRules":
        steps = tuple(
            whole(step, "frequencies", least=2) for step in listing(frequencies, "frequencies")
        )
        if not steps or list(steps) != sorted(set(steps)):
            raise ArgumentError("frequencies", "must rise, such as 2, 3, 4 for one lot in 2, 3, 4")
        return cls(
            whole(qualify, "qualify_after", least=1),
            steps,
            whole(advance, "advance_after", least=1),
            whole(requalify, "requalify_after", least=1),
        )

    def started(self, start: object) -> SkipLotState:
        """``start`` if it is a state these rules can be in, the first state for None."""
        if start is None:
            return SkipLotState()
        if not isinstance(start, SkipLotState):
            raise ArgumentError("start", "must be the state of an earlier result")
        one_of(start.state, tuple(_AFTER), "start")
        flag(start.block_inspected, "start")
        for count in (start.in_row, start.block, start.lots):
            whole(count, "start")
        if whole(start.step, "start") >= len(self.frequencies):
            raise ArgumentError("start", "is at a step that these frequencies do not have")
        return start

    def one_in(self, state: SkipLotState) -> int:
        """One lot in how many is inspected."""
        return self.frequencies[state.step] if state.state == SKIPPING else 1

    def due(self, state: SkipLotState) -> bool:
        """Whether the next lot has to be inspected: the last of a block of which none was."""
        return state.block + 1 >= self.one_in(state) and not state.block_inspected

    def onward(self, state: SkipLotState, *, inspected: bool) -> SkipLotState:
        """One lot further in the block; a block without an inspected lot does not end."""
        done = inspected or state.block_inspected
        block = min(state.block + 1, self.one_in(state) - (not done))
        ended = block == self.one_in(state)
        return replace(state, block=0 if ended else block, block_inspected=done and not ended)


@dataclass(frozen=True)
class Move:
    """The state for the next lot, and why it changed."""

    state: SkipLotState
    why: Sentence | None = None


def after_lot(state: SkipLotState, rules: SkipLotRules, *, accepted: bool) -> Move:
    """What an inspected lot does."""
    return _AFTER[state.state](state, rules, accepted=accepted)


def _after_qualifying(state: SkipLotState, rules: SkipLotRules, *, accepted: bool) -> Move:
    if not accepted:
        return Move(replace(state, in_row=0))
    if state.in_row + 1 < rules.qualify_after:
        return Move(replace(state, in_row=state.in_row + 1))
    text = gettext_noop(
        "%(count)s lots in a row were accepted: from now on one lot in %(one_in)s is inspected."
    )
    new = SkipLotState(state=SKIPPING, lots=state.lots)
    values = {"count": str(rules.qualify_after), "one_in": str(rules.one_in(new))}
    return Move(new, Sentence.of("qualified", text, **values))


def _after_skipping(state: SkipLotState, rules: SkipLotRules, *, accepted: bool) -> Move:
    if not accepted:
        text = gettext_noop("Lot %(lot)s was not accepted: every lot is inspected again.")
        why = Sentence.of("interrupted", text, lot=str(state.lots))
        new = SkipLotState(state=INTERRUPTED, step=state.step, lots=state.lots)
        return Move(new, why)
    in_row = state.in_row + 1
    if in_row < rules.advance_after or state.step + 1 == len(rules.frequencies):
        return Move(replace(state, in_row=in_row))
    new = SkipLotState(state=SKIPPING, step=state.step + 1, lots=state.lots)
    text = gettext_noop(
        "%(count)s inspected lots in a row were accepted: one lot in %(one_in)s is inspected now."
    )
    values = {"count": str(rules.advance_after), "one_in": str(rules.one_in(new))}
    return Move(new, Sentence.of("less_often", text, **values))


def _after_interruption(state: SkipLotState, rules: SkipLotRules, *, accepted: bool) -> Move:
    if not accepted:
        text = gettext_noop(
            "Lot %(lot)s was not accepted while skip-lot was interrupted: the product has to "
            "qualify anew."
        )
        why = Sentence.of("disqualified", text, lot=str(state.lots))
        return Move(SkipLotState(lots=state.lots), why)
    if state.in_row + 1 < rules.requalify_after:
        return Move(replace(state, in_row=state.in_row + 1))
    new = SkipLotState(state=SKIPPING, step=max(0, state.step - 1), lots=state.lots)
    text = gettext_noop(
        "%(count)s lots in a row were accepted: skip-lot resumes with one lot in %(one_in)s."
    )
    values = {"count": str(rules.requalify_after), "one_in": str(rules.one_in(new))}
    return Move(new, Sentence.of("requalified", text, **values))


_AFTER = {
    LOT_BY_LOT: _after_qualifying,
    SKIPPING: _after_skipping,
    INTERRUPTED: _after_interruption,
}
