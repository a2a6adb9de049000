"""The life of an improvement project: proposed, running, checking, its benefit confirmed or not."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from andon.organization.policy import policy
from andon.records.workflow import Act, Refusal, Refused, Transition, Workflow

if TYPE_CHECKING:
    from .models import ImprovementProject


class State(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    RUNNING = "running", _("Running")
    CHECKING = "checking", _("Checking the benefit")
    CONFIRMED = "confirmed", _("Benefit confirmed")
    NOT_REACHED = "not_reached", _("Benefit not reached")
    VOID = "void", _("Void")


# -- checks, named after the fact that must hold --------------------------------------


def problem_stated(project: "ImprovementProject", _act: Act) -> None:
    if not project.problem.strip():
        raise Refused(_("The problem is not stated: what, where, since when, how much."))


def goal_fixed(project: "ImprovementProject", _act: Act) -> None:
    """By which number, against when, how far, for how much money: before it begins."""
    missing = [text for text, there in project.goal_parts if not there]
    if missing:
        raise Refusal([Refused(text, fix="#goal") for text in missing])


def baseline_has_points(project: "ImprovementProject", _act: Act) -> None:
    if project.kpi and project.baseline_from and not project.has_baseline:
        raise Refused(
            _("The baseline has too few points with data: choose a longer window."), fix="#goal"
        )


def target_better_than_baseline(project: "ImprovementProject", _act: Act) -> None:
    if project.is_reached_already:
        raise Refused(
            _("The baseline reaches the target already: aim for more, or leave it."), fix="#goal"
        )


def confirmer_named(project: "ImprovementProject", _act: Act) -> None:
    if not policy().separate_verifier:
        return
    if project.confirmer_id in (None, project.owner_id):
        raise Refused(
            _("Name somebody else than the owner who will confirm the benefit."), fix="#goal"
        )


def took_hold_by_now(project: "ImprovementProject", act: Act) -> None:
    day, since = project.took_hold_date, project.baseline_from
    if day and (day > act.day or (since and day <= since)):
        raise Refused(_("It took hold after the baseline began, and not later than today."))


def costs_known(project: "ImprovementProject", _act: Act) -> None:
    if project.costs is None:
        raise Refused(_("Say what it cost; nothing is 0."))


def window_over(project: "ImprovementProject", act: Act) -> None:
    benefit = project.benefit(act.day)
    if benefit and not benefit.elapsed:
        raise Refused(
            _("The benefit is judged from %(day)s on: the window has not passed.")
            % {"day": benefit.ends},
            fix="#benefit",
        )


def effect_shown(project: "ImprovementProject", act: Act) -> None:
    """The numbers themselves say that the target is reached; what speaks against it is listed."""
    benefit = project.benefit(act.day)
    if benefit and benefit.shortfalls:
        raise Refusal([Refused(text, fix="#benefit") for text in benefit.shortfalls])


def money_known(project: "ImprovementProject", act: Act) -> None:
    benefit = project.benefit(act.day)
    if benefit and benefit.yearly is None:
        raise Refused(_("The benefit cannot be put in money: what one unit costs is not known."))


def confirmed_by_another(project: "ImprovementProject", act: Act) -> None:
    """Whoever owns the project does not confirm it; Light lets them, with the reason kept."""
    if act.by.pk != project.owner_id:
        return
    if policy().separate_verifier:
        raise Refused(
            _("You own this project; its benefit is confirmed by someone else."), fix="#benefit"
        )
    if not project.same_person_reason.strip():
        raise Refused(
            _("You own this project: give the reason why nobody else confirms its benefit.")
        )


# -- effects, named after what they do ------------------------------------------------


def watch(project: "ImprovementProject", _act: Act) -> None:
    """From the day it took hold on the benefit is watched; then the check is due."""
    if project.took_hold_date and project.window_days:
        project.due_date = project.took_hold_date + timedelta(days=project.window_days)
        project.save(update_fields=["due_date"])


def keep_benefit(project: "ImprovementProject", act: Act) -> None:
    project.keep_benefit(by=act.by, day=act.day)


_WORK, _CONFIRM = "improvements.work", "improvements.confirm"

WORKFLOW = Workflow(
    states=State,
    initial=State.PROPOSED,
    final=frozenset({State.CONFIRMED, State.NOT_REACHED, State.VOID}),
    void=State.VOID,
    tones={
        State.PROPOSED: "info",
        State.RUNNING: "info",
        State.CHECKING: "wait",
        State.CONFIRMED: "good",
        State.NOT_REACHED: "act",
        State.VOID: "neutral",
    },
    transitions=(
        Transition(
            name="run",
            label=_("Start the project"),
            help=_("Problem and goal are fixed; they do not change while it runs."),
            source=State.PROPOSED,
            target=State.RUNNING,
            permission=_WORK,
            signed_as=_("I confirm goal, baseline and target."),
            requires=(
                problem_stated,
                goal_fixed,
                baseline_has_points,
                target_better_than_baseline,
                confirmer_named,
            ),
        ),
        Transition(
            name="watch",
            label=_("It took hold: check the benefit"),
            help=_("What was to be changed is changed; from that day on the number is watched."),
            source=State.RUNNING,
            target=State.CHECKING,
            permission=_WORK,
            signed_as=_("I confirm that the change took hold."),
            asks=("took_hold_date", "done"),
            may_ask=("costs",),
            requires=(took_hold_by_now, costs_known),
            then=(watch,),
        ),
        Transition(
            name="confirm",
            label=_("Confirm the benefit"),
            help=_("The target is reached, and the numbers show it."),
            source=State.CHECKING,
            target=State.CONFIRMED,
            permission=_CONFIRM,
            asks=("conclusion",),
            may_ask=("same_person_reason",),
            requires=(window_over, effect_shown, money_known, confirmed_by_another),
            then=(keep_benefit,),
            signed_as=_("I confirm that the benefit was reached."),
            regulated=2,
        ),
        Transition(
            name="not_reached",
            label=_("Benefit not reached: close"),
            help=_("It did not do what was promised; what was learned stays here."),
            source=(State.RUNNING, State.CHECKING),
            target=State.NOT_REACHED,
            permission=_CONFIRM,
            signed_as=_("I confirm that the benefit was not reached."),
            regulated=2,
            asks=("conclusion",),
            may_ask=("same_person_reason",),
            requires=(confirmed_by_another,),
            then=(keep_benefit,),
            secondary=True,
        ),
        Transition(
            name="void",
            label=_("Void"),
            help=_("Proposed by mistake; number and content stay."),
            source=(State.PROPOSED, State.RUNNING, State.CHECKING),
            target=State.VOID,
            permission=_CONFIRM,
            signed_as=_("I declare this project void."),
            asks=("void_reason",),
            secondary=True,
        ),
    ),
)
