"""The life of a nonconformity: reported, contained, decided, closed (8.7, 10.2.1)."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from andon.organization.policy import policy
from andon.records.workflow import Act, Refusal, Refused, Transition, Workflow

if TYPE_CHECKING:
    from .models import Nonconformity


class State(TextChoices):
    REPORTED = "reported", _("Reported")
    CONTAINED = "contained", _("Contained")
    DECIDED = "decided", _("Decided")
    CLOSED = "closed", _("Closed")
    VOID = "void", _("Void")


class Severity(TextChoices):
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical: safety or law")


# -- checks, named after the fact that must hold --------------------------------------


def triaged(nonconformity: "Nonconformity", _act: Act) -> None:
    if not nonconformity.severity:
        raise Refused(_("The severity is not set."), fix="#triage")


def counted(nonconformity: "Nonconformity", _act: Act) -> None:
    if nonconformity.has_quantity and nonconformity.suspect_quantity is None:
        raise Refused(_("The suspect quantity is not known: count or estimate it."), fix="#triage")


def customer_told(nonconformity: "Nonconformity", _act: Act) -> None:
    """Product that has left needs a decision on telling the customer (8.7.1)."""
    if nonconformity.shipped and not nonconformity.customer_notice:
        raise Refused(
            _("Product was shipped: write down whether and how the customer is told."),
            fix="#triage",
        )


def contained_enough(nonconformity: "Nonconformity", _act: Act) -> None:
    """What is suspect is held somewhere, or it is said why not."""
    if not nonconformity.has_quantity:
        if not nonconformity.correction:
            raise Refused(_("Write what was done at once (the correction)."), fix="#triage")
        return
    suspect = nonconformity.suspect_quantity or Decimal(0)
    missing = suspect - nonconformity.contained_quantity
    if missing > 0 and not nonconformity.uncontained_reason:
        raise Refused(
            _("%(missing)s of %(suspect)s suspect are not contained, and no reason is given.")
            % {"missing": plain(missing), "suspect": plain(suspect)},
            fix="#containment",
        )


def lots_add_up(nonconformity: "Nonconformity", _act: Act) -> None:
    """Where lots are listed, their suspect quantities are the whole."""
    lots = nonconformity.affected_lots
    if not lots:
        return
    total = sum((lot.quantity for lot in lots), Decimal(0))
    suspect = nonconformity.suspect_quantity or Decimal(0)
    if total != suspect:
        raise Refused(
            _("The lots add up to %(sum)s, but %(suspect)s are suspect.")
            % {"sum": plain(total), "suspect": plain(suspect)},
            fix="#lots",
        )


def agreed_by_authority(nonconformity: "Nonconformity", act: Act) -> None:
    """Every authority named for this severity has agreed to the decision as it stands."""
    missing = [
        Refused(
            _("“%(role)s” has to agree to this decision (%(reach)s).")
            % {"role": need.role_name, "reach": need.get_reach_display()},
            fix="#authority",
        )
        for need in nonconformity.authorities_missing(act.by)
    ]
    if missing:
        raise Refusal(missing)


def quantity_confirmed(nonconformity: "Nonconformity", _act: Act) -> None:
    """Suspect = verified good + confirmed nonconforming + not recovered."""
    if not nonconformity.has_quantity:
        return
    ledger = nonconformity.ledger
    if ledger.unsorted != 0:
        raise Refused(
            _(
                "Verified good, confirmed and not recovered add up to %(sum)s, but %(suspect)s are"
                " suspect: sort the rest."
            )
            % {"sum": plain(ledger.sorted), "suspect": plain(ledger.suspect)},
            fix="#sorting",
        )


def fully_disposed(nonconformity: "Nonconformity", _act: Act) -> None:
    """The dispositions sum to the confirmed quantity."""
    if not nonconformity.has_quantity:
        return
    ledger = nonconformity.ledger
    if ledger.undisposed != 0:
        raise Refused(
            _("The dispositions add up to %(sum)s, but %(confirmed)s are confirmed nonconforming.")
            % {"sum": plain(ledger.disposed), "confirmed": plain(ledger.confirmed)},
            fix="#dispositions",
        )


def concessions_backed(nonconformity: "Nonconformity", _act: Act) -> None:
    """Use as is and repair need a reason, and the customer's word where it is their requirement."""
    missing: list[Refused] = []
    for line in nonconformity.live_dispositions:
        missing += [Refused(text, fix="#dispositions") for text in line.lacks_as_concession()]
    if missing:
        raise Refusal(missing)


