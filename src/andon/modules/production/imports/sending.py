"""A batch that a program sends: taken once, however often it is sent (idempotency keys)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site, User
from andon.modules.production.imports import arrivals
from andon.modules.production.imports.fields import Target
from andon.modules.production.imports.rows import Taken, Unfit, take
from andon.modules.production.imports.work import require
from andon.modules.production.models import ImportBatch, SeenMessage, SentBatch
from andon.modules.production.services import batches
from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail.services import audited, retrying

KEPT = timedelta(days=30)
"""How long an idempotency key and the id of a message are remembered."""


@dataclass(frozen=True)
class Answer:
    """What the sender is told."""

    status: int
    body: dict[str, Any]


def send(
    target: Target, rows: Sequence[Mapping[str, Any]], *, site: Site, by: User, key: str = ""
) -> Answer:
    """Take ``rows`` as one batch; with a ``key``, the same batch gets the same answer for ever.

    Raises `Unfit` with every trouble (kept among the refused arrivals), and `Refused` when the
    key belongs to another batch.
    """
    require(by, target, site)
    body = json.dumps([target.name, site.code, rows], sort_keys=True, ensure_ascii=False)
    try:
        try:
            return _once(target, rows, site=site, by=by, key=key, body=body)
        except IntegrityError:  # the same key came twice at once, for two sites
            return _once(target, rows, site=site, by=by, key=key, body=body)
    except Unfit as unfit:
        arrivals.keep(
            json.dumps({"rows": rows}, indent=1, ensure_ascii=False).encode(),
            unfit.told,
            by=by,
            site=site,
            target=target.name,
            source=ImportBatch.Source.API,
            name=by.username,
            key=key,
        )
        raise


@retrying
def _once(
    target: Target,
    rows: Sequence[Mapping[str, Any]],
    *,
    site: Site,
    by: User,
    key: str,
    body: str,
) -> Answer:
    digest = hashlib.sha256(body.encode()).hexdigest()
    with audited(by, reason=gettext_lazy("facts received")):
        batches.lock(target.model, site)
        if key and (answered := _answered(by, key, digest)):
            return answered
        taken = take(
            target,
            rows,
            site=site,
            by=by,
            day=clock.today(site),
            source=ImportBatch.Source.API,
            name=by.username,
        )
        answer = _answer(taken)
        if key:
            arrivals.settle_sent(key, taken, by=by)
            SentBatch.objects.create(
                person=by,
                key=key,
                body_sha256=digest,
                status=answer.status,
                answer=answer.body,
                at=clock.now(),
            )
    return answer


def _answered(by: User, key: str, digest: str) -> Answer | None:
    found = SentBatch.objects.filter(person=by, key=key).first()
    if found is None:
        return None
    if found.body_sha256 != digest:
        raise Refused(_("This idempotency key belongs to another batch; use a new key."))
    return Answer(found.status, found.answer)


def _answer(taken: Taken) -> Answer:
    batch = taken.batch
    body = {
        "batch": batch.pk if batch else None,
        "url": batch.get_absolute_url() if batch else None,
        "new": taken.new,
        "corrected": taken.corrected,
        "unchanged": taken.unchanged,
    }
    return Answer(201 if batch else 200, body)


def forget(now: datetime) -> None:
    """Forget the keys and ids that are older than `KEPT`."""
    for model in (SentBatch, SeenMessage):
        model.objects.filter(at__lt=now - KEPT).delete()
