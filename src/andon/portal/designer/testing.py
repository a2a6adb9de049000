"""Forms made as the application makes them, for tests of every layer."""

from typing import Any

from andon.accounts.models import User
from andon.sheets import design as designs
from andon.sheets.models import FormDesign

from . import services

THICKNESS = {
    "key": "thickness",
    "label": "Paint thickness",
    "type": "measurement",
    "unit": "µm",
    "decimals": 1,
    "least": "60",
    "most": "90",
    "listed": True,
}
COLOUR = {
    "key": "colour",
    "label": "Colour",
    "type": "choice",
    "choices": ["red", "green", "blue"],
    "listed": True,
}
SHIFT_LEAD = {"key": "shift_lead", "label": "Shift lead", "type": "person", "listed": True}


def published(
    by: User, *questions: dict[str, Any], demanded_by: str = "", **fields: Any
) -> FormDesign:
    """Return a form of nonconformities with ``questions``, in force."""
    texts = {"kind": "nonconformities", "use": "fields", "key": "paint", "name": "Paint shop"}
    design = services.begin(FormDesign(**texts | fields), by=by)
    return again(design, by, *questions, demanded_by=demanded_by)


def again(
    design: FormDesign, by: User, *questions: dict[str, Any], demanded_by: str = ""
) -> FormDesign:
    """Publish another version of ``design``."""
    content = designs.read({"questions": list(questions), "demanded_by": demanded_by})
    services.draft(design, content, by=by)
    services.publish(design, by=by, reason="needed by the customer")
    return FormDesign.objects.select_related("current").get(pk=design.pk)
