"""The permalink that printed codes carry."""

from django.urls import path
from django.views.decorators.http import require_GET

from andon.accounts.policy import signed_in

from . import views

app_name = "records"

urlpatterns = [
    path("<str:number>/", signed_in(require_GET(views.permalink)), name="permalink"),
]
