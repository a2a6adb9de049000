"""The life of a signal: raised, then answered in one of four ways (9.1.3)."""

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from andon.records.workflow import Act, Refused, Transition, Workflow

if TYPE_CHECKING:
    from .models import Signal


class State(TextChoices):
    RAISED = "raised", _("Raised")
    ANSWERED = "answered", _("Answered")
    VOID = "void", _("Void")


# -- checks, named after the fact that must hold --------------------------------------


def cause_and_action_coded(signal: "Signal", _act: Act) -> None:
    _refuse_blank(signal.cause, _("Write down the cause that was found."), "note_cause")


def reason_to_accept_written(signal: "Signal", _act: Act) -> None:
    _refuse_blank(signal.accepted_reason, _("Write down why this is accepted."), "accept")


def reason_for_false_alarm_written(signal: "Signal", _act: Act) -> None:
    _refuse_blank(
        signal.false_alarm_reason, _("Write down why this is a false alarm."), "false_alarm"
    )


def record_raised(signal: "Signal", _act: Act) -> None:
    """A nonconformity, a corrective action or an improvement project was raised from it."""
    if not signal.raised_records:
        raise Refused(
            _(
                "No nonconformity, corrective action or improvement project is raised from this"
                " signal: raise one."
            ),
            fix="#answer",
        )


def _refuse_blank(text: str, sentence: object, step: str) -> None:
    if not text.strip():
        raise Refused(str(sentence), fix=f"#do-{step}")


# -- effects, named after what they do ------------------------------------------------


def sign_answer(signal: "Signal", act: Act) -> None:
    """Keep who answered, for the chart and the review."""
    signal.answered_by = act.by
    signal.save(update_fields=["answered_by"])


_ANSWER = "kpis.answer"

WORKFLOW = Workflow(
    states=State,
    initial=State.RAISED,
    final=frozenset({State.ANSWERED, State.VOID}),
    void=State.VOID,
    tones={State.RAISED: "act", State.ANSWERED: "good", State.VOID: "neutral"},
    transitions=(
        Transition(
            name="note_cause",
            label=_("Cause and action"),
            help=_("The cause is known, and what was done about it is enough."),
            source=State.RAISED,
            target=State.ANSWERED,
            permission=_ANSWER,
            signed_as=_("I name the cause and the action."),
            asks=("cause_code", "cause", "action_code"),
            may_ask=("action",),
            requires=(cause_and_action_coded,),
            then=(sign_answer,),
        ),
        Transition(
            name="hand_on",
            label=_("Answered by the record raised"),
            help=_("A nonconformity, a corrective action or a project takes it from here."),
            source=State.RAISED,
            target=State.ANSWERED,
            permission=_ANSWER,
            requires=(record_raised,),
            then=(sign_answer,),
        ),
        Transition(
            name="accept",
            label=_("Accept with a reason"),
            help=_("It is known and will not be acted on now."),
            source=State.RAISED,
            target=State.ANSWERED,
            permission=_ANSWER,
            signed_as=_("I accept this signal for the reason given."),
            asks=("accepted_reason",),
            requires=(reason_to_accept_written,),
            then=(sign_answer,),
            secondary=True,
        ),
        Transition(
            name="false_alarm",
            label=_("False alarm"),
            help=_("The data or the limits were wrong; the process was not."),
            source=State.RAISED,
            target=State.ANSWERED,
            permission=_ANSWER,
            signed_as=_("I declare this signal a false alarm."),
            asks=("false_alarm_reason",),
            requires=(reason_for_false_alarm_written,),
            then=(sign_answer,),
            secondary=True,
        ),
        Transition(
            name="void",
            label=_("Void"),
            help=_("Raised by mistake; number and content stay."),
            source=State.RAISED,
            target=State.VOID,
            permission="kpis.void",
            signed_as=_("I declare this signal void."),
            asks=("void_reason",),
            secondary=True,
        ),
    ),
)
