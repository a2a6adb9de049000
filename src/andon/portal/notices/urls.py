"""Addresses of the notices."""

from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("setup/background/", views.duties, name="duties"),
]
