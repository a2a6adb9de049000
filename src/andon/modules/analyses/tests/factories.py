"""Analyses for tests, made the way the application makes them."""

from typing import Any

from andon.accounts.models import Site, User
from andon.modules.analyses import services
from andon.modules.analyses.models import METHODS, Analysis, ValueColumn, Values, defaults

# Ten readings of a process that does nothing special.
QUIET = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def values(**columns: list[Any]) -> Values:
    return Values(tuple(ValueColumn(name, tuple(cells)) for name, cells in columns.items()))


def unsaved_analysis(owner: User, site: Site, **fields: Any) -> Analysis:
    found = fields.pop("found", values(flow=QUIET))
    method, options = fields.pop("method", "imr"), fields.pop("options", {})
    settings = defaults(METHODS[method], found)
    settings["options"] |= options
    first = {"title": "Flow of the pump", "source": "Test bench", "owner": owner, "site": site}
    return services.prepared(Analysis.on(found, method, settings, **first | fields))


def an_analysis(owner: User, site: Site, **fields: Any) -> Analysis:
    return services.keep(unsaved_analysis(owner, site, **fields), by=owner)
