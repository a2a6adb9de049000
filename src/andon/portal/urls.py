"""Addresses that look across all modules."""

from django.urls import path
from django.views.decorators.http import require_GET

from andon.accounts.policy import signed_in

from . import views

app_name = "portal"

urlpatterns = [
    path("", signed_in(require_GET(views.home)), name="home"),
    path("work/", signed_in(require_GET(views.work)), name="work"),
    path("search/", signed_in(require_GET(views.search)), name="search"),
]
