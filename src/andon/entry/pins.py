"""PINs: what is a good one, and whether one is right."""

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock
from andon.accounts.models import User
from andon.entry.models.pins import Pin
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited, retrying

SHORTEST = {Pin.Purpose.SIGNING: 6, Pin.Purpose.TABLET: 4}
LONGEST = 12
RUNS = "01234567890123456789"


def check_good(pin: str, purpose: str) -> None:
    """Refuse a PIN that is no number, too short, or the first that anybody would try."""
    least = SHORTEST[Pin.Purpose(purpose)]
    if not (pin.isascii() and pin.isdigit() and least <= len(pin) <= LONGEST):
        raise ValidationError(
            _("A PIN has between %(least)d and %(most)d digits, and nothing else."),
            params={"least": least, "most": LONGEST},
        )
    if trivial(pin):
        raise ValidationError(
            _("This PIN is the first that others would try. Take one without a pattern.")
        )


def trivial(pin: str) -> bool:
    """Return whether it is one digit or a pair again and again, or a run up or down."""
    repeated = any(
        pin == pin[:length] * (len(pin) // length)
        for length in range(1, len(pin) // 2 + 1)
        if len(pin) % length == 0
    )
    return repeated or pin in RUNS or pin in RUNS[::-1] or pin == pin[0] * len(pin)


@retrying
def set_pin(person: User, pin: str, *, purpose: str, by: User | SYSTEM) -> None:
    """Set the PIN of ``person``; the service that calls has seen who may."""
    check_good(pin, purpose)
    with audited(by, reason=_("PIN set")):
        row = Pin.objects.filter(user=person, purpose=purpose).first() or Pin(
            user=person, purpose=purpose
        )
        row.hash = make_password(pin)
        row.set_at = clock.now()
        row.full_clean()
        row.save()
        _told("PIN set", by, person, purpose)


@retrying
def remove_pin(person: User, *, purpose: str, by: User | SYSTEM) -> None:
    """Take the PIN of ``person`` away."""
    with audited(by, reason=_("PIN removed")):
        for row in Pin.objects.filter(user=person, purpose=purpose):
            row.delete()
            _told("PIN removed", by, person, purpose)


def has_pin(person: User, purpose: str) -> bool:
    return bool(Pin.objects.filter(user=person, purpose=purpose).exists())


def right(person: User, pin: str, *, purpose: str) -> bool:
    """Return whether this is the PIN; without one the answer takes as long (AU6)."""
    row = Pin.objects.filter(user=person, purpose=purpose).first()
    if row is None or len(pin) > LONGEST:
        make_password(pin[:LONGEST])
        return False
    return check_password(pin, row.hash)


def _told(action: str, by: User | SYSTEM, person: User, purpose: str) -> None:
    tell(
        action,
        by=by,
        model="accounts.user",
        object_id=str(person.pk),
        detail={"purpose": str(purpose)},
    )
