"""The newest checkpoint on paper: whoever keeps it can prove later what came before it (AT9)."""

import segno
from django.utils.translation import gettext as _

from andon.organization.policy import policy
from andon.trail import notes
from andon.trail.models import Checkpoint, SigningKey
from andon.trail.sealing import RECORDS, SECURITY
from andon.ui.paper import Report, Section


def proof(row: Checkpoint) -> Report:
    """Return the paper for ``row``; its QR code holds the whole text."""
    note = notes.parse(row.text)
    key = SigningKey.objects.get(key_id=row.key_id)
    return Report(
        title=_("Proof of the audit trail"),
        number=_("Checkpoint %d") % note.number,
        organisation=policy().name,
        footer=f"{note.origin} · {note.time}",
        facts=[
            (_("Checkpoint"), str(note.number)),
            (_("Signed"), note.time),
            (_("Entries about records"), str(note.size(RECORDS))),
            (_("Their root"), notes.encoded(note.root(RECORDS))),
            (_("Entries about access"), str(note.size(SECURITY))),
            (_("Their root"), notes.encoded(note.root(SECURITY))),
            (_("Key"), f"{key.key_id} · {key.public_key}"),
        ],
        sentences=[
            _(
                "Keep this paper where nobody who runs the server can reach it. The QR code holds"
                " the text below: save it as a file and run “andon verify --checkpoint FILE”, or"
                " give it to andon_verify.py with an evidence pack. If the history before this"
                " moment was changed, that says so."
            ),
            _("The key is the one to compare with: andon_verify.py PACK.zip --key %s") % key.key_id,
        ],
        tables=[
            Section(
                title=_("The signed text"),
                columns=[_("Line")],
                rows=[[line] for line in row.text.splitlines()],
            )
        ],
        code=segno.make(row.text, error="l", micro=False).svg_inline(),
        code_mm=50,  # so much text must stay large enough for a phone
    )
