"""What belongs to the problem: what it is and is not, and the people who work on it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.records.models import RecordPart

from .action import CorrectiveAction


class Question(models.TextChoices):
    WHAT = "what", _("What")
    WHERE = "where", _("Where")
    WHEN = "when", _("When")
    WHO = "who", _("Who or which")
    HOW_MUCH = "how_much", _("How much")


class Contrast(RecordPart):
    """One row of the is/is-not table: the contrast points at the cause."""

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="contrasts")
    question = models.CharField(max_length=10, choices=Question)
    is_so = models.CharField(_("is"), max_length=300, blank=True)
    is_not = models.CharField(_("is not, though it could be"), max_length=300, blank=True)
    distinction = models.CharField(_("what is special about it"), max_length=300, blank=True)
    change = models.CharField(_("what changed there, and when"), max_length=300, blank=True)
    day = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["record", "question"], name="contrast_once"),
        )

    def __str__(self) -> str:
        return str(self.get_question_display())


# The columns of the table, in the order in which they are filled in.
CONTRASTS = ("is_so", "is_not", "distinction", "change")


class TeamRole(models.TextChoices):
    LEADER = "leader", _("Leader")
    SPONSOR = "sponsor", _("Sponsor")
    MEMBER = "member", _("Member")


class TeamMember(RecordPart):
    """A person of the team: one who signs in, or a name from outside."""

    record = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name from outside"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=TeamRole, default=TeamRole.MEMBER)
    brings = models.CharField(
        _("what this person brings"),
        max_length=120,
        blank=True,
        help_text=_("Knowledge, department, company."),
    )
    since = models.DateField()
    left_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, name="") | Q(Q(user=None), ~Q(name="")),
                name="member_is_somebody",
            ),
            models.UniqueConstraint(
                fields=["record", "user"], condition=Q(left_date=None), name="member_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.user) if self.user_id else self.name
