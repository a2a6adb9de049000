"""The tokens by which programs use the API (AU8)."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from andon.accounts.names import validate_one_line
from andon.entry.apps import GUARD
from andon.trail.models import AuditedModel, AuditedQuerySet


class TokenQuerySet(AuditedQuerySet["ApiToken"]):
    def visible_to(self, user: Any) -> Self:
        """Return the own tokens; those who keep watch see everybody's."""
        return self.all() if user.may(GUARD) else self.filter(owner=user)


class ApiToken(AuditedModel):
    """A program acts for its owner, within the scopes, until a day; only its hash is kept."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("owner")
    )
    name = models.CharField(
        _("what it is for"),
        max_length=80,
        validators=[validate_one_line],
        help_text=_("Which program uses it, and where it runs."),
    )
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.CharField(_("scopes"), max_length=400, editable=False)
    made_at = models.DateTimeField(_("made"), editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects: ClassVar[Any] = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="token_expires_after_it_is_made",
                condition=Q(expires_at__gt=F("made_at")),
                violation_error_message=_("A token expires after it is made."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scope_set(self) -> frozenset[str]:
        return frozenset(self.scopes.split())


class TokenUse(models.Model):
    """When a token was last used, to the hour.

    No controlled row: it follows from requests and decides nothing.
    """

    token = models.OneToOneField(ApiToken, models.PROTECT, primary_key=True, related_name="use")
    at = models.DateTimeField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("use of a token")
        verbose_name_plural = _("uses of tokens")
        db_table = "entry_token_use"

    def __str__(self) -> str:
        return f"{self.token_id}: {self.at:%Y-%m-%d %H:%M}"
