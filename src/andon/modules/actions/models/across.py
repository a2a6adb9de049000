"""Looking across: each place where the same could sit, with an answer (10.2.1 b 3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.models import RecordPart

from .action import CorrectiveAction


class Affected(models.TextChoices):
    AFFECTED = "affected", _("Affected")
    NOT_AFFECTED = "not_affected", _("Not affected")
    TO_CHECK = "to_check", _("To check")


class LookAcross(RecordPart):
    """What was found at one other item, line or site; the newest answer holds."""

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="looks")
    # Names the proposal it answers ("item:12"); empty for a place that somebody thought of.
    key = models.CharField(max_length=40, blank=True)
    place = models.CharField(
        _("where"), max_length=200, help_text=_("Another item, line, site or process.")
    )
    answer = models.CharField(_("answer"), max_length=12, choices=Affected)
    note = models.CharField(_("what was looked at and found"), max_length=300, blank=True)
    who = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("who looks or looked")
    )
    until = models.DateField(_("to be checked by"), null=True, blank=True)
    day = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["record", "key"], condition=~Q(key=""), name="look_across_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="to_check", until__isnull=False)
                | Q(~Q(answer="to_check"), ~Q(note="")),
                name="look_across_says_how",
            ),
        )

    def __str__(self) -> str:
        return self.place

    @property
    def is_open(self) -> bool:
        return self.answer == Affected.TO_CHECK

    @property
    def tone(self) -> str:
        tones = {Affected.AFFECTED: "act", Affected.NOT_AFFECTED: "good"}
        return tones.get(Affected(self.answer), "wait")
