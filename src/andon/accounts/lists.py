"""The list of sites, which is kept with people because roles are granted at sites."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from andon.accounts import services
from andon.accounts.apps import PEOPLE
from andon.accounts.forms import SiteForm
from andon.accounts.models import Site, User
from andon.accounts.pages import Column, MasterList


def _add(form: SiteForm, *, by: User) -> Any:
    return services.create_site(**form.changes(), by=by)


SITES = MasterList(
    slug="sites",
    namespace="accounts",
    model=Site,
    form=SiteForm,
    permission=PEOPLE,
    columns=(
        Column(_("Code"), "code"),
        Column(_("Name"), "name"),
        Column(_("Time zone"), "time_zone"),
    ),
    add=_add,
    edit=services.edit_site,
    title=_("Sites"),
    new=_("Add a site"),
    purpose=_("A site is a place with its own calendar. Records carry its code in their number."),
    clause="4.3",
    icon="building-factory",
)
