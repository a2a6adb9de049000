"""Sign what was seen: a token for one look at one record, good for one signature (SG4)."""

import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization import clock
from andon.trail.canonical import canonical, sha256
from andon.trail.capture import label
from andon.ui.refusals import Refusal, Refused

from .content import Content, content_of
from .differing import MOST, differences
from .models import Showing, Signature
from .queries import signatures_of

if TYPE_CHECKING:
    from andon.records.models import Record
    from andon.records.workflow import Transition

GOOD_FOR = timedelta(minutes=5)
KEPT_FOR = timedelta(days=1)
# In the session's own data, so that it stays when the session gets a new key (SE1).
BOUND = "signing"
GONE = _("What you were shown cannot be signed any more. Look at it again; nothing was signed.")


class SeenOtherwise(Refusal):
    """The record is not what the person was shown: every difference, was and is."""

    def __init__(self, was: Content, now: Content) -> None:
        found = list(differences(was, now))
        lines = [Refused(str(one)) for one in found[:MOST]]
        if len(found) > MOST:
            lines.append(Refused(_("And %d more.") % (len(found) - MOST)))
        first = Refused(_("The record changed since you looked at it, so nothing was signed."))
        super().__init__([first, *lines])
        self.differences = tuple(found)


def session_of(session: Any) -> str:
    """Return what names this session for tokens; it ends with the session."""
    if BOUND not in session:
        session[BOUND] = secrets.token_hex(16)
    return str(session[BOUND])


def show(record: "Record", step: "Transition", *, to: User, session: str) -> str:
    """Keep what ``to`` is shown now, and return the token that signs exactly this."""
    now = clock.now()
    Showing.objects.filter(user=to, expires_at__lt=now - KEPT_FOR).delete()
    token = secrets.token_urlsafe(32)
    content = canonical(_with_signatures(record, content_of(record)))
    Showing.objects.create(
        token_sha256=sha256(token),
        user=to,
        session=session,
        record_model=label(type(record)),
        record_id=record.pk,
        step=step.name,
        revision=record.version,
        meaning=str(step.signed_as),
        content=content,
        content_sha256=sha256(content),
        expires_at=now + GOOD_FOR,
    )
    return token


def of(token: str) -> Showing:
    """Return what was kept for ``token``."""
    found: Showing = Showing.objects.get(token_sha256=sha256(token))
    return found


def use(token: str, record: "Record", step: "Transition", *, by: User, session: str) -> Content:
    """Spend the token of a locked ``record`` and return its content, the same as was shown.

    Belongs into the transaction of the signature: it is spent with it or not at all. Raises
    :class:`Refused` for a token that is spent, too old, or of another person, session, record,
    step, revision or meaning, and :class:`SeenOtherwise` when the content differs.
    """
    now = clock.now()
    mine = Showing.objects.filter(token_sha256=sha256(token), user=by, session=session)
    if not mine.filter(used_at=None, expires_at__gte=now).update(used_at=now):
        raise Refused(GONE)
    shown = mine.get()
    if _about(shown) != (label(type(record)), record.pk, step.name, str(step.signed_as)):
        raise Refused(GONE)
    return _same(shown, record)


def _about(shown: Showing) -> tuple[str, int, str, str]:
    return shown.record_model, shown.record_id, shown.step, shown.meaning


def _same(shown: Showing, record: "Record") -> Content:
    content = content_of(record)
    seen = _with_signatures(record, content)
    if shown.content_sha256 != sha256(canonical(seen)):
        raise SeenOtherwise(json.loads(shown.content), seen)
    if shown.revision != record.version:
        raise Refused(GONE)
    return content


def _with_signatures(record: "Record", content: Content) -> Content:
    """Return ``content`` with the signatures before, which are seen and signed with it."""
    before = signatures_of(record)
    told = {str(one.pk): {"signer_name": one.signer_name, "meaning": one.meaning} for one in before}
    return {**content, label(Signature): told} if told else content


def waits(token: str, person: User, session: str) -> bool:
    """Whether ``token`` was shown to this person in this session and is not spent."""
    mine = Showing.objects.filter(token_sha256=sha256(token), user=person, session=session)
    return bool(mine.filter(used_at=None).exists())


def failed(session: str, token: str) -> int:
    """Count a proof that was not right; return how many this session has had."""
    mine = Showing.objects.filter(session=session)
    one = mine.filter(token_sha256=sha256(token)).first() or mine.order_by("-pk").first()
    if one is None:
        return 0
    Showing.objects.filter(pk=one.pk).update(failures=F("failures") + 1)
    return int(mine.aggregate(failures=Sum("failures"))["failures"] or 0)


def proved(session: str) -> None:
    """Forget the failures of this session: the person has proved who they are."""
    Showing.objects.filter(session=session, failures__gt=0).update(failures=0)
