"""Addresses of the import desk."""

from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts.policy import allow
from andon.portal.desk import repairs, sources, views
from andon.records.adopting import ADOPT
from andon.records.routes import page

app_name = "desk"

_may = allow(ADOPT)
_both = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("", page(views.intakes, _may, require_GET), name="intakes"),
    path("new/", page(views.new, _may, _both), name="new"),
    path("sources/", page(sources.sources, _may, require_GET), name="sources"),
    path("sources/<int:pk>/", page(sources.source, _may, _both), name="source"),
    path("sources/<int:pk>/forget/", page(sources.forget, _may, require_POST), name="forget"),
    path("<int:pk>/", page(views.intake, _may, require_GET), name="intake"),
    path("<int:pk>/rows.csv", page(repairs.download, _may, require_GET), name="download"),
    *[
        path(f"<int:pk>/{name}/", page(view, _may, require_POST), name=name)
        for name, view in (
            ("step", views.step),
            ("answer", views.answer),
            ("mapping", views.mapping),
            ("words", views.words),
            ("rows", repairs.rows),
            ("replace", repairs.replace),
            ("many", repairs.many),
            ("confirm", views.confirm),
            ("drop", views.drop),
            ("undo", views.undo),
        )
    ],
]
