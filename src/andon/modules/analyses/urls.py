"""Addresses of the Workbench (``new/``) and of the analyses that were kept."""

from django.urls import path
from django.views.decorators.http import require_GET

from andon.accounts.policy import allow, signed_in
from andon.records.routes import page, record_urls

from .views import workbench
from .views.records import PAGES

app_name = "analyses"

urlpatterns = [
    path("new/", page(workbench.workbench, allow("analyses.keep")), name="new"),
    path("<str:number>/report.pdf", page(workbench.pdf, signed_in, require_GET), name="pdf"),
    *(route for route in record_urls(PAGES) if route.name != "new"),
]
