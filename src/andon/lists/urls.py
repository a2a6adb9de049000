"""Addresses of saved views."""

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import signed_in

from . import views

app_name = "lists"

urlpatterns = [
    path("", signed_in(require_GET(views.index)), name="index"),
    path("new/<slug:kind>/", signed_in(views.new), name="new"),
    path("<int:pk>/", signed_in(views.edit), name="edit"),
    path("<int:pk>/drop/", signed_in(require_POST(views.drop)), name="drop"),
    path("<int:pk>/first/", signed_in(require_POST(views.begin_with)), name="first"),
]
