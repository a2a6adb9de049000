"""Addresses of production."""

from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from andon.accounts.policy import allow, signed_in
from andon.modules.production.views import arrivals, batches, feeds, imports, overview, shift
from andon.records.routes import page

app_name = "production"

_import, _record = allow("production.import"), allow("production.record")
_feeds = allow("production.feeds")
_both = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("", page(overview.overview, signed_in, require_GET), name="overview"),
    path("facts/<slug:kind>/", page(overview.facts, signed_in, require_GET), name="facts"),
    path("record/", page(shift.choose, _record, _both), name="record"),
    path("causes/", page(shift.causes, signed_in, _both), name="causes"),
    path("batches/", page(batches.batches, signed_in, require_GET), name="batches"),
    path("batches/<int:pk>/", page(batches.batch, signed_in, require_GET), name="batch"),
    path(
        "batches/<int:pk>/undo/",
        page(batches.undo, allow("production.undo"), require_POST),
        name="undo",
    ),
    path("imports/", page(imports.imports, signed_in, require_GET), name="imports"),
    path("imports/new/", page(imports.new, _import, _both), name="import-new"),
    path("imports/<int:pk>/", page(imports.job, signed_in, require_GET), name="import"),
    *[
        path(
            f"imports/<int:pk>/{name}/",
            page(view, _import, require_POST),
            name=f"import-{name}",
        )
        for name, view in (
            ("step", imports.step),
            ("answer", imports.answer),
            ("mapping", imports.mapping),
            ("create", imports.create),
            ("confirm", imports.confirm),
            ("drop", imports.drop),
        )
    ],
    path("feeds/", page(feeds.feeds, signed_in, require_GET), name="feeds"),
    path("feeds/new/", page(feeds.new, _feeds, _both), name="feed-new"),
    path("feeds/<int:pk>/", page(feeds.edit, _feeds, _both), name="feed"),
    path("arrivals/", page(arrivals.arrivals, signed_in, require_GET), name="arrivals"),
    path("arrivals/<int:pk>/", page(arrivals.arrival, signed_in, require_GET), name="arrival"),
    path(
        "arrivals/<int:pk>/content/",
        page(arrivals.content, signed_in, require_GET),
        name="arrival-content",
    ),
    *[
        path(
            f"arrivals/<int:pk>/{name}/",
            page(view, _import, require_POST),
            name=f"arrival-{name}",
        )
        for name, view in (("resend", arrivals.resend), ("dismiss", arrivals.dismiss))
    ],
]
