"""Keeping an analysis."""

from datetime import date

from django.core.exceptions import ValidationError

from andon.accounts.models import User
from andon.modules.analyses.models import Analysis, Unfit
from andon.records import services as records


def keep(analysis: Analysis, *, by: User, day: date | None = None) -> Analysis:
    """Compute ``analysis``, write down what is read from it, and store it under a number.

    Raises ``ValidationError`` when its values do not suit its method.
    """
    try:
        analysis.read()
    except (Unfit, KeyError) as error:
        sentence = error.sentence if isinstance(error, Unfit) else "There is no such method."
        raise ValidationError(sentence) from error
    return records.create(analysis, by=by, day=day)
