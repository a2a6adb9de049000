"""Addresses of signatures."""

from django.urls import path

from . import views

app_name = "signing"
urlpatterns = [
    path("setup/signatures/", views.turn, name="dial"),
    path("signatures/<int:pk>/", views.signature, name="signature"),
    path("signatures/<int:pk>/manifest/", views.manifest, name="manifest"),
    path("signatures/awaited/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
