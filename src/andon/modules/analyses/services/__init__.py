"""Keeping an analysis."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.modules.analyses.models import METHODS, Analysis, Unfit
from andon.records import services as records


def prepared(analysis: Analysis) -> Analysis:
    """Compute ``analysis`` and write down what is read from it, ready to be created.

    Raises ``ValidationError`` when there is no such method or the values do not suit it.
    """
    if analysis.method not in METHODS:
        raise ValidationError({"method": _("There is no such method.")})
    try:
        analysis.read()
    except Unfit as unfit:
        raise ValidationError(unfit.sentence) from unfit
    return analysis


def keep(analysis: Analysis, *, by: User, day: date | None = None) -> Analysis:
    """Compute ``analysis`` and store it, with what is read from it, under a number."""
    return records.create(prepared(analysis), by=by, day=day)
