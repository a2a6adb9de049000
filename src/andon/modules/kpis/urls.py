"""Addresses of KPIs (below ``board/``) and of their signals (everything else)."""

from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow, signed_in
from andon.records.routes import page, record_urls

from .views import acts, board, defining, parts, wall
from .views.signals import PAGES

app_name = "kpis"

_manage, _observe = allow("kpis.manage"), allow("kpis.observe")

urlpatterns = [
    path("board/", page(board.board, signed_in, require_GET), name="board"),
    path("wall/<str:site>/", page(wall.wall, signed_in, require_GET), name="wall"),
    path(
        "wall/<str:site>/<str:line>/", page(wall.wall, signed_in, require_GET), name="wall-of-line"
    ),
    path("board/new/", page(defining.define, _manage), name="define"),
    path("board/ready/", page(defining.ready, signed_in, require_GET), name="ready"),
    path("board/ready/<slug:formula>/", page(defining.adopt, _manage, require_POST), name="adopt"),
    path("board/refresh/", page(board.refresh_all, _observe, require_POST), name="refresh-all"),
    path("board/<str:code>/", page(board.kpi, signed_in, require_GET), name="kpi"),
    path("board/<str:code>/report.pdf", page(board.paper, signed_in, require_GET), name="report"),
    path("board/<str:code>/edit/", page(defining.redefine, _manage), name="redefine"),
    path("board/<str:code>/refresh/", page(board.refresh, _observe, require_POST), name="refresh"),
    path("board/<str:code>/observe/", page(acts.observe, _observe), name="observe"),
    path("board/<str:code>/target/", page(acts.target, _manage), name="target"),
    path("board/<str:code>/note/", page(acts.note, _observe), name="note"),
    path("board/<str:code>/limits/", page(acts.limits, _manage), name="limits"),
    path("board/<str:code>/split/", page(acts.split, _manage, require_POST), name="split"),
    path("board/<str:code>/restate/<str:start>/", page(acts.restate, _manage), name="restate"),
    path("board/<str:code>/part/", page(parts.part, signed_in, require_GET), name="part"),
    path(
        "board/<str:code>/behind/<str:start>/",
        page(parts.behind, signed_in, require_GET),
        name="behind",
    ),
    *record_urls(PAGES),
]
