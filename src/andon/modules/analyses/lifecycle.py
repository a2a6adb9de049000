"""The life of an analysis: kept, then issued with its conclusion."""

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from andon.records.workflow import Act, Refused, Transition, Workflow

if TYPE_CHECKING:
    from .models import Analysis


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    VOID = "void", _("Void")


def conclusion_written(analysis: "Analysis", _act: Act) -> None:
    if not analysis.conclusion.strip():
        raise Refused(_("Write down what follows from it."), fix="#do-issue")


def same_result_today(analysis: "Analysis", _act: Act) -> None:
    """What was read when it was kept is what the statistics say now."""
    if not analysis.holds:
        raise Refused(
            _("The statistics of today say something else than when this was kept: keep it anew."),
            fix=f"/analyses/new/?again={analysis.number}",
        )


WORKFLOW = Workflow(
    states=State,
    initial=State.DRAFT,
    final=frozenset({State.ISSUED, State.VOID}),
    void=State.VOID,
    tones={State.DRAFT: "act", State.ISSUED: "good", State.VOID: "neutral"},
    transitions=(
        Transition(
            name="issue",
            label=_("Issue"),
            help=_("Values, method, result and conclusion stay as they are."),
            source=State.DRAFT,
            target=State.ISSUED,
            permission="analyses.issue",
            signed_as=_("I stand for this analysis and its conclusion."),
            regulated=1,
            asks=("conclusion",),
            requires=(conclusion_written, same_result_today),
        ),
        Transition(
            name="void",
            label=_("Void"),
            help=_("Kept by mistake; number and content stay."),
            source=State.DRAFT,
            target=State.VOID,
            permission="analyses.void",
            signed_as=_("I declare this analysis void."),
            asks=("void_reason",),
            secondary=True,
        ),
    ),
)
