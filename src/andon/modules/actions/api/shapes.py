"""What the parts of a corrective action take and answer."""

from datetime import date

from ninja import Schema
from pydantic import Field

from andon.modules.actions.models import ActionItem, Cause, CorrectiveAction, Verdict
from andon.records.api import Sent


class CaseIn(Sent):
    case: str = Field(min_length=1, max_length=40)


class CaseOut(Schema):
    """A nonconformity that is corrected."""

    number: str
    title: str
    state: str
    url: str

    @staticmethod
    def resolve_url(case: CorrectiveAction) -> str:
        return case.get_absolute_url()


class CauseIn(Sent):
    """A cause with its place on the tree; ``parent`` is the id of the cause it lies behind."""

    text: str = Field(min_length=1, max_length=500)
    kind: str = Field("occurrence", max_length=10)
    branch: str = Field("", max_length=12)
    parent: int | None = Field(None, ge=1, le=2**62)
    evidence: str = Field("", max_length=500)


class JudgeIn(Sent):
    verified: bool
    how: str = Field(min_length=1, max_length=500)


class CauseOut(Schema):
    id: int
    text: str
    kind: str
    branch: str
    parent: int | None
    evidence: str
    state: str
    how: str
    verified_by: str | None
    verified_day: date | None

    @staticmethod
    def resolve_parent(cause: Cause) -> int | None:
        return cause.parent_id

    @staticmethod
    def resolve_verified_by(cause: Cause) -> str | None:
        return cause.verified_by.username if cause.verified_by else None


class ItemIn(Sent):
    """An action of the plan; people are named as they sign in, suppliers by their code."""

    what: str = Field(min_length=1, max_length=300)
    kind: str = Field("change", max_length=20)
    owner: str = Field(min_length=1, max_length=150)
    due_date: date
    cause: int | None = Field(None, ge=1, le=2**62)
    reference: str = Field("", max_length=120)
    party: str | None = Field(None, max_length=20)


class DoneIn(Sent):
    note: str = Field(min_length=1, max_length=500)
    done_date: date | None = None


class ItemOut(Schema):
    id: int
    what: str
    kind: str
    owner: str
    due_date: date
    cause: int | None
    reference: str
    party: str | None
    sent_date: date | None
    answered_date: date | None
    answer: str
    done_date: date | None
    done_note: str
    dropped_reason: str

    @staticmethod
    def resolve_owner(item: ActionItem) -> str:
        return item.owner.username

    @staticmethod
    def resolve_cause(item: ActionItem) -> int | None:
        return item.cause_id

    @staticmethod
    def resolve_party(item: ActionItem) -> str | None:
        return item.party.code if item.party else None


class ContrastRow(Sent):
    """One question of the is/is-not table: what, where, when, who or how_much."""

    question: str = Field(max_length=10)
    is_so: str = Field("", max_length=300)
    is_not: str = Field("", max_length=300)
    distinction: str = Field("", max_length=300)
    change: str = Field("", max_length=300)


class ContrastsIn(Sent):
    rows: list[ContrastRow] = Field(max_length=5)


class VerdictOut(Schema):
    """What the numbers say on a day: the outcome, its reasons, and what came back."""

    outcome: str
    ends: date
    elapsed: bool
    enough: bool
    interval: str
    reasons: list[str]
    warnings: list[str]
    recurrences: list[str]
    unjudged: list[str]

    @staticmethod
    def resolve_recurrences(verdict: Verdict) -> list[str]:
        return [case.number for case in verdict.recurrences]

    @staticmethod
    def resolve_unjudged(verdict: Verdict) -> list[str]:
        return [case.number for case in verdict.unjudged]
