"""The second stream: sign-ins, refused access, reads of auditors, exports (AT11).

Its head is a row of its own, so that strangers at the door never wait for, or hold up, the
writers of records.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from andon.trail import checkpoints
from andon.trail.canonical import encode
from andon.trail.edge import current_edge
from andon.trail.gate import opened
from andon.trail.reading import beside_reading
from andon.trail.sealing import SECURITY, Actor, Transaction, current
from andon.trail.services import Identified, actor_of, retrying

# What is told and asks for a checkpoint at once (AT9).
WEIGHTY = {
    "exported": "export",
    "exported a person's data": "export",
    "purged": "retention act",
    "held": "retention act",
    "restored": "restore",
    "signing key rotated": "key rotation",
}


@retrying
def tell(
    action: str,
    *,
    by: Identified,
    model: str = "",
    object_id: str = "",
    number: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Seal one event into the security stream: short lower-case ``action``, ids in ``detail``.

    Inside an audited block it is sealed with it, after its entries, and is lost with it: tell of
    a refusal outside of the block that was refused. ``by`` is the person, or for somebody who is
    not signed in ``SYSTEM("sign-in")``. Never put names, passwords, codes or tokens in ``detail``.
    """
    actor = actor_of(by)
    content = {"detail": encode(dict(detail or {}))}
    about: dict[str, Any] = {"model": model, "object_id": object_id, "number": number}
    about |= {"content": content, "weighty": WEIGHTY.get(action, "")}
    if (around := current.get()) is not None:
        _beside(around, actor).add(action, **about)
        return
    alone = Transaction(actor, "", current_edge().via, SECURITY)
    with beside_reading(), transaction.atomic(), opened(to_the_end=True):
        alone.add(action, **about)
        alone.seal()
        if alone.weighty:
            checkpoints.after_commit(alone.weighty)


def _beside(around: Transaction, actor: Actor) -> Transaction:
    if around.beside is None:
        around.beside = Transaction(actor, "", around.via, SECURITY)
    return around.beside
