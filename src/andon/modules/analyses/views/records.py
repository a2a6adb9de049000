"""What the page of an analysis shows beside the shell of every record."""

from typing import Any

from django.utils.translation import gettext_lazy

from andon.modules.analyses.forms import EditAnalysisForm
from andon.modules.analyses.models import Analysis, Unfit
from andon.records.listing import Column
from andon.records.pages import RecordPages, Request


def detail_context(request: Request, record: Analysis) -> dict[str, Any]:
    """Return what the statistics say of it today, and whether that is what was read."""
    try:
        outcome, trouble = record.outcome, ""
    except Unfit as unfit:
        outcome, trouble = None, unfit.sentence
    return {
        "outcome": outcome,
        "trouble": trouble,
        "holds": record.holds,
        "may_use": request.user.may("analyses.keep"),
    }


PAGES = RecordPages(
    kind=Analysis,
    form=EditAnalysisForm,
    edit_form=EditAnalysisForm,
    columns=(
        Column("method", gettext_lazy("Method"), lambda analysis: str(analysis.how.label)),
        Column(
            "reading", gettext_lazy("Reading"), lambda analysis: next(iter(analysis.reading), "")
        ),
    ),
    empty=gettext_lazy(
        "Nothing is kept yet. Put values on the Workbench, look at them, and keep what matters."
    ),
    clause="9.1.3",
    context=detail_context,
)
