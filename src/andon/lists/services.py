"""What people do with views: keep, change, begin with, drop."""

from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.trail.services import audited

from .apps import SHARE
from .models import DefaultView, SavedView

LONGEST = 2000
# The place in a list and the view it came from are no part of a view.
APART = {"after", "view"}


def cleaned(query: str) -> str:
    """Return ``query`` without empty values and without what is no part of a view."""
    pairs = parse_qsl(query[:LONGEST], max_num_fields=100)
    return urlencode([(name, value) for name, value in pairs if name not in APART])


def keep(view: SavedView, *, by: User, first: bool | None = None) -> SavedView:
    """Store ``view``, new or changed, as a view of ``by``.

    ``first`` says whether their list begins with it; None leaves that as it is.
    Raises ``ValidationError`` when a field is wrong and ``PermissionDenied`` when it is another's
    or ``by`` may not share at that site.
    """
    with audited(by, reason=_("view saved")):
        if view.pk is None:
            view.owner = by
        _require_own(view, by)
        if view.shared and not by.may_at(SHARE, view.site_id):
            raise PermissionDenied(_("Your roles do not let you share a view with these people."))
        view.query = cleaned(view.query)
        view.full_clean()
        view.save()
        if first:
            begin_with(view, by=by)
        elif first is False:
            DefaultView.objects.filter(user=by, view=view).delete()
    return view


def begin_with(view: SavedView, *, by: User) -> None:
    """Let the list of ``by`` begin with ``view``."""
    with audited(by, reason=_("first view chosen")):
        begin_plainly(view.kind, by=by)
        DefaultView.objects.create(user=by, kind=view.kind, view=view)


def begin_plainly(kind: str, *, by: User) -> None:
    """Let the list of ``by`` begin with all records again."""
    with audited(by, reason=_("first view given up")):
        DefaultView.objects.filter(user=by, kind=kind).delete()


def drop(view: SavedView, *, by: User) -> None:
    """Remove a view of one's own; lists that began with it begin plainly. The trail keeps it."""
    with audited(by, reason=_("view dropped")):
        _require_own(view, by)
        DefaultView.objects.filter(view=view).delete()
        SavedView.objects.filter(pk=view.pk).delete()


def _require_own(view: SavedView, by: User) -> None:
    if view.owner_id != by.pk:
        raise PermissionDenied(_("Only the person who saved a view changes it."))
