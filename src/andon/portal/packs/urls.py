"""Addresses of the evidence that is handed out."""

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow
from andon.records.routes import page

from . import views
from .apps import MAKE

app_name = "packs"
_make = allow(MAKE)

urlpatterns = [
    path("", page(views.index, _make, require_GET), name="index"),
    path("pack.zip", page(views.make, _make, require_POST), name="make"),
    path("sign/", page(views.sign, _make, require_POST), name="sign"),
    path("proof.pdf", page(views.paper, _make, require_GET), name="paper"),
    path("andon_verify.py", page(views.verifier, _make, require_GET), name="verifier"),
]
