"""The life of a corrective action: opened, analysed, planned, implemented, judged (10.2)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from andon.organization.policy import policy
from andon.records.workflow import Act, Transition, Workflow

from . import checks
from .states import State

if TYPE_CHECKING:
    from andon.modules.actions.models import CorrectiveAction

__all__ = ["WORKFLOW", "State"]


# -- effects, named after what they do -------------------------------------------------------


def cut_in(action: "CorrectiveAction", _act: Act) -> None:
    """From the day the last action was done on, the effect counts; then the check is due."""
    action.cut_in_date = max(item.done_date for item in action.live_items if item.done_date)
    if action.criterion:
        days = timedelta(days=action.criterion.whole_window)
        action.due_date = action.cut_in_date + days
    action.save()


def fix_plan(action: "CorrectiveAction", act: Act) -> None:
    action.planned_date = act.day
    action.save()


def keep_verdict(action: "CorrectiveAction", act: Act) -> None:
    action.keep_verdict(action.state, by=act.by, day=act.day)


def _light(_action: "CorrectiveAction") -> bool:
    return policy().light


def _not_light(_action: "CorrectiveAction") -> bool:
    return not policy().light


_WORK, _PLAN, _VERIFY = "actions.work", "actions.plan", "actions.verify"
_ANALYSED = (
    checks.problem_stated,
    checks.baseline_known,
    checks.cause_verified,
    checks.all_causes_found,
)
_PLANNED = (
    checks.causes_acted_on,
    checks.strong_enough,
    checks.looked_elsewhere,
    checks.criterion_fixed,
    checks.verifier_named,
)
_JUDGING = ("same_person_reason", "concurrent_changes")

WORKFLOW = Workflow(
    states=State,
    initial=State.OPENED,
    final=frozenset({State.EFFECTIVE, State.NOT_EFFECTIVE, State.VOID}),
    void=State.VOID,
    tones={
        State.OPENED: "act",
        State.ANALYSED: "info",
        State.PLANNED: "info",
        State.IMPLEMENTED: "wait",
        State.EFFECTIVE: "good",
        State.NOT_EFFECTIVE: "act",
        State.VOID: "neutral",
    },
    transitions=(
        Transition(
            name="analyse",
            label=_("Confirm the analysis"),
            help=_("The problem is stated and its causes are verified."),
            source=State.OPENED,
            target=State.ANALYSED,
            permission=_WORK,
            signed_as=_("I confirm the problem and its causes."),
            requires=_ANALYSED,
            applies=_not_light,
        ),
        Transition(
            name="settle",
            label=_("Confirm cause and plan"),
            help=_("Problem, cause, action and how the effect is judged; then it is fixed."),
            source=State.OPENED,
            target=State.PLANNED,
            permission=_PLAN,
            requires=(*_ANALYSED, *_PLANNED),
            then=(fix_plan,),
            signed_as=_("I confirm the cause and the plan."),
            regulated=1,
            applies=_light,
        ),
        Transition(
            name="plan",
            label=_("Confirm the plan"),
            help=_("Every verified cause has an action, and how the effect is judged is fixed."),
            source=State.ANALYSED,
            target=State.PLANNED,
            permission=_PLAN,
            requires=_PLANNED,
            then=(fix_plan,),
            signed_as=_("I confirm the plan and how its effect will be judged."),
            regulated=1,
        ),
        Transition(
            name="implement",
            label=_("Everything is done"),
            help=_("From the day the last action was done on, the effect is watched."),
            source=State.PLANNED,
            target=State.IMPLEMENTED,
            permission=_WORK,
            signed_as=_("I confirm that every action is carried out."),
            requires=(checks.carried_out, checks.proved, checks.system_reviewed),
            then=(cut_in,),
        ),
        Transition(
            name="effective",
            label=_("Effective: close"),
            help=_("The problem went down as promised and did not come back."),
            source=State.IMPLEMENTED,
            target=State.EFFECTIVE,
            permission=_VERIFY,
            asks=("verdict_note",),
            may_ask=_JUDGING,
            requires=(
                checks.window_over,
                checks.enough_seen,
                checks.recurrences_judged,
                checks.nothing_came_back,
                checks.effect_shown,
                checks.looked_everywhere,
                checks.verified_by_another,
            ),
            then=(keep_verdict,),
            signed_as=_("I verified that the action is effective."),
            regulated=2,
        ),
        Transition(
            name="not_effective",
            label=_("Not effective: close"),
            help=_("It did not work. A successor takes the problem on; this one stays as it is."),
            source=State.IMPLEMENTED,
            target=State.NOT_EFFECTIVE,
            permission=_VERIFY,
            asks=("verdict_note",),
            may_ask=_JUDGING,
            requires=(checks.verified_by_another,),
            then=(keep_verdict,),
            signed_as=_("I verified that the action is not effective."),
            regulated=2,
            secondary=True,
        ),
        Transition(
            name="void",
            label=_("Void"),
            help=_("Opened by mistake; number and content stay."),
            source=(State.OPENED, State.ANALYSED, State.PLANNED, State.IMPLEMENTED),
            target=State.VOID,
            permission=_VERIFY,
            signed_as=_("I declare this corrective action void."),
            asks=("void_reason",),
            secondary=True,
        ),
    ),
)
