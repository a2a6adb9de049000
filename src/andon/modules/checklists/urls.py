"""Addresses of checklists: one page for each checklist of each record."""

from django.urls import path

from andon.accounts.policy import signed_in
from andon.records.routes import page

from . import views

app_name = "checklists"

urlpatterns = [path("<str:number>/<slug:key>/", page(views.fill, signed_in), name="fill")]
