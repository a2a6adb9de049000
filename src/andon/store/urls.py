"""Addresses of the store; files themselves are served by the record that carries them."""

from django.urls import path

from . import views

app_name = "store"
urlpatterns = [
    path("files/", views.quarantine, name="quarantine"),
    path("files/scan/", views.scan_again, name="scan_again"),
]
