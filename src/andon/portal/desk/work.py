"""Keeping what was found out about an import, if nobody else was quicker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site, User
from andon.portal.desk.models import Intake
from andon.records.adopting import ADOPT
from andon.records.workflow import Refused
from andon.trail.services import audited


class Overtaken(Exception):
    """The same part was done meanwhile, in another window."""


def require(by: User, site: Site) -> None:
    """Let through who may take records over at the site."""
    if not by.may_at(ADOPT, site.pk):
        raise PermissionDenied(_("Only a quality manager or administrator of this site may do it."))


@contextmanager
def keeping(intake: Intake, by: User) -> Iterator[Intake]:
    """Lock the import; what was found is kept only if it still stands where it stood."""
    require(by, intake.site)
    with audited(by, reason=gettext_lazy("import")):
        stored = Intake.objects.select_for_update(no_key=True).get(pk=intake.pk)
        if (stored.step, stored.done) != (intake.step, intake.done):
            raise Overtaken
        yield stored
        stored.save()
    intake.refresh_from_db()


def refuse_when_over(intake: Intake) -> None:
    """Raise ``Refused`` when nothing can be changed any more."""
    if intake.is_over or intake.step in {Intake.Step.READ, Intake.Step.ASK}:
        raise Refused(_("This import is not at its rows; look where it stands."))
