"""Addresses of webhooks."""

from django.urls import path

from . import views

app_name = "hooks"

urlpatterns = [
    path("", views.index, name="index"),
    path("hosts/", views.host_new, name="host_new"),
    path("hosts/<int:pk>/end/", views.host_end, name="host_end"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.hook, name="hook"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/secret/", views.renew, name="renew"),
    path("<int:pk>/test/", views.test, name="test"),
    path("messages/<int:pk>/again/", views.again, name="again"),
    path("messages/<int:pk>/drop/", views.drop, name="drop"),
]
