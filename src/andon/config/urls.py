"""Every address of the application, one line a module."""

from django.urls import URLPattern, include, path
from django.views.decorators.http import require_GET

from andon.accounts.policy import SIGNED_IN, cover

from .api import api

_api, _name, _space = api.urls
for _route in _api:
    if isinstance(_route, URLPattern) and _route.name == "openapi-json":
        _route.callback = require_GET(_route.callback)
cover(_api, SIGNED_IN)

urlpatterns = [
    path("", include("andon.portal.urls")),
    path("", include("andon.portal.notices.urls")),
    path("", include("andon.entry.urls")),
    path("", include("andon.entry.factors_urls")),
    path("", include("andon.entry.oidc_views")),
    path("", include("andon.entry.tablets_views")),
    path("setup/", include("andon.entry.factors_setup")),
    path("setup/", include("andon.entry.tablets_setup")),
    path("setup/", include("andon.accounts.urls")),
    path("setup/", include("andon.organization.urls")),
    path("", include("andon.tasks.urls")),
    path("", include("andon.portal.operations.urls")),
    path("setup/", include("andon.store.urls")),
    path("", include("andon.signing.urls")),
    path("views/", include("andon.lists.urls")),
    path("r/", include("andon.records.urls")),
    path("import/", include("andon.portal.desk.urls")),
    path("evidence/", include("andon.portal.packs.urls")),
    path("trail/", include("andon.portal.proof.urls")),
    path("production/", include("andon.modules.production.urls")),
    path("kpis/", include("andon.modules.kpis.urls")),
    path("analyses/", include("andon.modules.analyses.urls")),
    path("nonconformities/", include("andon.modules.nonconformities.urls")),
    path("actions/", include("andon.modules.actions.urls")),
    path("improvements/", include("andon.modules.improvements.urls")),
    path("sheets/", include("andon.sheets.urls")),
    path("checklists/", include("andon.modules.checklists.urls")),
    path("setup/forms/", include("andon.portal.designer.urls")),
    path("setup/webhooks/", include("andon.portal.hooks.urls")),
    path("setup/", include("andon.portal.keeping.urls")),
    path("setup/", include("andon.portal.retention.urls")),
    path("", include("andon.assurance.urls")),
    path("api/v1/", (_api, _name, _space)),
]
