"""The address at which a record is brought to its new form."""

from django.urls import path
from django.views.decorators.http import require_POST

from andon.accounts.policy import signed_in
from andon.records.routes import page

from . import views

app_name = "sheets"

urlpatterns = [
    path("<str:number>/", page(views.bring, signed_in, require_POST), name="bring"),
]
