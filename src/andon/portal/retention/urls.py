"""Addresses of retention and privacy."""

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow, own_account
from andon.records.routes import page

from . import views
from .apps import CONFIRM, MANAGE, PRIVACY

app_name = "retention"
_manage, _confirm, _privacy = allow(MANAGE), allow(CONFIRM), allow(PRIVACY)

urlpatterns = [
    path("retention/", page(views.index, _confirm, require_GET), name="index"),
    path("retention/kinds/<slug:kind>/", page(views.rule, _manage), name="rule"),
    path(
        "retention/kinds/<slug:kind>/end/",
        page(views.rule_end, _manage, require_POST),
        name="rule_end",
    ),
    path("retention/kinds/<slug:kind>/purge/", page(views.propose, _manage), name="propose"),
    path("retention/holds/new/", page(views.hold_new, _manage), name="hold_new"),
    path("retention/holds/<int:pk>/", page(views.hold, _manage), name="hold"),
    path("retention/purges/<int:pk>/", page(views.purge, _confirm, require_GET), name="purge"),
    path(
        "retention/purges/<int:pk>/confirm/",
        page(views.confirm, _confirm, require_POST),
        name="confirm",
    ),
    path(
        "retention/purges/<int:pk>/turn-down/",
        page(views.turn_down, _confirm, require_POST),
        name="turn_down",
    ),
    path("privacy/", page(views.people, _privacy, require_GET), name="people"),
    path("privacy/<int:pk>/", page(views.person, _privacy), name="person"),
    path("privacy/<int:pk>/data/", page(views.data, _privacy, require_GET), name="data"),
    path("privacy/mine/", page(views.own_data, own_account, require_GET), name="own_data"),
]
