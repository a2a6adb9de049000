"""The causes of a problem as a tree, each proposed, then verified or refuted."""

import re
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.models import RecordPart

from .action import CorrectiveAction

# A sentence made of nothing but these words names a person or a remedy, not a cause.
_TELLING = re.compile(
    r"attenti(on|ve)|inattenti(on|ve)|awareness|careless(ness)?|distracted|errors?|failure|fault"
    r"|forgot(ten)?|mistakes?|negligence|(re)?train(ing|ed)?|untrained"
)
_EMPTY = re.compile(
    r"a|again|an|and|be|by|did|didn|employees?|human|insufficient|is|it|lack|man|missing|must"
    r"|needs?|not|of|operators?|or|paying|people|person(nel)?|staff|t|the|to|was|were|workers?"
)


class CauseKind(models.TextChoices):
    OCCURRENCE = "occurrence", _("Why it happened")
    ESCAPE = "escape", _("Why it was not noticed")
    SYSTEM = "system", _("What in the system let it happen")


class CauseState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    VERIFIED = "verified", _("Verified")
    REFUTED = "refuted", _("Refuted")


class CauseBranch(models.TextChoices):
    """The bones of a fishbone; a cause lies on its own, or on that of the one above it."""

    PEOPLE = "people", _("People")
    MACHINE = "machine", _("Machine")
    METHOD = "method", _("Method")
    MATERIAL = "material", _("Material")
    MEASUREMENT = "measurement", _("Measurement")
    ENVIRONMENT = "environment", _("Environment")
    MANAGEMENT = "management", _("Management")


DEEPEST = 7


class Cause(RecordPart):
    """One answer to "why", with what shows that it is one."""

    trail_state_version: ClassVar[int] = 2

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="causes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deeper")
    kind = models.CharField(
        _("what it explains"), max_length=10, choices=CauseKind, default=CauseKind.OCCURRENCE
    )
    branch = models.CharField(
        _("branch"),
        max_length=12,
        choices=CauseBranch,
        blank=True,
        help_text=_("Where it lies on the fishbone. Empty: with the cause it lies behind."),
    )
    text = models.CharField(_("cause"), max_length=500)
    evidence = models.CharField(
        _("what speaks for it"), max_length=500, blank=True, help_text=_("Data, trial, photo …")
    )
    state = models.CharField(max_length=10, choices=CauseState, default=CauseState.PROPOSED)
    how = models.CharField(_("how it was verified or refuted"), max_length=500, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified_day = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="proposed", verified_by=None)
                | Q(verified_by__isnull=False, verified_day__isnull=False) & ~Q(how=""),
                name="cause_judged_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def is_verified(self) -> bool:
        return self.state == CauseState.VERIFIED

    @property
    def tone(self) -> str:
        tones = {CauseState.VERIFIED: "good", CauseState.REFUTED: "neutral"}
        return tones.get(CauseState(self.state), "wait")

    @property
    def only_blames(self) -> bool:
        """Whether it says no more than "human error" or "retrain"."""
        words = set(re.findall(r"[a-z]+", self.text.casefold()))
        telling = {word for word in words if _TELLING.fullmatch(word)}
        return bool(telling) and all(_EMPTY.fullmatch(word) for word in words - telling)
