"""Setup: the organization's lists and settings."""

from django.urls import path

from andon.accounts.pages import list_urls
from andon.organization import views
from andon.organization.lists import HOLIDAYS, ITEMS, LINES, PARTIES, PROCESSES, RATES, SHIFTS

app_name = "organization"
urlpatterns = [
    path("", views.index, name="index"),
    path("settings/", views.edit_settings, name="settings"),
    *list_urls(PROCESSES),
    *list_urls(ITEMS),
    *list_urls(PARTIES),
    *list_urls(LINES),
    *list_urls(SHIFTS),
    *list_urls(HOLIDAYS),
    *list_urls(RATES),
]
