"""The sentences of the verdict on an action, and the conditions they state."""

from collections.abc import Sequence
from dataclasses import dataclass

from andon.stats.comparison.periods import Dispersion, MetricKind
from andon.stats.sentences import Sentence, gettext_noop, number, percent

LEAST_POWER = 0.5
MANY_POINTS = 8

_Row = tuple[str, bool | None, Sentence]


@dataclass(frozen=True)
class Facts:
    """What the verdict rests on; ``lower`` says that a smaller level is better."""

    kind: MetricKind
    lower: bool
    before: float
    after: float
    goal: float
    interval: tuple[float, float] | None
    confidence: float
    exposure: float
    minimum: float
    window: bool
    stable: bool | None
    drifts: bool | None
    recurrences: int
    spread: Dispersion
    points: tuple[int, int]
    power: tuple[float | None, float | None]

    def better(self, level: float, than: float) -> bool:
        return level < than if self.lower else level > than

    def excludes_no_change(self) -> bool | None:
        """Whether the whole interval is better than the level before."""
        if self.interval is None:
            return None
        return all(self.better(end, self.before) for end in self.interval)

    def misses_goal(self) -> bool:
        """Whether the whole interval falls short of the target."""
        return self.interval is not None and all(
            self.better(self.goal, end) for end in self.interval
        )

    def show(self, level: float) -> str:
        return percent(level) if self.kind == "proportion" else number(level)

    def change(self, level: float) -> str:
        return percent((level - self.before) / abs(self.before)) if self.before else "–"

    def short_of_data(self) -> bool:
        return self.power[0] is not None and self.power[0] < LEAST_POWER

    def headline(self) -> Sentence:
        """The change, its interval first."""
        if not self.before:
            return Sentence("no_baseline", _NO_BASELINE)
        levels = {"before": self.show(self.before), "after": self.show(self.after)}
        if self.interval is None:
            return Sentence("no_interval", _NO_INTERVAL, levels)
        low, high = self.interval
        return Sentence.of(
            "change_seen",
            _CHANGE,
            **levels,
            change=self.change(self.after),
            confidence=f"{self.confidence * 100:g} %",
            low=self.change(low),
            high=self.change(high),
        )

    def data_sentence(self) -> Sentence:
        chance, more = self.power
        values = {"chance": percent(chance or 0.0), "seen": number(self.exposure)}
        if more is None:
            return Sentence("not_enough_data", _NOT_ENOUGH_EVER, values)
        return Sentence("not_enough_data", _NOT_ENOUGH, values | {"more": number(more)})

    def reasons(self, outcome: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
        short = outcome == "inconclusive" and self.short_of_data()
        data = [self.data_sentence()] if short else []
        return (_OUTCOMES[outcome], self.headline(), *data, *sentences)

    @staticmethod
    def no_points(*, before: bool) -> Sentence:
        return Sentence("no_data", _NONE_BEFORE if before else _NONE_AFTER)


def checks(facts: Facts) -> list[_Row]:
    """Name, whether met (None: not known), and sentence of each condition."""
    return [
        _window(facts),
        _exposure(facts),
        _change(facts),
        _target(facts),
        _stable(facts),
        _drift(facts),
        _recurrence(facts),
    ]


def _window(facts: Facts) -> _Row:
    text = _WINDOW_PASSED if facts.window else _WINDOW_OPEN
    return "window", facts.window, Sentence("window", text)


def _exposure(facts: Facts) -> _Row:
    met = facts.exposure >= facts.minimum
    values = {"seen": number(facts.exposure), "least": number(facts.minimum)}
    text = _EXPOSURE_REACHED if met else _EXPOSURE_SHORT
    if not facts.minimum:
        text = _NO_MINIMUM
    return "exposure", met, Sentence("exposure", text, values)


def _change(facts: Facts) -> _Row:
    met = facts.excludes_no_change()
    text = {True: _SURE, False: _MAY_BE_CHANCE, None: _UNKNOWN_CHANGE}[met]
    return "change", met, Sentence("change", text)


def _target(facts: Facts) -> _Row:
    met = not facts.better(facts.goal, facts.after)
    values = {"goal": facts.show(facts.goal), "after": facts.show(facts.after)}
    text = _TARGET_MET if met else _TARGET_MISSED
    if facts.misses_goal():
        text = _TARGET_OUT
    return "target", met, Sentence("target", text, values)


def _stable(facts: Facts) -> _Row:
    text = {True: _STABLE, False: _UNSTABLE, None: _STABILITY_UNKNOWN}[facts.stable]
    return "stable", facts.stable, Sentence("stable", text)


def _drift(facts: Facts) -> _Row:
    text = {True: _DRIFTS, False: _NO_DRIFT, None: _DRIFT_UNKNOWN}[facts.drifts]
    return "drift", not facts.drifts, Sentence("drift", text)


def _recurrence(facts: Facts) -> _Row:
    if not facts.recurrences:
        return "recurrence", True, Sentence("recurrence", _NO_RECURRENCE)
    values = {"count": str(facts.recurrences)}
    return "recurrence", False, Sentence("recurrence", _RECURRED, values)


def warnings(facts: Facts) -> tuple[Sentence, ...]:
    """What the reader must know before using the numbers."""
    found = []
    if facts.interval is None:
        found.append(facts.headline())
    if facts.spread.inflation > 1 and facts.spread.lag1 is not None:
        found.append(Sentence.of("autocorrelated", _SERIAL, lag=number(facts.spread.lag1)))
    if facts.spread.factor > 1 and facts.kind in {"proportion", "rate"}:
        values = {"times": number(facts.spread.factor)}
        found.append(Sentence("overdispersed", _OVERDISPERSED, values))
    if min(facts.points) < MANY_POINTS:
        found.append(Sentence("few_points", _FEW_POINTS))
    if facts.short_of_data():
        found.append(facts.data_sentence())
    return tuple(found)


_OUTCOMES = {
    "effective": Sentence(
        "effective",
        gettext_noop("Effective: the change is real, meets the target, and the level is stable."),
    ),
    "not_effective": Sentence(
        "not_effective",
        gettext_noop("Not effective: even the best end of the interval falls short of the target."),
    ),
    "inconclusive": Sentence(
        "inconclusive", gettext_noop("Inconclusive: the data do not yet support a verdict.")
    ),
}
_CHANGE = gettext_noop(
    "The level went from %(before)s to %(after)s: a change of %(change)s (%(confidence)s interval "
    "%(low)s to %(high)s)."
)
_NO_INTERVAL = gettext_noop(
    "The level went from %(before)s to %(after)s, but the points do not show how much of that is "
    "chance."
)
_NO_BASELINE = gettext_noop("The level before is zero, so there is no change to measure.")
_NONE_BEFORE = gettext_noop("There are no values before the action to compare with.")
_NONE_AFTER = gettext_noop("There are no values after the action yet.")
_NOT_ENOUGH = gettext_noop(
    "Not enough data: with the %(seen)s seen after the action, the promised change would show with "
    "a chance of only %(chance)s; about %(more)s are needed for 80 %%."
)
_NOT_ENOUGH_EVER = gettext_noop(
    "Not enough data: with the %(seen)s seen after the action, the promised change would show with "
    "a chance of only %(chance)s, and waiting longer cannot mend it: the baseline is too short."
)
_WINDOW_PASSED = gettext_noop("The planned window has passed.")
_WINDOW_OPEN = gettext_noop("The planned window has not passed yet.")
_EXPOSURE_REACHED = gettext_noop("The minimum exposure is reached: %(seen)s of %(least)s.")
_EXPOSURE_SHORT = gettext_noop("The minimum exposure is not reached: %(seen)s of %(least)s.")
_NO_MINIMUM = gettext_noop("No minimum exposure was set; %(seen)s were seen.")
_SURE = gettext_noop("The interval excludes no change.")
_MAY_BE_CHANCE = gettext_noop(
    "The interval includes no change, or a change the wrong way: what is seen may be chance."
)
_UNKNOWN_CHANGE = gettext_noop("No interval can be given for the change.")
_TARGET_MET = gettext_noop("The level after, %(after)s, meets the target of %(goal)s.")
_TARGET_MISSED = gettext_noop(
    "The level after, %(after)s, does not meet the target of %(goal)s, but the interval reaches it."
)
_TARGET_OUT = gettext_noop(
    "The level after, %(after)s, does not meet the target of %(goal)s, nor does any value in the "
    "interval."
)
_STABLE = gettext_noop("The period after the action is stable: its control chart has no signal.")
_UNSTABLE = gettext_noop(
    "The period after the action is not stable: its control chart has a signal, or it worsens."
)
_STABILITY_UNKNOWN = gettext_noop(
    "Whether the period after the action is stable cannot be told: at least 3 points are needed."
)
_NO_DRIFT = gettext_noop("No drift the wanted way is seen within the periods.")
_DRIFTS = gettext_noop(
    "The level was moving the wanted way by itself, within the periods before and after: the action"
    " cannot be told from that drift."
)
_DRIFT_UNKNOWN = gettext_noop("Too few points to tell a drift from a step.")
_NO_RECURRENCE = gettext_noop("There is no relevant recurrence.")
_RECURRED = gettext_noop("Relevant recurrences after the action: %(count)s.")
_SERIAL = gettext_noop(
    "Neighbouring points resemble each other (lag-1 correlation %(lag)s), so the interval was "
    "widened."
)
_OVERDISPERSED = gettext_noop(
    "The points vary %(times)s times as much as pure counting would (variance), so the interval "
    "was widened."
)
_FEW_POINTS = gettext_noop(
    "One of the periods has fewer than 8 points, so its scatter and stability are known poorly."
)
