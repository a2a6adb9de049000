"""Addresses of the trail."""

from django.urls import path

from . import views

app_name = "proof"

urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
    path("review/", views.review, name="review"),
    path("reviews/", views.reviews, name="reviews"),
    path("verification/", views.verification, name="verification"),
    path("verification/now/", views.verify_now, name="verify_now"),
    path("verification/<int:pk>/", views.run, name="run"),
    path("checkpoints/", views.checkpoints, name="checkpoints"),
    path("checkpoints/<int:pk>/text/", views.checkpoint_text, name="checkpoint_text"),
]
