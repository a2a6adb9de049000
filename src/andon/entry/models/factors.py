"""What a person proves who they are with, beside the password: generator, passkeys, codes."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.names import validate_one_line
from andon.trail.models import AuditedModel


class Generator(AuditedModel):
    """The one-time code generator (TOTP) of a person: an app on their phone.

    The secret is sealed with the server's key, so that who edits rows can make none; it is kept
    out of the trail. ``last_step`` is the time step of the last code that counted.
    """

    trail_excluded = frozenset({"secret", "last_step", "last_used_at"})

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="generator", verbose_name=_("person")
    )
    secret = models.CharField(max_length=255, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)
    added_at = models.DateTimeField(_("added"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("one-time code generator")
        verbose_name_plural = _("one-time code generators")

    def __str__(self) -> str:
        return str(_("One-time code generator"))


class Passkey(AuditedModel):
    """A passkey of a person (WebAuthn). Its public key is in the trail: a swapped one is found."""

    trail_excluded = frozenset({"uses", "last_used_at"})
    trail_personal = frozenset({"name"})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="passkeys",
        verbose_name=_("person"),
    )
    name = models.CharField(
        _("name"),
        max_length=60,
        validators=[validate_one_line],
        help_text=_("By which you know it again, such as Phone or Blue key."),
    )
    credential_id = models.CharField(max_length=1400, unique=True, editable=False)
    public_key = models.TextField(editable=False)  # attested credential data, base64url
    uses = models.BigIntegerField(default=0, editable=False)  # the authenticator's own counter
    added_at = models.DateTimeField(_("added"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """The hash of one recovery code.

    Not an audited row, as a password hash is none: that codes were made, and that one was used,
    stands in the stream of security events.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["user", "used_at"], name="recovery_code_unused")
        ]

    def __str__(self) -> str:
        return str(_("Recovery code"))


class Spent(models.Model):
    """The hash of what works once: a challenge of a passkey, a state of single sign-on.

    A technical row without a subject; it is swept after a day, when what it marks has expired.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
