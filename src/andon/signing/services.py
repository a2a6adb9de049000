"""What signing does to a step: the one place the kernel asks, under its lock (SG1-SG6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.store import shelf
from andon.trail.canonical import encode
from andon.trail.capture import label
from andon.trail.services import audited
from andon.ui.refusals import Refused

from . import showing
from .content import Content, content_of, files_in
from .dial import level_of
from .manifest import manifest_of, seal, told
from .models import Awaited, Level, Place, Signature
from .proving import Proof
from .queries import awaited_of, signatures_of
from .validity import own_faults, refuse_invalid

if TYPE_CHECKING:
    from andon.records.models import Record
    from andon.records.workflow import Transition

NEEDED = _(
    "“%(step)s” is signed: open the step, look at what you sign, and prove who you are."
    " Nobody else, no token and no job can do it for you."
)


@dataclass(frozen=True)
class Signing:
    """What signing has to say to one step of one locked record."""

    record: "Record"
    step: "Transition"
    level: Level
    earlier: Sequence[Signature]
    # The first signature that a second one completes now.
    first: Awaited | None

    def typed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is typed with the step: what the first person signed, where one has."""
        if self.first is None:
            return dict(data)
        return {name: loaded(self.record, name, v) for name, v in self.first.typed.items()}

    def through(self, *, by: User, data: Mapping[str, Any], proof: Proof | None) -> bool:
        """Sign as far as is asked; whether the step may be taken now.

        False: it was signed once and waits for a second person. Raises :class:`Refused`.
        """
        if self.level == Level.NONE:
            self._end_what_waits(by)
            return True
        if proof is None or proof.user_id != by.pk:
            raise Refused(NEEDED % {"step": self.step.label}, fix=f"#do-{self.step.name}")
        if self.first is not None:
            refuse_second(self.first, by)
        signature = _signed(self, by=by, data=data, proof=proof)
        self._end_what_waits(by)
        if self.level == Level.TWO and self.first is None:
            _await(self.record, self.step, signature, data)
            return False
        return True

    def _end_what_waits(self, by: User) -> None:
        """End what waited: completed by this step, or overtaken by it."""
        waiting = self.first or (awaited_of(self.record) if self.earlier else None)
        if waiting is not None:
            how = Awaited.End.COMPLETED if self.first else Awaited.End.OVERTAKEN
            _end(waiting, how, by=by)


def begin(record: "Record", step: "Transition") -> Signing:
    """Return what signing asks of ``step`` of a locked ``record``.

    Raises :class:`Refused` when a signature of it is invalid; it can only be voided then.
    """
    earlier = signatures_of(record)
    if earlier and step.target != record.workflow.void:
        refuse_invalid(record, earlier)
    level = level_of(record, step)
    first = waiting_for(record, step) if earlier and level == Level.TWO else None
    return Signing(record, step, level, earlier, first)


def waiting_for(record: "Record", step: "Transition") -> Awaited | None:
    """Return the first signature of ``step`` that a second one would complete now.

    It counts only for the very content that was signed first.
    """
    if not step.signed_as or level_of(record, step) != Level.TWO:
        return None
    waiting = awaited_of(record)
    if waiting is None or waiting.step != step.name or any(own_faults(waiting.first)):
        return None
    return waiting if told(waiting.first)["content"] == content_of(record) else None


def refuse_second(waiting: Awaited, by: User) -> None:
    """Raise :class:`Refused` unless ``by`` may sign as the second person (AZ5)."""
    if by.pk == waiting.first.signer_id:
        raise Refused(_("You signed first; the second signature is another person's."))
    if by.pk in {waiting.owner_id, waiting.author_id}:
        raise Refused(
            _("The second signature is that of somebody who neither owns nor reported the record.")
        )


def withdraw(waiting: Awaited, *, by: User, why: str) -> None:
    """Take the first signature's step back; the signature itself stays, with the reason."""
    if not why.strip():
        raise Refused(_("Say why the step is withdrawn."))
    with audited(by, reason=_("signature withdrawn")):
        fresh = Awaited.objects.select_for_update().get(pk=waiting.pk)
        if fresh.ended:
            raise Refused(_("This step is not waiting any more."))
        if by.pk not in {fresh.first.signer_id, fresh.owner_id}:
            raise Refused(_("Only who signed, or the owner of the record, can withdraw it."))
        _end(fresh, Awaited.End.WITHDRAWN, by=by, why=why.strip())


def forget(record_model: str, record_ids: Iterable[int]) -> int:
    """Blank what was signed of records that are purged; who signed what, and its hash, stay (RT1).

    Belongs into the audited block of the purge.
    """
    rows = Signature.objects.filter(record_model=record_model, record_id__in=list(record_ids))
    blanked: int = rows.update(manifest="")
    return blanked


def _signed(signing: Signing, *, by: User, data: Mapping[str, Any], proof: Proof) -> Signature:
    record, step = signing.record, signing.step
    content = showing.use(proof.token, record, step, by=by, session=proof.session)
    _refuse_altered_files(content)
    row = Signature(
        record_model=label(type(record)),
        record_id=record.pk,
        number=record.number,
        revision=record.version,
        step=step.name,
        place=Place.SECOND if signing.first else Place.FIRST,
        signer=by,
        signer_name=by.display_name,
        signer_title=by.job_title,
        meaning=str(step.signed_as),
        comment=proof.comment,
        signed_at=clock.now(),
        zone=record.site.time_zone,
        method=proof.method,
    )
    typed, earlier = _plain(data), signing.earlier
    seal(row, manifest_of(record, step, content, typed=typed, earlier=earlier, row=row))
    row.full_clean()
    row.save()
    return row


def _await(record: "Record", step: "Transition", first: Signature, data: Mapping[str, Any]) -> None:
    Awaited.objects.create(
        record_model=first.record_model,
        record_id=first.record_id,
        number=first.number,
        revision=first.revision,
        step=first.step,
        site=record.site,
        first=first,
        typed=_plain(data),
        permission=step.permission,
        owner=record.owner,
        author=record.opened_by,
    )


def _end(waiting: Awaited | None, how: str, *, by: User, why: str = "") -> None:
    if waiting is not None:
        waiting.ended, waiting.ended_by, waiting.ended_why = how, by, why
        waiting.save()


def _refuse_altered_files(content: Content) -> None:
    for pk, sha256 in files_in(content).items():
        try:
            shelf.read(sha256)
        except shelf.Altered:
            raise Refused(
                _("File %s is missing or was altered, so this cannot be signed.") % pk, fix="#files"
            ) from None


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed as JSON can hold it, row by their keys."""
    pairs = ((n, v.pk if isinstance(v, models.Model) else v) for n, v in data.items())
    return {name: encode(value) for name, value in pairs}


def loaded(record: "Record", name: str, value: Any) -> Any:
    """Return a value of :func:`_plain` as the field holds it."""
    field = cast("models.Field[Any, Any]", record._meta.get_field(name))
    if isinstance(field, models.ForeignKey) and value is not None:
        return field.related_model._base_manager.get(pk=value)
    return field.to_python(value)
