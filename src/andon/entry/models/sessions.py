"""Who is signed in, where and since when (SE1)."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.entry.apps import GUARD


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> Self:
        """Return the own sessions; those who keep watch see everybody's."""
        signed_in = self.exclude(person=None)
        return signed_in if user.may(GUARD) else signed_in.filter(person=user)


class Session(AbstractBaseSession):
    """One browser; the key is kept as a hash, so that a copy of the table opens nothing.

    No controlled row: it is written at every request that keeps something in it, and gone
    when it ends. Its events stand in the security stream.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sessions"
    )
    since = models.DateTimeField()
    seen = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        db_table = "entry_session"

    def __str__(self) -> str:
        return f"{self.person_id}: {self.since:%Y-%m-%d %H:%M}"
