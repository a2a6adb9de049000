"""The second factor of a person: what they have, how it is added, used and taken away (AU3)."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock, names, services
from andon.accounts.models import User
from andon.entry import factors_codes as codes
from andon.entry import factors_totp as totp
from andon.entry.engine import DOOR, end
from andon.entry.factors_secrets import seal, unseal
from andon.entry.models.factors import Generator, Passkey, RecoveryCode
from andon.entry.models.pins import Pin
from andon.entry.models.sessions import Session
from andon.trail.security import tell
from andon.trail.services import audited, retrying

TOTP = "totp"
ENROLMENT_SECONDS = 900
MOST_PASSKEYS = 10
LATELY = timedelta(minutes=15)


def has_second(user: User) -> bool:
    """Return whether signing in asks this person for more than a password."""
    found: bool = (
        Generator.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()
    )
    return found


def has_codes(user: User) -> bool:
    return bool(Generator.objects.filter(user=user).exists())


def has_passkeys(user: User) -> bool:
    return bool(Passkey.objects.filter(user=user).exists())


def use_code(user: User, code: str) -> bool:
    """Return whether this one-time code counted now; each counts once, an older one no more."""
    generator = Generator.objects.filter(user=user).first()
    if generator is None:
        return False
    secret = unseal(TOTP, user.pk, generator.secret)
    step = _step(secret, code) if secret else None
    return step is not None and spend_step(generator, step)


def spend_step(generator: Generator, step: int) -> bool:
    """Take the time step of a code, by one conditional UPDATE: of two at once, one wins."""
    older = Generator.objects.filter(pk=generator.pk, last_step__lt=step)
    return bool(older.update(last_step=step, last_used_at=clock.now()) == 1)


def use_recovery_code(user: User, code: str) -> bool:
    """Return whether this recovery code counted now, and tell that one was used."""
    if not codes.use(user, code):
        return False
    tell("recovery code used", by=user, detail={"left": codes.left(user)})
    return True


def begin_generator(user: User) -> str:
    """Return a new secret, sealed for this person for a quarter of an hour."""
    return seal(f"{TOTP}-new", user.pk, totp.new_secret())


def open_secret(user: User, sealed: str) -> str:
    """Return the secret that was begun; empty when it is too old or not this person's."""
    return unseal(f"{TOTP}-new", user.pk, sealed, seconds=ENROLMENT_SECONDS)


@retrying
def add_generator(user: User, sealed: str, code: str) -> list[str]:
    """Keep the generator when it made ``code``; return the recovery codes if they are new."""
    secret = open_secret(user, sealed)
    if not secret:
        raise ValidationError(_("This took too long. Scan the new picture, and try again."))
    step = _step(secret, code)
    if step is None:
        raise ValidationError(
            {"new_code": _("This is not the code of that picture. Wait for the next one.")}
        )
    with audited(user, reason=_("second factor added")):
        if has_codes(user):
            raise ValidationError(_("You have a one-time code app already; remove it first."))
        made = Generator(
            user=user, secret=seal(TOTP, user.pk, secret), last_step=step, added_at=clock.now()
        )
        made.save()
        _told("factor added", user, TOTP)
        return first_codes(user)


@retrying
def add_passkey(user: User, *, name: str, credential_id: str, public_key: str) -> list[str]:
    """Keep a passkey; return the recovery codes if they are new."""
    with audited(user, reason=_("second factor added")):
        if Passkey.objects.filter(user=user).count() >= MOST_PASSKEYS:
            raise ValidationError(_("Ten passkeys are the most; remove one first."))
        made = Passkey(
            user=user,
            name=names.one_line(name),
            credential_id=credential_id,
            public_key=public_key,
            added_at=clock.now(),
        )
        made.full_clean()
        made.save()
        _told("factor added", user, "passkey", passkey=made.pk)
        return first_codes(user)


@retrying
def rename_passkey(passkey: Passkey, name: str, *, by: User) -> None:
    """Call a passkey by another name."""
    with audited(by, reason=_("passkey renamed")):
        passkey.name = names.one_line(name)
        passkey.full_clean()
        passkey.save()


@retrying
def remove_passkey(passkey: Passkey, *, by: User) -> None:
    """Take one's own passkey away; who asks has proved who they are."""
    with audited(by, reason=_("second factor removed")):
        pk = passkey.pk
        passkey.delete()
        _told("factor removed", by, "passkey", passkey=pk)
        _drop_codes_without_factor(by)


@retrying
def remove_generator(user: User) -> None:
    """Take one's own generator away; who asks has proved who they are."""
    with audited(user, reason=_("second factor removed")):
        for generator in Generator.objects.filter(user=user):
            generator.delete()
            _told("factor removed", user, TOTP)
        _drop_codes_without_factor(user)


@retrying
def new_codes(user: User) -> list[str]:
    """Return ten new recovery codes; the old ones count no more."""
    with audited(user, reason=_("recovery codes made")):
        if not has_second(user):
            raise ValidationError(_("Recovery codes stand in for a second factor; add one first."))
        _told("recovery codes made", user, "recovery")
        return codes.renew(user)


@retrying
def reset(person: User, *, by: User) -> None:
    """Take away every second proof of someone who lost theirs; never one's own (AZ5)."""
    with audited(by, reason=_("second factor reset by an administrator")):
        if by.pk == person.pk:
            raise ValidationError(
                _("Nobody resets their own second factor; ask another administrator.")
            )
        services.require_over(by, person)
        for model in (Generator, Passkey):
            for row in model.objects.filter(user=person):
                row.delete()
        for pin in Pin.objects.filter(user=person, purpose=Pin.Purpose.SIGNING):
            pin.delete()
        RecoveryCode.objects.filter(user=person).delete()
        tell("factors reset", by=by, model="accounts.user", object_id=str(person.pk))
        end(list(Session.objects.filter(person=person)), cause="factors reset", by=by)


def first_codes(user: User) -> list[str]:
    """Return recovery codes for the first factor; for a further one none, for they are kept."""
    if codes.left(user):
        return []
    _told("recovery codes made", user, "recovery")
    return codes.renew(user)


def signed_in_lately(request: HttpRequest) -> bool:
    """Return whether this session is so young that whoever signed in is still there."""
    since = request.session.get(DOOR, {}).get("since")
    return bool(since) and clock.now() - datetime.fromisoformat(since) < LATELY


def _step(secret: str, code: str) -> int | None:
    typed = "".join(code.split())[:16]
    return totp.step_of(secret, typed, instant=clock.now().timestamp())


def _told(action: str, user: User, kind: str, **more: Any) -> None:
    detail = {"kind": kind, **more}
    tell(action, by=user, model="accounts.user", object_id=str(user.pk), detail=detail)


def _drop_codes_without_factor(user: User) -> None:
    if not has_second(user):
        RecoveryCode.objects.filter(user=user).delete()
