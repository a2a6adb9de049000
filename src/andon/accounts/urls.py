"""People and sites."""

from django.urls import path

from andon.accounts import views
from andon.accounts.lists import SITES
from andon.accounts.pages import list_urls

app_name = "accounts"
urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", views.person_new, name="person_new"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/edit/", views.person_edit, name="person_edit"),
    path("people/<int:pk>/password/", views.password, name="person_password"),
    path("people/<int:pk>/disable/", views.disable, name="person_disable"),
    path("people/<int:pk>/enable/", views.enable, name="person_enable"),
    path("people/<int:pk>/roles/", views.grant, name="grant"),
    path("people/<int:pk>/roles/<int:grant_pk>/end/", views.grant_end, name="grant_end"),
    *list_urls(SITES),
]
