"""Whether a signature holds: asked anew at each view, print, export and answer (SG5).

A signature is about the record as it was at its revision. It is valid while the text of what was
signed is whole, the server's signature fits the row, the trail tells the same of that moment, the
files are those that were there, and the record says today what its trail says. A later revision
that is in the trail does not harm it; an edit behind the application's back does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from andon.store import shelf
from andon.trail import keys
from andon.trail.canonical import sha256
from andon.trail.capture import label, state_of
from andon.trail.models import SigningKey
from andon.ui.refusals import Refused

from .content import Content, content_of, files_in, parts_of
from .differing import differences
from .history import History, Moment, history_of
from .manifest import named, said, statement, told
from .models import Place, Signature
from .queries import signatures_of

if TYPE_CHECKING:
    from andon.records.models import Record

_SEEN = "_signatures_seen"
VALID, WENT_ON, INVALID = "valid", "went on", "invalid"


@dataclass(frozen=True)
class Checked:
    """A signature and what was found about it just now."""

    signature: Signature
    faults: tuple[str, ...] = ()
    went_on: bool = False
    # The number of its own entry in the trail; 0 where there is none.
    seq: int = 0

    @property
    def state(self) -> str:
        return INVALID if self.faults else WENT_ON if self.went_on else VALID

    @property
    def label(self) -> str:
        words = {
            VALID: _("valid"),
            WENT_ON: _("valid; the record went on since"),
            INVALID: _("INVALID"),
        }
        return words[self.state]

    @property
    def tone(self) -> str:
        return {VALID: "good", WENT_ON: "info", INVALID: "act"}[self.state]

    @property
    def when(self) -> str:
        return when(self.signature.signed_at, self.signature.zone)

    @property
    def who(self) -> str:
        """Name and job title as they were when it was given."""
        row = self.signature
        return f"{row.signer_name}, {row.signer_title}" if row.signer_title else row.signer_name

    def printed(self) -> tuple[object, ...]:
        """Return the row of a print: who, meaning, when, revision, whether it holds, hash."""
        row = self.signature
        meaning = f"{row.meaning} {row.comment}".strip()
        holds = " ".join((self.label, *self.faults[:1]))
        return (self.who, meaning, self.when, row.revision, holds, row.manifest_sha256)

    def values(self) -> dict[str, Any]:
        """Return the signature as the API says it."""
        row = self.signature
        return {
            "id": row.pk,
            "signer": row.signer.username,
            "name": row.signer_name,
            "job_title": row.signer_title,
            "meaning": row.meaning,
            "comment": row.comment,
            "step": row.step,
            "revision": row.revision,
            "at": row.signed_at,
            "shown_at": self.when,
            "zone": row.zone,
            "method": row.method,
            "manifest_sha256": row.manifest_sha256,
            "trail_seq": self.seq,
            "state": self.state,
            "faults": list(self.faults),
        }


def when(at: datetime, zone: str) -> str:
    """Return a time as a signature shows it: of the site, with its zone and offset."""
    local = at.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} {zone} (UTC{offset[:3]}:{offset[3:]})"


def checked(record: "Record", rows: Sequence[Signature] | None = None) -> list[Checked]:
    """Return the signatures of ``record``, each with whether it holds now."""
    signatures = signatures_of(record) if rows is None else list(rows)
    return list(_Check(record, signatures).all()) if signatures else []


def attach(records: Sequence["Record"]) -> None:
    """Look at the signatures of many records of one kind: one question where none is signed."""
    rows = (
        Signature.objects.filter(
            record_model=label(type(records[0])), record_id__in=[one.pk for one in records]
        ).select_related("signer")
        if records
        else ()
    )
    by_record: dict[int, list[Signature]] = {}
    for row in sorted(rows, key=lambda row: row.pk):
        by_record.setdefault(row.record_id, []).append(row)
    for record in records:
        record.__dict__[_SEEN] = checked(record, by_record.get(record.pk, ()))


def values(record: "Record") -> list[dict[str, Any]]:
    """Return the signatures of ``record`` as the API says them."""
    found: list[Checked] | None = record.__dict__.pop(_SEEN, None)
    return [one.values() for one in (checked(record) if found is None else found)]


def refuse_invalid(record: "Record", rows: Sequence[Signature]) -> None:
    """Raise :class:`Refused` when a signature of ``record`` does not hold."""
    for one in checked(record, rows):
        if one.faults:
            raise Refused(
                _(
                    "The signature “%(what)s” of %(who)s is INVALID: %(fault)s Nothing more can be"
                    " done with this record until your quality manager has found out why."
                )
                % {
                    "what": one.signature.meaning,
                    "who": one.signature.signer_name,
                    "fault": one.faults[0],
                },
                fix="#signatures",
            )


def own_faults(row: Signature, *, purged: bool = False) -> Iterator[str]:
    """Yield what is wrong with the row by itself; that of a purged record has no text any more."""
    if purged and not row.manifest:
        if not _server_signed(row):
            yield _("The server's own signature does not fit this row.")
        return
    if sha256(row.manifest) != row.manifest_sha256:
        yield _("The text of what was signed was altered.")
        return
    if not _server_signed(row):
        yield _("The server's own signature does not fit this row.")
    says = {"record": named(row), "step": row.step, **said(row)}
    text = told(row)
    found = {**text, "step": text["step"]["name"]}
    for name, value in says.items():
        if value != found[name]:
            yield _("“%s” is not what was signed.") % name


def _server_signed(row: Signature) -> bool:
    server = keys.Signed(row.key_id, row.server_signature)
    return keys.verify(server, statement(row).encode())


class _Check:
    """All signatures of one record, looked at together: its history is read once."""

    def __init__(self, record: "Record", signatures: list[Signature]) -> None:
        self.record, self.signatures = record, signatures
        kind = type(record)
        models = frozenset({label(kind), *map(label, parts_of(kind))})
        numbers = [row.number for row in signatures]
        number = record.number if record.number in numbers else numbers[0]
        self.history: History = history_of(number, models)
        self.now: Content = content_of(record)
        self.behind = list(differences(self.history.content, self.now))
        self.files: dict[str, bool] = {}
        known = list(SigningKey.objects.order_by("number"))
        self.keys = [text for text, remark in keys.faults(known) if not remark]

    def all(self) -> Iterator[Checked]:
        for row in self.signatures:
            moment = self.history.moments.get(row.pk)
            went_on = moment is not None and self.history.went_on_after(self._taken(row, moment))
            faults = tuple(dict.fromkeys(self.faults(row)))
            yield Checked(row, faults, went_on, moment.seq if moment else 0)

    def _taken(self, row: Signature, moment: Moment) -> Moment:
        """Return when the step was taken that ``row`` signed first: with the second signature."""
        for other in self.signatures:
            same = (other.step, other.revision) == (row.step, row.revision)
            if same and row.place == Place.FIRST and other.place == Place.SECOND:
                return self.history.moments.get(other.pk, moment)
        return moment

    def faults(self, row: Signature) -> Iterator[str]:
        own = list(own_faults(row))
        yield from own
        if row.number != self.record.number or row.revision > self.record.version:
            yield _("It was given for another record or revision.")
        yield from self.keys
        if self.history.altered:
            yield _("Entry %d of the trail was altered.") % self.history.altered[0]
        for one in self.behind:
            yield str(one) + " " + _("No entry of the trail says so.")
        if not own:
            text = told(row)
            yield from self._missing_others(text["signatures"])
            yield from self._against_the_trail(row, text["content"])
            yield from self._against_the_files(text["files"], text["content"])

    def _missing_others(self, before: list[dict[str, Any]]) -> Iterator[str]:
        """Yield the signatures the trail tells of, or this one was given after, that are gone."""
        here = {one.pk: one.manifest_sha256 for one in self.signatures}
        for pk in self.history.moments.keys() - here.keys():
            yield _("Signature %d of this record is gone.") % pk
        for one in before:
            if here.get(one["id"]) != one["sha256"]:
                yield _("Signature %d, given before this one, is not the same.") % one["id"]

    def _against_the_trail(self, row: Signature, signed: Content) -> Iterator[str]:
        moment = self.history.moments.get(row.pk)
        if moment is None:
            yield _("No entry of the trail says that it was given.")
            return
        if moment.row != state_of(row):
            yield _("The trail tells of it otherwise.")
        for one in differences(moment.content, signed):
            yield str(one) + " " + _("That is what was signed, not what the trail tells.")

    def _against_the_files(self, listed: dict[str, str], signed: Content) -> Iterator[str]:
        if listed != files_in(signed):
            yield _("The list of files is not that of what was signed.")
        for pk, digest in listed.items():
            if digest not in self.files:
                self.files[digest] = _whole(digest)
            if not self.files[digest]:
                yield _("File %s is missing or was altered.") % pk


def _whole(digest: str) -> bool:
    try:
        shelf.read(digest)
    except shelf.Altered:
        return False
    return True
