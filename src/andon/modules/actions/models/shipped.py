"""The forms of the 8D report that are shipped, and what a form can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from .papers import PartyForm, ReportForm

if TYPE_CHECKING:
    from .papers import CustomerReport, ReportFormVersion

# What a form can show, by the name it is stored under.
SECTIONS: dict[str, Promise | str] = {
    "customer": _("Complaint and customer"),
    "parts": _("Part numbers and lots"),
    "dates": _("Dates D0 to D8"),
    "team": _("Team"),
    "problem": _("Problem"),
    "is_is_not": _("Is and is not"),
    "cases": _("Nonconformities"),
    "containment": _("Containment"),
    "occurrence": _("Cause of the occurrence"),
    "escape": _("Cause of the escape"),
    "system": _("Cause in the system"),
    "fishbone": _("Fishbone"),
    "whys": _("Chains of why"),
    "planned": _("Chosen actions"),
    "done": _("Actions in place, with proof"),
    "effect": _("Effect"),
    "chart": _("Chart before and after"),
    "prevention": _("Change of the system"),
    "across": _("Look across"),
    "timeline": _("Timeline"),
    "close": _("Closing and thanks"),
}
MOST_SECTIONS = 30
PLAIN = "PLAIN-8D"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form ready to be filled: sections in order, each with its own heading."""

    code: str
    name: str
    version: int
    heading: str
    sections: Sequence[tuple[str, str]]
    language: str = "en"
    text: str = ""
    logo: str = ""
    compact: bool = False
    shipped: bool = False

    @property
    def edition(self) -> str:
        return say("%(name)s, version %(version)d") % {"name": self.name, "version": self.version}


@dataclass(frozen=True)
class _Shipped:
    name: Promise | str
    heading: Promise | str
    sections: tuple[tuple[str, Promise | str], ...]
    compact: bool = False


SHIPPED = {
    PLAIN: _Shipped(
        _("Plain 8D"),
        _("8D report"),
        (
            ("customer", _("Complaint")),
            ("team", _("D1 Team")),
            ("problem", _("D2 Problem")),
            ("is_is_not", _("D2 What it is and is not")),
            ("cases", _("D2 Cases")),
            ("containment", _("D3 Containment")),
            ("occurrence", _("D4 Why it happened")),
            ("escape", _("D4 Why it was not noticed")),
            ("planned", _("D5 Chosen actions")),
            ("done", _("D6 Actions in place")),
            ("effect", _("D6 Effect")),
            ("system", _("D7 What in the system let it happen")),
            ("prevention", _("D7 What changes in the system")),
            ("across", _("D7 Where else it could be")),
            ("close", _("D8 Close and thanks")),
        ),
    ),
    "AUTO-8D": _Shipped(
        _("Automotive 8D"),
        _("8D report"),
        (
            ("customer", _("Complaint")),
            ("parts", _("Parts")),
            ("dates", _("Dates")),
            ("team", _("D1 Establish the team")),
            ("problem", _("D2 Describe the problem")),
            ("is_is_not", _("D2 Is and is not")),
            ("containment", _("D3 Interim containment")),
            ("occurrence", _("D4 Root cause: occurrence")),
            ("whys", _("D4 Chains of why")),
            ("fishbone", _("D4 Cause and effect")),
            ("escape", _("D4 Root cause: non-detection")),
            ("system", _("D4 Root cause: system")),
            ("planned", _("D5 Permanent actions chosen")),
            ("done", _("D6 Permanent actions implemented")),
            ("effect", _("D6 Effectiveness")),
            ("chart", _("D6 Before and after")),
            ("prevention", _("D7 Prevent recurrence")),
            ("across", _("D7 Look across")),
            ("timeline", _("Timeline")),
            ("close", _("D8 Recognise the team and close")),
        ),
    ),
    "SHORT-4D": _Shipped(
        _("Short form 4D"),
        _("4D report"),
        (
            ("customer", _("Complaint")),
            ("problem", _("1 Problem")),
            ("containment", _("2 Containment")),
            ("occurrence", _("3 Cause")),
            ("escape", _("3 Why it was not noticed")),
            ("done", _("4 Actions")),
            ("effect", _("4 Effect")),
        ),
        compact=True,
    ),
}


def shipped(code: str) -> Form | None:
    """Return the shipped form called ``code`` in the language of the page."""
    form = SHIPPED.get(code)
    if form is None:
        return None
    return Form(
        code=code,
        name=str(form.name),
        version=1,
        heading=str(form.heading),
        sections=[(key, str(title)) for key, title in form.sections],
        compact=form.compact,
        shipped=True,
    )


def form_of(version: ReportFormVersion) -> Form:
    """Return one edition of a form of our own."""
    return Form(
        code=version.form.code,
        name=version.form.name,
        version=version.version,
        heading=version.heading,
        sections=[(key, title) for key, title in version.sections if key in SECTIONS],
        language=version.language,
        text=version.text,
        logo=version.logo,
        compact=version.compact,
    )


def form_called(code: str) -> Form | None:
    """Return the newest edition of the form ``code``, our own or a shipped one."""
    own = ReportForm.objects.filter(code=code).first()
    newest = own.versions.order_by("-version").first() if own else None
    return form_of(newest) if newest else shipped(code)


def all_forms() -> list[Form]:
    """Return every form in its newest edition, the shipped ones first."""
    own = [form_called(form.code) for form in ReportForm.objects.order_by("code")]
    return [form for form in (*map(shipped, SHIPPED), *own) if form is not None]


def form_for(report: CustomerReport | None) -> Form:
    """Return the form of a report: the one chosen there, else the customer's, else the plain 8D."""
    codes: list[str] = []
    if report is not None and report.party_id is not None:
        chosen = PartyForm.objects.filter(party_id=report.party_id).first()
        codes = [chosen.form_code] if chosen else []
    if report is not None:
        codes.insert(0, report.form_code)
    found = (form_called(code) for code in (*codes, PLAIN) if code)
    return next(form for form in found if form is not None)
