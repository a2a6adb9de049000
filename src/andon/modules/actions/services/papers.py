"""Report forms of our own, who gets which, and what one customer asks of one action."""

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions.models import (
    CorrectiveAction,
    CustomerReport,
    PartyForm,
    ReportForm,
    ReportFormVersion,
)
from andon.modules.actions.models.papers import LARGEST_LOGO
from andon.modules.actions.models.shipped import MOST_SECTIONS, SECTIONS, SHIPPED, form_called
from andon.organization import clock
from andon.organization.models import Party
from andon.records import services as records
from andon.records.workflow import Refused
from andon.store import gate
from andon.store.names import cleaned_name
from andon.trail.services import audited

from .analysing import WORK

FORMS = "actions.forms"
LOGO_SIZE = (480, 160)
LARGEST_UPLOAD = 5_000_000


def keep_form(
    *,
    by: User,
    code: str,
    name: str,
    heading: str,
    sections: Sequence[tuple[str, str]],
    language: str = "en",
    text: str = "",
    compact: bool = False,
    logo: str | None = None,
    day: date | None = None,
) -> ReportFormVersion:
    """Keep a new edition of the form ``code``; papers made before name the edition they had.

    ``logo`` is a PNG in base64; None takes over that of the edition before.
    """
    with audited(by, reason=_("report form kept")):
        _require_forms(by)
        _refuse_poor_form(code, sections)
        form = _form_called(code, name)
        before = ReportFormVersion.objects.filter(form=form).order_by("-version").first()
        row = ReportFormVersion(
            form=form,
            version=(before.version if before else 0) + 1,
            language=language,
            heading=heading.strip(),
            text=text.strip(),
            sections=[[key, title.strip()] for key, title in sections],
            compact=compact,
            logo=(before.logo if before else "") if logo is None else logo,
            by=by,
            day=day or clock.today(),
        )
        row.clean_fields(exclude=["form", "by"])
        row.save()
    return row


def _form_called(code: str, name: str) -> ReportForm:
    """Return the form ``code`` under its name of today; a new one when there is none."""
    row = ReportForm.objects.select_for_update().filter(code=code).first() or ReportForm(code=code)
    row.name = name.strip()
    row.full_clean(validate_unique=False)
    row.save()
    return row


def _require_forms(by: User) -> None:
    if not by.may(FORMS):
        raise PermissionDenied(_("Your roles do not allow this."))


def _refuse_poor_form(code: str, sections: Sequence[tuple[str, str]]) -> None:
    if code in SHIPPED:
        raise Refused(_("“%s” is shipped and stays as it is; choose another code.") % code)
    if not 0 < len(sections) <= MOST_SECTIONS:
        raise Refused(_("A form has between 1 and %d sections.") % MOST_SECTIONS)
    if unknown := {key for key, _title in sections} - set(SECTIONS):
        raise Refused(_("No form can show: %s.") % ", ".join(sorted(unknown)))
    if not all(title.strip() for _key, title in sections):
        raise Refused(_("Every section has a heading."))


def drawn_anew(upload: "UploadedFile[Any]") -> str:
    """Return an uploaded logo as a small PNG in base64, drawn anew without anything hidden in it.

    Raises :class:`Refused` when it is no picture.
    """
    if (upload.size or 0) > LARGEST_UPLOAD:
        raise Refused(_("The logo is larger than 5 MB. Make it smaller."))
    name = cleaned_name(upload.name or "logo")
    try:
        small = gate.picture(name, upload.read(), size=LOGO_SIZE, drawn_as="PNG")
    except gate.Unfit as unfit:
        raise Refused(
            _(
                "The logo is no PNG, JPEG or WebP picture, or has too many pixels."
                " Choose another one."
            )
        ) from unfit
    text = base64.b64encode(small).decode()
    if len(text) > LARGEST_LOGO:
        raise Refused(_("The logo is too detailed. Choose a simpler picture."))
    return text


def choose_form(party: Party, *, by: User, form_code: str) -> PartyForm | None:
    """Say which form a customer gets from now on; an empty code goes back to the plain 8D."""
    with audited(by, reason=_("report form chosen")):
        _require_forms(by)
        row = PartyForm.objects.select_for_update().filter(party=party).first()
        if not form_code:
            if row is not None:
                row.delete()
            return None
        if form_called(form_code) is None:
            raise Refused(_("There is no report form called “%s”.") % form_code)
        row = row or PartyForm(party=party)
        row.form_code = form_code
        row.save()
    return row


def ask_report(
    action: CorrectiveAction, *, by: User, day: date | None = None, **asked: Any
) -> CustomerReport:
    """Keep what the customer calls the complaint, wants and by when, and the closing words."""
    with records.changing(action, by=by, permission=WORK, reason=_("customer report")) as fresh:
        row = CustomerReport.objects.filter(record=fresh).first() or CustomerReport(record=fresh)
        for name, value in asked.items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        if row.form_code and form_called(row.form_code) is None:
            raise Refused(_("There is no report form called “%s”.") % row.form_code)
        received, sent, today = row.received_date, row.sent_date, day or clock.today(fresh.site)
        if sent and (sent > today or (received and sent < received)):
            raise Refused(_("The answer is sent after the complaint came, and not in the future."))
        row.clean_fields(exclude=["record", "party"])
        row.save()
    return row
