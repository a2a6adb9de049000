"""How records are read: what a person may see, what is open, what a search finds."""

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.db.models import Q

from andon.accounts.models import User
from andon.trail.models import AuditedQuerySet

from . import search

if TYPE_CHECKING:
    from .models import Record

R = TypeVar("R", bound="Record")


class RecordQuerySet(AuditedQuerySet[R]):
    """Records of one kind, or of all kinds; reading starts at :meth:`visible_to`."""

    @property
    def _is_shell(self) -> bool:
        return self.model._meta.label == "records.Record"

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may see: granted sites, and restricted ones only as a participant."""
        scope = user.site_scope()
        rows = self.of_kind() if scope is None else self.of_kind().filter(site_id__in=scope)
        participants = apps.get_model("records", "Participant")._default_manager
        mine = participants.filter(user_id=user.pk).values("record_id")
        return rows.filter(Q(restricted=False) | Q(owner_id=user.pk) | Q(pk__in=mine))

    def of_kind(self) -> Self:
        """Name the kind in the query, so that the indexes by kind can serve it."""
        return self if self._is_shell else self.filter(kind=self.model.slug())

    def open(self) -> Self:
        return self.filter(closed_date=None)

    def overdue(self, day: date) -> Self:
        return self.open().filter(due_date__lt=day)

    def found(self, words: str, *, viewer: User) -> Self:
        """Keep those among the newest matches of ``words`` at the sites of ``viewer``."""
        kind = "" if self._is_shell else self.model.slug()
        return self.filter(pk__in=search.newest(words, kind=kind, sites=viewer.site_scope()))
