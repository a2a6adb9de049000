"""A corrective action: many nonconformities, one problem, its causes, its plan, its effect."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.actions import lifecycle
from andon.modules.actions.lifecycle import State
from andon.modules.kpis.models import Kpi
from andon.modules.nonconformities.models import Nonconformity
from andon.organization.policy import policy
from andon.records.measures import Measure
from andon.records.models import Record
from andon.records.querysets import RecordQuerySet
from andon.records.thread import Gap

from . import lasting
from .meanwhile import changed_meanwhile
from .places import Place, places
from .verdicts import Verdict, verdict_of

if TYPE_CHECKING:
    from .causes import Cause
    from .effects import Criterion
    from .items import ActionItem


class CorrectiveActionQuerySet(RecordQuerySet["CorrectiveAction"]):
    def unsustained(self) -> Self:
        """Keep effective ones to which a recurrence was judged that came after they were closed."""
        judged: Any = apps.get_model("actions", "Recurrence")
        came_back = judged.objects.filter(
            record_id=OuterRef("pk"),
            counts=True,
            case__state__in=lasting.LIVE_CASES,
            case__opened_date__gt=OuterRef("closed_date"),
        )
        return self.filter(state=State.EFFECTIVE).filter(Exists(came_back))

    def in_force(self) -> Self:
        """Keep those whose actions are done and took hold on some day."""
        return self.filter(cut_in_date__isnull=False).exclude(state=State.VOID)


class CorrectiveAction(Record):
    """Action to eliminate the cause of a nonconformity and to prevent recurrence (3.12.2)."""

    trail_state_version: ClassVar[int] = 2

    prefix = "CA"
    workflow = lifecycle.WORKFLOW
    create_permission = "actions.open"
    edit_permission = "actions.work"
    thread_rank = 20
    editable: ClassVar[tuple[str, ...]] = (
        *Record.editable,
        "problem",
        "baseline",
        "not_measurable",
        "major",
        "customer_case",
        "team",
        "elsewhere",
        "risks_updated",
        "system_change",
    )

    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("corrective_actions", _("Corrective actions, by the day they were opened")),
        Measure(
            "corrective_actions_closed",
            _("Corrective actions, by the day they were closed"),
            day_field="closed_date",
        ),
        Measure(
            "corrective_actions_late",
            _("Corrective actions closed after their due date"),
            Q(closed_date__gt=F("due_date")),
            day_field="closed_date",
        ),
    )

    problem = models.TextField(
        _("problem"),
        max_length=4000,
        blank=True,
        help_text=_("What, where, since when, how much; and where it is not."),
    )
    baseline = models.CharField(
        _("baseline"),
        max_length=300,
        blank=True,
        help_text=_("How much or how often before, such as 8.0 % over 12 weeks."),
    )
    not_measurable = models.CharField(_("not measurable because"), max_length=300, blank=True)
    major = models.BooleanField(_("major"), default=False)
    customer_case = models.BooleanField(_("a customer is concerned"), default=False)
    team = models.CharField(_("team"), max_length=300, blank=True)
    kpi = models.ForeignKey(
        Kpi,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("KPI that shows the problem"),
    )
    elsewhere = models.TextField(
        _("where else it sits or could turn up"),
        max_length=2000,
        blank=True,
        help_text=_("Other lines, items, sites: what was looked at, and what was found."),
    )
    risks_updated = models.CharField(_("risks updated, or why none"), max_length=500, blank=True)
    system_change = models.CharField(
        _("changed in the management system, or why nothing"), max_length=500, blank=True
    )
    verifier = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who verifies the effect"),
    )
    planned_date = models.DateField(_("plan confirmed on"), null=True, editable=False)
    cut_in_date = models.DateField(_("took hold on"), null=True, editable=False)
    same_person_reason = models.CharField(
        _("why nobody else than the owner verifies it"), max_length=300, blank=True
    )
    concurrent_changes = models.TextField(
        _("what else changed in that time"), max_length=1000, blank=True
    )
    verdict_note = models.TextField(_("what was seen"), max_length=2000, blank=True)

    objects: ClassVar = CorrectiveActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        indexes = (
            models.Index(F("cut_in_date"), F("record_ptr").desc(), name="action_by_cut_in"),
            models.Index(F("kpi"), F("record_ptr").desc(), name="action_by_kpi"),
        )

    # -- how strict it is -------------------------------------------------------------------

    @property
    def is_serious(self) -> bool:
        return self.major or self.customer_case

    @property
    def is_strict(self) -> bool:
        """Whether the fuller questions are asked: always but in an ordinary case under Light."""
        return self.is_serious or not policy().light

    @property
    def needs_full_causes(self) -> bool:
        """Whether causes of the escape and in the system are asked for, too."""
        return self.is_serious or policy().full_causes_always

    @property
    def is_plan_fixed(self) -> bool:
        return self.state not in (State.OPENED, State.ANALYSED)

    # -- causes and actions -----------------------------------------------------------------

    def has_verified(self, kind: str) -> bool:
        return any(cause.kind == kind and cause.is_verified for cause in self.all_causes)

    @property
    def all_causes(self) -> "list[Cause]":
        return list(self.causes.select_related("verified_by").order_by("pk"))

    @property
    def live_items(self) -> "list[ActionItem]":
        """The actions of the plan that were not dropped."""
        rows = self.items.filter(dropped_reason="")
        return list(rows.select_related("owner", "cause").order_by("due_date", "pk"))

    def causes_without_action(self) -> "list[Cause]":
        answered = {item.cause_id for item in self.live_items}
        verified = [cause for cause in self.all_causes if cause.is_verified]
        if len(verified) == 1 and answered:
            return []  # with one cause it is plain which one an action is against
        return [cause for cause in verified if cause.pk not in answered]

    def has_strong_action(self) -> bool:
        return any(item.is_strong for item in self.live_items)

    def proposed_places(self) -> list[Place]:
        """Where else the same could sit, as the records propose it."""
        return places(self)

    def unanswered_places(self) -> list[Place]:
        answered = set(self.looks.values_list("key", flat=True))
        return [place for place in places(self) if place.key not in answered]

    # -- the effect -------------------------------------------------------------------------

    @property
    def criterion(self) -> "Criterion | None":
        found: Criterion | None = getattr(self, "promise", None)
        return found

    @cached_property
    def case_ids(self) -> list[int]:
        """The ids of the nonconformities whose cause this corrects."""
        drawn = self.links_out.filter(kind="corrects", ended_date=None)
        return list(drawn.order_by("pk").values_list("target_id", flat=True))

    @property
    def cases(self) -> list[Nonconformity]:
        rows = Nonconformity.objects.filter(pk__in=self.case_ids)
        return list(rows.select_related("item", "defect", "site", "owner").order_by("pk"))

    def verdict(self, day: date) -> Verdict | None:
        """Return what the numbers say on ``day``; None before the cut-in or without criterion."""
        known: dict[date, Verdict | None] = self.__dict__.setdefault("_verdicts", {})
        if day not in known:
            known[day] = verdict_of(self, day)
        return known[day]

    def keep_verdict(self, decision: str, *, by: User, day: date, note: str = "") -> None:
        """Store what was decided and what the numbers said then, for later numbers may differ."""
        verdict = self.verdict(day)
        changes = [one for one in changed_meanwhile(self, by) if one.open_to_all]
        self.checks.create(
            record=self,
            decision=decision,
            computed=verdict.outcome if verdict else "",
            reasons="\n".join(verdict.reasons) if verdict else "",
            note=note or self.verdict_note,
            meanwhile="\n".join(map(str, changes)),
            by=by,
            day=day,
        )

    @cached_property
    def came_back_as(self) -> list[Record]:
        """Recurrences that came after this was closed as effective, judged as such."""
        return lasting.came_back_as(self)

    @cached_property
    def reported_again(self) -> list[Record]:
        """Cases reported as a recurrence after this was closed, which nobody has judged yet."""
        return lasting.reported_again(self)

    @property
    def is_unsustained(self) -> bool:
        return bool(self.came_back_as)

    @cached_property
    def successor(self) -> Record | None:
        drawn = self.links_in.filter(kind="succeeds", ended_date=None).exclude(
            record__state=State.VOID
        )
        link = drawn.select_related("record").order_by("pk").first()
        return link.record if link else None

    @property
    def needs_successor(self) -> bool:
        failed = self.state == State.NOT_EFFECTIVE or self.is_unsustained
        return failed and self.successor is None

    # -- what the kernel asks ------------------------------------------------------------------

    def text_for_search(self) -> str:
        return " ".join(filter(None, (super().text_for_search(), self.problem, self.team)))

    def gaps(self) -> list[Gap]:
        """Name the source that is not linked, and the successor that is missing."""
        found = []
        sources = Q(kind__in=("corrects", "raised_from", "succeeds"), ended_date=None)
        if not self.is_void and not self.links_out.filter(sources).exists():
            place = f"{self.get_absolute_url()}#cases"
            found.append(Gap(_("Not linked to what it corrects."), place, _("Take it on")))
        if self.needs_successor:
            address = reverse("actions:succeed", args=[self.number])
            text = _("It did not hold, and no successor is open.")
            found.append(Gap(text, address, _("Open a successor")))
        return found

    def clean(self) -> None:
        if self.kpi_id and self.kpi and self.kpi.site_id not in (None, self.site_id):
            raise ValidationError({"kpi": _("This KPI belongs to another site.")})
