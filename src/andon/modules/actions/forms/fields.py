"""Fields that the forms of corrective actions share."""

from typing import Any

from django import forms

from andon.accounts.models import User
from andon.modules.actions.models import CorrectiveAction
from andon.records.forms import field_for


def of(model: Any, name: str, **options: Any) -> Any:
    """Return the form field of one field of a model."""
    return field_for(model._meta.get_field(name), **options)


def people(viewer: User) -> Any:
    """Return who can still be asked to do something."""
    return User.objects.visible_to(viewer).filter(is_active=True).order_by("display_name")


def offer_causes(
    record: CorrectiveAction, label: Any, empty: Any, *, but: int | None = None
) -> forms.TypedChoiceField:
    """Return a choice of the causes of ``record``, without the one that is edited."""
    causes = [(cause.pk, str(cause)) for cause in record.all_causes if cause.pk != but]
    return forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=False, choices=[("", empty), *causes]
    )