def major_by_manager(nonconformity: "Nonconformity", act: Act) -> None:
    serious = nonconformity.severity in (Severity.MAJOR, Severity.CRITICAL)
    if (
        serious
        and policy().major_needs_manager
        and not act.by.may("nonconformities.decide_major", nonconformity.site_id)
    ):
        raise Refused(_("A major nonconformity is decided by the quality manager."))


def carried_out(nonconformity: "Nonconformity", _act: Act) -> None:
    for line in nonconformity.live_dispositions:
        if line.done_quantity < line.quantity:
            raise Refused(
                _("“%(line)s”: %(done)s of %(all)s carried out.")
                % {"line": line, "done": plain(line.done_quantity), "all": plain(line.quantity)},
                fix="#dispositions",
            )


def verified_again(nonconformity: "Nonconformity", _act: Act) -> None:
    """What was reworked or repaired is verified against the requirement again (8.7.1)."""
    for line in nonconformity.live_dispositions:
        if line.needs_verification and line.verified_quantity < line.quantity:
            raise Refused(_("“%s” is not verified again.") % line, fix="#dispositions")


def correction_written(nonconformity: "Nonconformity", _act: Act) -> None:
    if not nonconformity.correction and not nonconformity.has_quantity:
        raise Refused(_("Write what was done at once (the correction)."), fix="#triage")


def action_decided(nonconformity: "Nonconformity", _act: Act) -> None:
    """Whether the cause must go is a decision with a reason (10.2.1 b)."""
    if not nonconformity.action_decision:
        raise Refused(_("Decide whether a corrective action is needed."), fix="#action")
    if nonconformity.action_decision == "no" and not nonconformity.action_reason:
        raise Refused(_("Say why no corrective action is needed."), fix="#action")
    if nonconformity.action_decision == "yes" and not nonconformity.has_corrective_action:
        raise Refused(
            _("A corrective action is needed, but none is linked: raise it or link it."),
            fix="#action",
        )


def plain(value: Decimal) -> str:
    """Return a quantity without needless zeros."""
    return f"{value.normalize():f}"


def _light(_record: "Nonconformity") -> bool:
    return policy().light


def _not_light(_record: "Nonconformity") -> bool:
    return not policy().light


_DECIDE = "nonconformities.decide"
_DECIDED_WELL = (
    lots_add_up,
    quantity_confirmed,
    fully_disposed,
    concessions_backed,
    customer_told,
    major_by_manager,
    agreed_by_authority,
)

WORKFLOW = Workflow(
    states=State,
    initial=State.REPORTED,
    final=frozenset({State.CLOSED, State.VOID}),
    void=State.VOID,
    tones={
        State.REPORTED: "act",
        State.CONTAINED: "wait",
        State.DECIDED: "info",
        State.CLOSED: "good",
        State.VOID: "neutral",
    },
    transitions=(
        Transition(
            name="contain",
            label=_("Confirm containment"),
            help=_("Nothing suspect can be used or shipped by mistake."),
            source=State.REPORTED,
            target=State.CONTAINED,
            permission="nonconformities.contain",
            signed_as=_("I confirm that nothing suspect can be used or shipped."),
            requires=(triaged, counted, customer_told, contained_enough),
            applies=_not_light,
        ),
        Transition(
            name="settle",
            label=_("Contained and decided"),
            help=_("One authority confirms containment and decides what happens to the product."),
            source=State.REPORTED,
            target=State.DECIDED,
            permission=_DECIDE,
            requires=(triaged, counted, contained_enough, *_DECIDED_WELL),
            signed_as=_("I decided on this nonconformity."),
            regulated=1,
            applies=_light,
        ),
        Transition(
            name="decide",
            label=_("Decide"),
            help=_("The dispositions are complete and authorized."),
            source=State.CONTAINED,
            target=State.DECIDED,
            permission=_DECIDE,
            requires=_DECIDED_WELL,
            signed_as=_("I decided on this nonconformity."),
            regulated=1,
        ),
        Transition(
            name="close",
            label=_("Close"),
            help=_("Carried out, verified again, and the need for corrective action decided."),
            source=State.DECIDED,
            target=State.CLOSED,
            permission=_DECIDE,
            requires=(
                fully_disposed,
                carried_out,
                verified_again,
                correction_written,
                action_decided,
            ),
            signed_as=_("I verified that the decision was carried out."),
            regulated=1,
        ),
        Transition(
            name="void",
            label=_("Void"),
            help=_("Recorded by mistake; number and content stay."),
            source=(State.REPORTED, State.CONTAINED, State.DECIDED),
            target=State.VOID,
            permission=_DECIDE,
            signed_as=_("I declare this nonconformity void."),
            asks=("void_reason",),
            secondary=True,
        ),
    ),
)
