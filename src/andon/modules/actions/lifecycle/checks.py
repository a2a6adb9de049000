"""What a step of a corrective action requires, named after the fact that must hold."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from andon.organization.policy import policy
from andon.records.workflow import Act, Refusal, Refused

if TYPE_CHECKING:
    from andon.modules.actions.models import CorrectiveAction

# -- analysed ------------------------------------------------------------------------------


def problem_stated(action: "CorrectiveAction", _act: Act) -> None:
    if not action.problem.strip():
        raise Refused(
            _("The problem is not stated: what, where, since when, how much."), fix="#problem"
        )


def baseline_known(action: "CorrectiveAction", _act: Act) -> None:
    """How bad it was before, or why nobody can measure it; Light asks only in serious cases."""
    known = action.baseline or action.not_measurable or action.kpi_id
    if not known and action.is_strict:
        raise Refused(
            _("There is no baseline: say how much or how often, or why it is not measurable."),
            fix="#problem",
        )


def cause_verified(action: "CorrectiveAction", _act: Act) -> None:
    if not action.has_verified("occurrence"):
        raise Refused(
            _("No cause of the occurrence is verified yet: show that it is the cause."),
            fix="#causes",
        )


def all_causes_found(action: "CorrectiveAction", _act: Act) -> None:
    """Serious cases also say why it was not noticed, and what in the system let it happen."""
    if not action.needs_full_causes:
        return
    missing = []
    if not action.has_verified("escape"):
        missing.append(_("No cause of the escape is verified: why was it not noticed in time?"))
    if not action.has_verified("system"):
        missing.append(_("No cause in the system is verified: what let the cause arise?"))
    if missing:
        raise Refusal([Refused(text, fix="#causes") for text in missing])


# -- planned -------------------------------------------------------------------------------


def causes_acted_on(action: "CorrectiveAction", _act: Act) -> None:
    bare = action.causes_without_action()
    if bare:
        raise Refusal(
            [
                Refused(_("The cause “%s” has no action against it.") % cause, fix="#actions")
                for cause in bare
            ]
        )


def strong_enough(action: "CorrectiveAction", _act: Act) -> None:
    """A major case needs more than telling people again or looking harder."""
    if action.is_serious and not action.has_strong_action():
        raise Refused(
            _("A major or customer case needs an action stronger than training or inspection."),
            fix="#actions",
        )


def looked_elsewhere(action: "CorrectiveAction", _act: Act) -> None:
    """Similar nonconformities exist elsewhere, or could occur there (10.2.1 b 3).

    Light asks in serious cases and is content with a sentence; stricter profiles want an answer to
    every place that the records propose.
    """
    if not action.is_strict:
        return
    if not action.elsewhere.strip() and not action.looks.exists():
        raise Refused(
            _("Say whether the same sits elsewhere or could turn up there."), fix="#elsewhere"
        )
    if policy().light:
        return
    if waiting := action.unanswered_places():
        raise Refusal(
            [
                Refused(_("Look across: “%s” has no answer yet.") % place, fix="#elsewhere")
                for place in waiting
            ]
        )


def criterion_fixed(action: "CorrectiveAction", _act: Act) -> None:
    if action.criterion is None:
        raise Refused(_("It is not fixed how the effect will be judged."), fix="#effect")


def verifier_named(action: "CorrectiveAction", _act: Act) -> None:
    if not policy().separate_verifier:
        return
    if action.verifier_id is None:
        raise Refused(_("Name the person who will verify the effect."), fix="#effect")
    if action.verifier_id == action.owner_id:
        raise Refused(
            _("The effect is verified by someone else than the owner: name another person."),
            fix="#effect",
        )


# -- implemented ---------------------------------------------------------------------------


def carried_out(action: "CorrectiveAction", _act: Act) -> None:
    open_items = [item for item in action.live_items if item.done_date is None]
    if open_items:
        raise Refusal(
            [Refused(_("“%s” is not done.") % item, fix="#actions") for item in open_items]
        )


def proved(action: "CorrectiveAction", _act: Act) -> None:
    """A strict case names what proves each action: a record, a file, a reference, an answer."""
    if not action.is_strict:
        return
    bare = [item for item in action.live_items if item.done_date and not item.has_proof]
    if bare:
        raise Refusal(
            [Refused(_("“%s” names nothing that proves it.") % item, fix="#actions")
             for item in bare]
        )  # fmt: skip


def system_reviewed(action: "CorrectiveAction", _act: Act) -> None:
    """Risks and the system itself are looked at again where the case is serious (10.2.1 e, f)."""
    if not action.needs_full_causes:
        return
    missing = []
    if not action.risks_updated.strip():
        missing.append(_("Say which risks were updated, or why none."))
    if not action.system_change.strip():
        missing.append(_("Say what was changed in the management system, or why nothing."))
    if missing:
        raise Refusal([Refused(text, fix="#elsewhere") for text in missing])


# -- effective -----------------------------------------------------------------------------


def window_over(action: "CorrectiveAction", act: Act) -> None:
    verdict = action.verdict(act.day)
    if verdict and not verdict.elapsed:
        raise Refused(
            _("The effect is judged from %(day)s on: the window has not passed.")
            % {"day": verdict.ends},
            fix="#effect",
        )


def enough_seen(action: "CorrectiveAction", act: Act) -> None:
    verdict = action.verdict(act.day)
    if verdict and not verdict.enough:
        raise Refused(verdict.exposure_sentence, fix="#effect")


def recurrences_judged(action: "CorrectiveAction", act: Act) -> None:
    verdict = action.verdict(act.day)
    if verdict and verdict.unjudged:
        raise Refusal(
            [
                Refused(
                    _("%(number)s looks like a recurrence; judge whether it is one.")
                    % {"number": case.number},
                    fix="#recurrences",
                )
                for case in verdict.unjudged
            ]
        )


def nothing_came_back(action: "CorrectiveAction", act: Act) -> None:
    verdict = action.verdict(act.day)
    if verdict and verdict.recurrences:
        raise Refusal(
            [
                Refused(
                    _("%(number)s is a recurrence after the action.") % {"number": case.number},
                    fix="#recurrences",
                )
                for case in verdict.recurrences
            ]
        )


def effect_shown(action: "CorrectiveAction", act: Act) -> None:
    """The numbers themselves say effective; what speaks against it is listed one by one."""
    verdict = action.verdict(act.day)
    if verdict and verdict.shortfalls:
        raise Refusal([Refused(text, fix="#effect") for text in verdict.shortfalls])


def looked_everywhere(action: "CorrectiveAction", _act: Act) -> None:
    """Whoever looks across comes to an answer before the action is closed."""
    waiting = action.looks.filter(answer="to_check").order_by("pk") if action.is_strict else ()
    if found := [str(look) for look in waiting]:
        raise Refusal(
            [Refused(_("Look across: “%s” is still to be checked.") % place, fix="#elsewhere")
             for place in found]
        )  # fmt: skip


def verified_by_another(action: "CorrectiveAction", act: Act) -> None:
    """Whoever owns the action does not judge it; Light lets them, with the reason on record."""
    if act.by.pk != action.owner_id:
        return
    if policy().separate_verifier:
        raise Refused(
            _("You own this action; its effect is verified by someone else."), fix="#effect"
        )
    if not action.same_person_reason.strip():
        raise Refused(
            _("You own this action: give the reason why nobody else verifies its effect."),
            fix=f"/actions/{action.number}/do/effective/",
        )
