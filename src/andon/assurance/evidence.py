"""What the organization itself shows: its processes, who answers for what, and the trail."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import RoleGrant, User
from andon.accounts.roles import Role
from andon.organization.models import Process
from andon.records.evidence import Evidence, EvidenceRecord, Missing, Rule, Start, State
from andon.trail.models import AuditEntry
from andon.trail.sealing import RECORDS

FEW = 5
#: Without these nobody decides on quality, or nobody answers for the system.
NEEDED = {
    Role.MANAGER: _("Nobody holds the role of quality manager."),
    Role.MANAGEMENT: _("Nobody holds the role of top management."),
}


def processes(person: User, day: date) -> Evidence:  # noqa: ARG001  (a list has no period)
    """Return the processes in use, each with its owner."""
    setup = reverse("organization:processes")
    rows: Any = Process.objects.visible_to(person).active().order_by("code")
    listed = list(rows.values_list("code", "name")[: FEW + 1])
    start = Start(_("Add a process"), reverse("organization:processes_new"))
    if not listed:
        return Evidence(State.NONE, fix=start)
    records = tuple(EvidenceRecord(code, name, setup) for code, name in listed[:FEW])
    return Evidence(State.CURRENT, records=records, fix=start, counted=len(listed))


def roles(person: User, day: date) -> Evidence:  # noqa: ARG001  (roles are no secret at work)
    """Return whether the roles a system cannot do without are given to somebody on the day."""
    people = reverse("accounts:people")
    ending = Q(until_date=None) | Q(until_date__gte=day)
    grants: Any = RoleGrant.objects.not_ended().filter(ending, from_date__lte=day)
    held = set(grants.filter(user__is_active=True).values_list("role", flat=True).distinct())
    missing = tuple(
        Missing(text, people, _("Give the role"))
        for role, text in NEEDED.items()
        if role not in held
    )
    records = tuple(EvidenceRecord(str(Role(role).label), "", people) for role in sorted(held))
    state = State.NONE if not held else State.PARTIAL if missing else State.CURRENT
    return Evidence(
        state,
        records=records[:FEW],
        missing=missing,
        fix=Start(_("People"), people),
        counted=len(held),
    )


def trail(person: User, day: date) -> Evidence:  # noqa: ARG001  (it says when, never what)
    """Return the newest entry of the trail: partial, for it guards only what is kept in here."""
    newest = AuditEntry.objects.filter(stream=RECORDS).order_by("-seq").values("seq", "at").first()
    if newest is None:
        return Evidence(State.NONE)
    said = EvidenceRecord(
        _("Entry %d of the trail") % newest["seq"], "", "", timezone.localdate(newest["at"])
    )
    missing = Missing(
        _("Documents and records kept elsewhere are not guarded by Andon."),
        reverse("assurance:documents"),
        _("See what the standard asks for"),
    )
    return Evidence(State.PARTIAL, records=(said,), missing=(missing,), counted=newest["seq"])


RULES = (
    Rule(
        name="organization.processes",
        requirements=("4.4.1-2", "4.4.1-e", "5.3-b"),
        title=_("Processes and their owners"),
        text=_("Counts the processes in use; each has an owner who answers for it."),
        ask=processes,
    ),
    Rule(
        name="accounts.roles",
        requirements=("5.3-1",),
        title=_("Roles given to people"),
        text=_("Looks whether quality manager and top management are named, and who holds a role."),
        ask=roles,
    ),
    Rule(
        name="trail.guard",
        requirements=("7.5.3.1-b", "7.5.3.2-b", "7.5.3.2-c", "7.5.3.2-2"),
        title=_("The trail that guards records"),
        text=_("Every change leaves a sealed entry; an edit behind the program's back is found."),
        ask=trail,
    ),
)
