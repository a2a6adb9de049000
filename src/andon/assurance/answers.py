"""One requirement, answered from both sides: what the records show and what an assessor says.

Nothing here says that a requirement is met. Records and verdict stand side by side, and where
they disagree a sentence says so.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import chain

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from andon.assurance.models import Assessment, Verdict
from andon.records.evidence import Evidence, EvidenceRecord, Missing, Rule, Start, State
from andon.standard import Change, Confidence, Kind, Requirement

Text = str | Promise

#: A requirement no rule looks after yet.
UNWATCHED = "unwatched"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Word:
    """A state as the pages show it; ``tone`` is one of ``andon.ui.badges``."""

    label: Text
    tone: str
    text: Text
    fill: str  # a colour of the theme


WORDS: dict[str, Word] = {
    State.CURRENT: Word(
        _("Current evidence"), "good", _("Records of the period speak for it."), "green"
    ),
    State.PARTIAL: Word(
        _("Partial evidence"), "wait", _("Records exist, and something is missing."), "yellow"
    ),
    State.STALE: Word(_("Stale evidence"), "wait", _("Only older records exist."), "orange"),
    State.NONE: Word(_("No evidence"), "neutral", _("No record speaks for it yet."), "secondary"),
    UNWATCHED: Word(
        _("No module yet"),
        "neutral",
        _("Andon has no module for this yet; keep your own record and assess it by hand."),
        "border-color",
    ),
}
VERDICT_TONES = {
    Verdict.CONFORMING: "good",
    Verdict.EFFECTIVE: "good",
    Verdict.NONCONFORMING: "act",
    Verdict.NOT_APPLICABLE: "neutral",
}
KINDS: dict[Kind, Text] = {
    Kind.ACTION: _("Something to do"),
    Kind.MAINTAIN_DOCUMENT: _("A document to keep current"),
    Kind.RETAIN_RECORD: _("A record to keep"),
}
CHANGES: dict[Change, Text] = {
    Change.ADDED: _("added"),
    Change.CHANGED: _("changed"),
    Change.MOVED: _("moved"),
    Change.REMOVED: _("removed"),
    Change.UNCHANGED: _("unchanged"),
}
SURE: dict[Confidence, Text] = {
    Confidence.HIGH: _("high"),
    Confidence.MEDIUM: _("medium"),
    Confidence.LOW: _("low"),
}
#: With several rules, what is missing for one is missing; else the best answer counts.
ORDER = (State.PARTIAL, State.CURRENT, State.STALE, State.NONE)


class Rank(IntEnum):
    """Why a requirement needs somebody, the most pressing first."""

    NONCONFORMING = 1
    CONTRADICTED = 2
    EXPIRED = 3
    MISSING = 4
    NOTHING = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One rule with its answer."""

    rule: Rule
    evidence: Evidence

    @property
    def word(self) -> Word:
        return WORDS[self.evidence.state]


@dataclass(frozen=True, slots=True)
class Blocker:
    """One requirement that stands in the way, and why."""

    rank: Rank
    text: Text
    answer: "Answer"

    @property
    def fix(self) -> Missing | None:
        """Return the first missing thing, which says where it is put right."""
        return next(iter(self.answer.missing), None)


@dataclass(frozen=True)
class Answer:
    """A requirement with what the records show and the last word of an assessor."""

    requirement: Requirement
    day: date
    found: tuple[Found, ...] = ()
    verdict: str = ""
    holds_until: date | None = None
    assessment: Assessment | None = None

    @property
    def state(self) -> str:
        """Return the state of evidence, or `UNWATCHED` when no rule looks after it."""
        if not self.found:
            return UNWATCHED
        states = {one.evidence.state for one in self.found}
        return next((state for state in ORDER if state in states), UNWATCHED)

    @property
    def word(self) -> Word:
        return WORDS[self.state]

    @property
    def kind(self) -> Text:
        return KINDS[self.requirement.kind]

    @property
    def news(self) -> Text:
        """Return what changed against the edition before, or nothing."""
        change = self.requirement.change
        return "" if change is Change.UNCHANGED else CHANGES[change]

    @property
    def sure(self) -> Text:
        return SURE[self.requirement.confidence]

    @property
    def verdict_tone(self) -> str:
        return VERDICT_TONES[Verdict(self.verdict)] if self.verdict else "neutral"

    @property
    def expired(self) -> bool:
        """Return whether the verdict no longer holds on the day."""
        return self.holds_until is not None and self.holds_until < self.day

    @property
    def records(self) -> list[EvidenceRecord]:
        """Return the newest few records of all rules."""
        rows = {row.number: row for one in self.found for row in one.evidence.records}
        newest = sorted(rows.values(), key=lambda row: row.day or date.min, reverse=True)
        return newest[:SHOWN]

    @property
    def missing(self) -> list[Missing]:
        return list(chain.from_iterable(one.evidence.missing for one in self.found))

    @property
    def starts(self) -> list[Start]:
        """Return the buttons that start the work evidence comes from, each once."""
        return list(dict.fromkeys(one.evidence.fix for one in self.found if one.evidence.fix))

    @property
    def conflict(self) -> Text:
        """Return the sentence that says how records and verdict disagree, or nothing."""
        if not self.found or not self.verdict:
            return ""
        if self.verdict in {Verdict.CONFORMING, Verdict.EFFECTIVE}:
            return _TOO_KIND.get(self.state, "")
        if self.verdict == Verdict.NOT_APPLICABLE and self.state in {State.CURRENT, State.PARTIAL}:
            return _("The assessor says it does not apply, and yet there are records of it.")
        if self.verdict == Verdict.NONCONFORMING and self.state == State.CURRENT:
            return _("The assessor says nonconforming although records are current.")
        return ""

    @property
    def blocker(self) -> Blocker | None:
        """Return why somebody must act, if somebody must; the most pressing reason counts."""
        reason = self._spoken() or self._shown()
        return Blocker(*reason, self) if reason else None

    def _spoken(self) -> tuple[Rank, Text] | None:
        if self.verdict == Verdict.NONCONFORMING:
            return Rank.NONCONFORMING, _NONCONFORMING
        if conflict := self.conflict:
            return Rank.CONTRADICTED, conflict
        return (Rank.EXPIRED, _EXPIRED) if self.expired else None

    def _shown(self) -> tuple[Rank, Text] | None:
        if self.verdict == Verdict.NOT_APPLICABLE:
            return None
        state = self.state
        if state in {State.PARTIAL, State.STALE}:
            missing = self.missing
            return Rank.MISSING, missing[0].text if missing else self.word.text
        if state != State.CURRENT and not self.verdict:
            return Rank.NOTHING, _NOTHING
        return None


_NONCONFORMING = _("Assessed as nonconforming.")
_EXPIRED = _("The assessment has expired; look at it again.")
_NOTHING = _("No evidence here, and nobody has assessed it.")
_TOO_KIND: dict[str, Text] = {
    State.NONE: _("The assessor is satisfied, and no record here speaks for it."),
    State.STALE: _("The assessor is satisfied, and the records are only older ones."),
    State.PARTIAL: _("The assessor is satisfied, and the records show that something is missing."),
}
