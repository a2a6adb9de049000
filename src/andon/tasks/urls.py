"""Addresses of background work."""

from django.urls import path

from . import views

app_name = "tasks"

urlpatterns = [
    path("setup/tasks/", views.index, name="index"),
    path("tasks/<uuid:pk>/", views.task, name="task"),
    path("tasks/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("tasks/<uuid:pk>/again/", views.again, name="again"),
]
