"""Which account belongs to whom the provider says is there; strict, and recorded."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts import clock, services
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.entry.models import OutsideIdentity
from andon.entry.oidc import Identity, Provider
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited, retrying

DOOR = SYSTEM("single sign-on")


def person_for(identity: Identity, asked: Provider) -> User | None:
    """Return the active account of ``identity``: linked, or matched now as the settings allow."""
    rows = OutsideIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject)
    if link := rows.select_related("user").first():
        return link.user if link.user.is_active else None
    person = _by_email(identity) if asked.match_email else None
    if person is None and asked.sign_up:
        person = _signed_up(identity)
    if person is not None:
        connect(person, issuer=identity.issuer, subject=identity.subject, by=DOOR)
    return person


def _by_email(identity: Identity) -> User | None:
    """Return the one account with this verified e-mail that is linked with nobody yet.

    Administrators are linked by hand only: whoever controls a mailbox must not become one.
    """
    if not identity.email or not identity.email_verified:
        return None
    found = list(User.objects.filter(email__iexact=identity.email)[:2])
    if len(found) != 1 or not found[0].is_active or Role.ADMIN in found[0].roles_in_force():
        return None
    taken = OutsideIdentity.objects.filter(user=found[0], issuer=identity.issuer).exists()
    return None if taken else found[0]


def _signed_up(identity: Identity) -> User | None:
    """Return a new account without any role; None where its name is taken or no name."""
    try:
        return services.create_user(
            username=identity.username,
            display_name=identity.name or identity.username,
            email=identity.email if identity.email_verified else "",
            by=DOOR,
        )
    except ValidationError:
        return None


@retrying
def connect(person: User, *, issuer: str, subject: str, by: User | SYSTEM) -> OutsideIdentity:
    """Link a subject of the provider with an account, in place of an earlier one."""
    with audited(by, reason=_("single sign-on linked")):
        if isinstance(by, User):
            _require(person, by)
        for earlier in OutsideIdentity.objects.filter(user=person, issuer=issuer):
            earlier.delete()
        link = OutsideIdentity(user=person, issuer=issuer, subject=subject, linked_at=clock.now())
        link.full_clean()
        link.save()
        _told("single sign-on linked", person, by)
    return link


@retrying
def disconnect(person: User, *, by: User) -> None:
    """Take the links of an account away."""
    with audited(by, reason=_("single sign-on unlinked")):
        _require(person, by)
        for link in OutsideIdentity.objects.filter(user=person):
            link.delete()
            _told("single sign-on unlinked", person, by)


def _require(person: User, by: User) -> None:
    services.require_over(by, person)
    if by.pk == person.pk:
        raise ValidationError(_("Nobody links their own account; ask another administrator."))


def _told(action: str, person: User, by: User | SYSTEM) -> None:
    tell(action, by=by, model="accounts.user", object_id=str(person.pk))
