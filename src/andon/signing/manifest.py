"""The manifest: the one text a signature is about, and the statement the server signs (SG2)."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from andon.trail import keys
from andon.trail.canonical import canonical, instant, sha256
from andon.trail.capture import label
from andon.ui.refusals import Refused

from .content import Content, files_in
from .models import Signature

if TYPE_CHECKING:
    from andon.records.models import Record
    from andon.records.workflow import Transition

FORMAT = "andon-signature-v1"


def manifest_of(
    record: "Record",
    step: "Transition",
    content: Content,
    *,
    typed: Mapping[str, Any],
    earlier: Sequence[Signature],
    row: Signature,
) -> str:
    """Return the canonical text of everything ``row`` says, and what it says it about."""
    return canonical(
        {
            "format": FORMAT,
            "record": {
                "model": label(type(record)),
                "id": record.pk,
                "number": record.number,
                "revision": row.revision,
            },
            "step": {"name": step.name, "from": content_state(record, content), "to": step.target},
            "content": content,
            "files": files_in(content),
            "typed": dict(typed),
            "signatures": [{"id": one.pk, "sha256": one.manifest_sha256} for one in earlier],
            **said(row),
        }
    )


def content_state(record: "Record", content: Content) -> str:
    return str(content[label(type(record))][str(record.pk)]["state"])


def said(row: Signature) -> dict[str, Any]:
    """Return what the signer says: who, what it means, when, how it was proved."""
    signer = {"id": row.signer_id, "name": row.signer_name, "job_title": row.signer_title}
    return {
        "signer": signer,
        "place": int(row.place),
        "meaning": row.meaning,
        "comment": row.comment,
        "at": instant(row.signed_at),
        "zone": row.zone,
        "method": row.method,
    }


def named(row: Signature) -> dict[str, Any]:
    """Return what the row says it is about."""
    model, pk = row.record_model, row.record_id
    return {"model": model, "id": pk, "number": row.number, "revision": row.revision}


def statement(row: Signature) -> str:
    """Return the text the server signs: every column of the row but key and signature."""
    columns = {"record": named(row), "step": row.step, **said(row)}
    return f"{FORMAT}\n{canonical({**columns, 'manifest': row.manifest_sha256})}"


def told(row: Signature) -> dict[str, Any]:
    """Return the manifest of ``row`` as data; only of one whose hash and signature hold."""
    found: dict[str, Any] = json.loads(row.manifest)
    return found


def seal(row: Signature, manifest: str) -> None:
    """Put manifest, its hash and the server's signature on ``row``."""
    row.manifest, row.manifest_sha256 = manifest, sha256(manifest)
    try:
        signed = keys.sign(statement(row).encode())
    except keys.NoKey as trouble:
        raise Refused(_("The server cannot sign: %s") % trouble) from trouble
    row.key_id, row.server_signature = signed.key_id, signed.signature
