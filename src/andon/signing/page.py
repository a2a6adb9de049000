"""The signing part of a step's page, and what a record's page says of its signatures (SG4, SG5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.entry import proof
from andon.ui.refusals import Refused

from . import showing
from .dial import level_of
from .models import Awaited, Level
from .queries import awaited_of, signatures_of
from .services import loaded, refuse_second, waiting_for
from .validity import checked

if TYPE_CHECKING:
    from andon.records.models import Record
    from andon.records.workflow import Transition

NOTHING = _("Nobody has to sign this step; take it without a signature.")


@dataclass(frozen=True, kw_only=True)
class Part:
    """What the page of a step shows and asks for a signature."""

    level: Level
    meaning: str | Promise
    token: str = ""
    ask: Any = None
    # The first signature that this one completes, and what was typed with it.
    first: Awaited | None = None
    typed: Sequence[tuple[str, str]] = ()
    # The first signature that no longer counts, for the record went on.
    lapsed: Awaited | None = None
    # Why this person cannot sign.
    barred: str = ""

    @property
    def minutes(self) -> int:
        return showing.GOOD_FOR.seconds // 60


def part(request: Any, record: "Record", step: "Transition") -> Part | None:
    """Return the signing part of the page of ``step``, with a token for exactly what is shown."""
    level = level_of(record, step)
    if level == Level.NONE:
        return None
    first = waiting_for(record, step)
    open_one = awaited_of(record)
    plain = Part(
        level=level,
        meaning=step.signed_as,
        first=first,
        typed=_typed(record, first),
        lapsed=open_one if open_one and open_one.step == step.name and not first else None,
    )
    if barred := _barred(first, request.user):
        return replace(plain, barred=barred)
    session = showing.session_of(request.session)
    token = showing.show(record, step, to=request.user, session=session)
    return replace(plain, token=token, ask=proof.ask(request))


def asked(record: "Record", step: "Transition") -> "Transition":
    """Return ``step`` as its form asks it: a second person adds nothing to what was signed."""
    return replace(step, asks=(), may_ask=()) if waiting_for(record, step) else step


def context(record: "Record", viewer: User) -> dict[str, Any]:
    """Return what the page of ``record`` shows of its signatures."""
    signatures = signatures_of(record)
    if not signatures:
        return {"signatures": ()}
    waiting = awaited_of(record)
    step = record.workflow[waiting.step] if waiting else None
    return {
        "signatures": checked(record, signatures),
        "waiting": waiting,
        "waiting_step": step,
        "waiting_counts": step is not None and waiting_for(record, step) is not None,
        "may_withdraw": waiting and viewer.pk in {waiting.first.signer_id, waiting.owner_id},
    }


def _barred(first: Awaited | None, person: User) -> str:
    if first is None:
        return ""
    try:
        refuse_second(first, person)
    except Refused as refused:
        return str(refused)
    return ""


def _typed(record: "Record", first: Awaited | None) -> list[tuple[str, str]]:
    """Return heading and value of what was typed with the first signature."""
    typed = first.typed if first else {}
    pairs = []
    for name, value in typed.items():
        label = getattr(record._meta.get_field(name), "verbose_name", name)
        pairs.append((capfirst(str(label)), str(loaded(record, name, value) or "–")))
    return pairs
