"""The causes of a problem as a tree, each proposed, then verified or refuted."""

import re

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.models import RecordPart

from .action import CorrectiveAction

# A sentence made of nothing but these words names a person or a remedy, not a cause.
_TELLING = frozenset(
    ["attention", "attentive", "awareness", "careless", "carelessness", "distracted", "error", "errors", "failure", "fault", "forgot", "forgotten", "inattention", "inattentive", "mistake", "mistakes", "negligence", "retrain", "retraining", "trained", "training", "untrained"]
)
_BLAME = _TELLING | frozenset(
    ["a", "again", "an", "and", "be", "by", "did", "didn", "employee", "employees", "human", "insufficient", "is", "it", "lack", "man", "missing", "must", "needs", "not", "of", "operator", "operators", "or", "paying", "people", "person", "personnel", "staff", "t", "the", "to", "was", "were", "worker", "workers"]
)


class CauseKind(models.TextChoices):
    OCCURRENCE = "occurrence", _("Why it happened")
    ESCAPE = "escape", _("Why it was not noticed")
    SYSTEM = "system", _("What in the system let it happen")


class CauseState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    VERIFIED = "verified", _("Verified")
    REFUTED = "refuted", _("Refuted")


class Cause(RecordPart):
    """One answer to "why", with what shows that it is one."""

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="causes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deeper")
    kind = models.CharField(
        _("what it explains"), max_length=10, choices=CauseKind, default=CauseKind.OCCURRENCE
    )
    text = models.CharField(_("cause"), max_length=500)
    evidence = models.CharField(
        _("what speaks for it"), max_length=500, blank=True, help_text=_("Data, trial, photo …")
    )
    state = models.CharField(max_length=10, choices=CauseState, default=CauseState.PROPOSED)
    how = models.CharField(_("how it was verified or refuted"), max_length=500, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_day = models.DateField(null=True)
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
        return bool(words & _TELLING) and words <= _BLAME
