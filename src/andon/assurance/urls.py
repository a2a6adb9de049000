"""The addresses of the clause map, the vocabulary and the principles."""

from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from andon.accounts.policy import allow, signed_in
from andon.assurance import views, vocabulary
from andon.assurance.services import PERMISSION
from andon.records.routes import page

app_name = "assurance"

FORM = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("clauses/", page(views.in_use, signed_in, require_GET), name="in_use"),
    path("clauses/changes/", page(views.changes, signed_in, require_GET), name="changes"),
    path("clauses/documents/", page(views.documents, signed_in, require_GET), name="documents"),
    path("clauses/<slug:edition>/", page(views.clause_map, signed_in, require_GET), name="map"),
    path(
        "clauses/<slug:edition>/blockers/",
        page(views.blockers, signed_in, require_GET),
        name="blockers",
    ),
    path(
        "clauses/<slug:edition>/requirements/<str:id>/",
        page(views.requirement, signed_in, require_GET),
        name="requirement",
    ),
    path(
        "clauses/<slug:edition>/requirements/<str:id>/assess/",
        page(views.assess, allow(PERMISSION), FORM),
        name="assess",
    ),
    path(
        "clauses/<slug:edition>/<str:number>/",
        page(views.clause, signed_in, require_GET),
        name="clause",
    ),
    path("terms/", page(vocabulary.all_terms, signed_in, require_GET), name="terms"),
    path("terms/<slug:key>/", page(vocabulary.one_term, signed_in, require_GET), name="term"),
    path("principles/", page(views.seven, signed_in, require_GET), name="principles"),
]
