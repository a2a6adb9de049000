"""The permalink that printed codes carry."""

from django.urls import path
from django.views.decorators.http import require_GET

from andon.accounts.policy import signed_in

from . import part_views

app_name = "records"

urlpatterns = [
    path("<str:number>/", signed_in(require_GET(part_views.permalink)), name="permalink"),
]
