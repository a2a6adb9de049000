"""One call from a file to records: what `andon import` uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from andon.accounts.models import Site, User
from andon.portal.desk import jobs, reading, repair
from andon.portal.desk import mapping as mappings
from andon.portal.desk.fields import NEW_ROW, SKIP_ROW, Field, Sort
from andon.portal.desk.models import Intake, IntakeRow, Step
from andon.portal.desk.targets import target_named
from andon.portal.desk.values import folded, lexicon_of
from andon.tables import Question, Trouble

WORDS = {"": "", "(empty)": "", "(leave out)": SKIP_ROW, "(new)": NEW_ROW}


@dataclass(frozen=True)
class Result:
    """What became of a file."""

    intake: Intake
    published: bool
    troubles: list[tuple[int, str, str]]
    unknown: dict[str, dict[str, int]]
    going_in: int
    left_out: int
    skipped: int

    @property
    def clean(self) -> bool:
        """Whether nothing stands in the way of publishing."""
        return not self.troubles


def import_file(
    content: bytes,
    *,
    target: str,
    site: Site,
    by: User,
    day: date,
    file_name: str,
    source: str = "",
    said: Mapping[str, Any] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
    answers: Mapping[str, Any] | None = None,
    create_missing: bool = False,
    leave_out: str = "",
    repeats: str = "",
    dry_run: bool = False,
) -> Result:
    """Import a file as one kind of record or list, all of it or nothing.

    ``said`` goes on top of the proposed mapping; ``words`` say what words mean, as in ``WORDS``.

    Raises
    ------
    Trouble
        The file is no table or a required field has no column; a `Question` if an answer is due.
    """
    intake = reading.start(
        content, file_name=file_name, target=target, site=site, by=by, day=day, source=source,
        answers=dict(answers or {}),
    )  # fmt: skip
    try:
        _prepare(intake, dict(said or {}), words or {}, by)
        if create_missing and intake.unknown:
            _create(intake, by)
    except Trouble:
        if not intake.is_over:
            jobs.drop(intake, by=by)
        raise
    return _finished(intake, by, repeats, leave_out, dry_run=dry_run)


def _finished(intake: Intake, by: User, repeats: str, leave_out: str, *, dry_run: bool) -> Result:
    _settle(intake, repeats, leave_out, by)
    if not dry_run:
        _publish(intake, by)
    return _result(intake, by)


def _settle(intake: Intake, repeats: str, leave_out: str, by: User) -> None:
    """Do with repeats and with rows in the way what was said beforehand."""
    if repeats and intake.rows.filter(undecided=True).exists():
        repair.decide(intake, repeats, by=by)
    if leave_out and intake.rows.in_the_way().exists():
        repair.leave_out(intake, [], by=by, reason=leave_out)


def _publish(intake: Intake, by: User) -> None:
    """Publish when nothing is in the way and there is something to publish."""
    if not intake.rows.in_the_way().exists() and intake.rows.going_in().exists():
        jobs.confirm(intake, by=by)
        _work(intake, by)


def _work(intake: Intake, by: User) -> None:
    while intake.is_working:
        jobs.advance(intake, by=by)


def _prepare(
    intake: Intake, said: dict[str, Any], words: Mapping[str, Mapping[str, str]], by: User
) -> None:
    jobs.advance(intake, by=by)
    if intake.step != Step.MAP:
        raise _trouble(intake)
    mapping = mappings.merged(intake.mapping, said)
    mapping["orders"] = {**mapping.get("orders", {}), **_orders(intake, mapping)}
    if "decimal" in intake.answers:
        mapping["decimal"] = intake.answers["decimal"]
    mapping = mappings.merged(mapping, {"values": _values(intake, words)})
    jobs.use_mapping(intake, mapping, by=by)
    _work(intake, by)


def _orders(intake: Intake, mapping: dict[str, Any]) -> dict[str, str]:
    order = intake.answers.get("order", "")
    target = target_named(intake.target)
    return {
        column: order
        for name, rule in mapping["fields"].items()
        for column in rule.get("columns", ())
        if order and (field := target.field(name)) and field.sort is Sort.DAY
    }


def _values(intake: Intake, words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    target = target_named(intake.target)
    found: dict[str, dict[str, str]] = {}
    for name, meant in words.items():
        field = target.field(name)
        if field is None or not field.has_values:
            raise Trouble(f"“{name}” is no field whose words can be named.")
        found[name] = {folded(w): _value(intake, field, text) for w, text in meant.items()}
    return found


def _value(intake: Intake, field: Field, text: str) -> str:
    if text in WORDS:
        return WORDS[text]
    value = lexicon_of(field, intake.site).find(text)
    if value is None:
        raise Trouble(f"“{text}” is not known as “{field.label}”.")
    return value


def _create(intake: Intake, by: User) -> None:
    """Make what nobody knows, in lists where rows can be made."""
    target = target_named(intake.target)
    words = {
        name: dict.fromkeys(map(folded, unknown), NEW_ROW)
        for name, unknown in intake.unknown.items()
        if (field := target.field(name)) and can_be_made(field)
    }
    while words:
        before = intake.unknown
        jobs.teach(intake, words, by=by)
        _work(intake, by)
        words = {
            name: dict.fromkeys(map(folded, unknown), NEW_ROW)
            for name, unknown in intake.unknown.items()
            if (field := target.field(name)) and can_be_made(field) and unknown != before.get(name)
        }


def can_be_made(field: Field) -> bool:
    """Whether a row that nobody knows may be made by an import; people and times may not."""
    if field.model is None:
        return False
    names = {each.name for each in field.model._meta.concrete_fields}
    return "name" in names and bool(names & {"code", "number"}) and "starts" not in names


def _trouble(intake: Intake) -> Trouble:
    told = intake.trouble
    if "options" in told:
        options = [(value, label) for value, label in told["options"]]
        return Question(told["sentence"], name=told["name"], options=options, row=told["row"])
    return Trouble(told["sentence"], row=told["row"], column=told["column"])


def _result(intake: Intake, by: User) -> Result:
    rows = intake.rows
    result = Result(
        intake=intake,
        published=intake.step == Step.DONE,
        troubles=[each for row in rows.in_the_way() for each in _told(row)],
        unknown=intake.unknown,
        going_in=rows.going_in().count(),
        left_out=rows.exclude(out="").count(),
        skipped=rows.filter(choice="skip").count(),
    )
    if not intake.is_over:
        jobs.drop(intake, by=by)
    return result


def _told(row: IntakeRow) -> list[tuple[int, str, str]]:
    found = [(row.number, column, sentence) for column, sentence in row.errors.items()]
    return [*found, (row.number, "", row.same_as)] if row.undecided else found
