"""Fields that the forms of corrective actions share."""

from typing import Any

from andon.accounts.models import User
from andon.records.forms import field_for


def of(model: Any, name: str, **options: Any) -> Any:
    """Return the form field of one field of a model."""
    return field_for(model._meta.get_field(name), **options)


def people(viewer: User) -> Any:
    """Return who can still be asked to do something."""
    return User.objects.visible_to(viewer).filter(is_active=True).order_by("display_name")
