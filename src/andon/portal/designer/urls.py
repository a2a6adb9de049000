"""Setup: custom fields and checklists."""

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow
from andon.records.routes import page

from . import views

app_name = "designer"
_design = allow("sheets.design")

urlpatterns = [
    path("", page(views.index, _design, require_GET), name="index"),
    path("new/", page(views.new, _design), name="new"),
    path("import/", page(views.take_in, _design), name="import"),
    path("<int:pk>/", page(views.design, _design, require_GET), name="design"),
    path("<int:pk>/add/", page(views.question, _design), name="add"),
    path("<int:pk>/questions/<slug:key>/", page(views.question, _design), name="question"),
    path(
        "<int:pk>/questions/<slug:key>/arrange/",
        page(views.arrange, _design, require_POST),
        name="arrange",
    ),
    path("<int:pk>/demand/", page(views.demand, _design, require_POST), name="demand"),
    path("<int:pk>/preview/", page(views.preview, _design, require_GET), name="preview"),
    path("<int:pk>/publish/", page(views.publish, _design), name="publish"),
    path("<int:pk>/retire/", page(views.retire, _design), name="retire"),
    path("<int:pk>/v<int:number>/", page(views.version, _design, require_GET), name="version"),
    path("<int:pk>/export.<slug:ending>", page(views.export, _design, require_GET), name="export"),
]
