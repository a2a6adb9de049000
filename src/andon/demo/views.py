"""The views that the quality manager saved and shares."""

from typing import TYPE_CHECKING

from andon.lists import services
from andon.lists.models import SavedView

if TYPE_CHECKING:
    from andon.demo.factory import Factory

VIEWS = (
    ("nonconformities", "Open, most urgent first", "state=open&order=due"),
    ("nonconformities", "Major and critical", "severity=major&col=title&col=state&col=item"),
    ("actions", "Overdue", "due=overdue&order=due"),
)


def views(factory: "Factory") -> None:
    """Save each view as one that everybody sees above the list."""
    for kind, name, query in VIEWS:
        view = SavedView(kind=kind, name=name, query=query, shared=True)
        services.keep(view, by=factory.people["ana"])
