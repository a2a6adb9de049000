"""What the factory asks beyond the product's own fields, and a checklist on the hold area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from andon.modules.checklists import services as checklists
from andon.modules.nonconformities.models import Nonconformity
from andon.portal.designer import services
from andon.records import services as records
from andon.sheets import design as designs
from andon.sheets import keeping
from andon.sheets.models import FormDesign

if TYPE_CHECKING:
    from datetime import date

    from andon.demo.factory import Factory
    from andon.demo.telling import Story

KIND = "nonconformities"
FIELDS: list[dict[str, Any]] = [
    {
        "key": "container", "label": "Container label", "type": "text",
        "help": "The number below the bar code.", "section": "Where it is",
    },
    {
        "key": "found_by", "label": "Found by inspection", "type": "choice", "listed": True,
        "choices": ["Incoming goods", "First piece", "In process", "Final inspection", "Customer"],
        "section": "How it was found",
    },
    {
        "key": "coating_thickness", "label": "Coating thickness at the spot",
        "type": "measurement", "unit": "µm", "decimals": 1, "least": "60", "most": "90",
        "help": "With the gauge of the line.", "section": "How it was found",
    },
]  # fmt: skip
HOLD: list[dict[str, Any]] = [
    {"key": "how", "label": "Walk the hold area with the list of held lots.", "type": "note"},
    {
        "key": "tagged", "label": "Every box carries its red tag", "type": "yes_no",
        "required_from": "signed",
    },
    {
        "key": "apart", "label": "Held boxes stand apart from good ones", "type": "yes_no",
        "required_from": "signed",
    },
    {"key": "boxes", "label": "Boxes counted", "type": "number", "decimals": 0, "least": "0"},
    {"key": "remark", "label": "Remark", "type": "text"},
]  # fmt: skip


def asking(factory: Factory) -> Story:
    """Publish the form and the checklist late, so that older records keep what they had."""
    day = factory.on(-3)
    yield day
    _publish(factory, "holding", "Holding and finding", FIELDS, day)
    checklist = _publish(factory, "hold_area", "Hold area", HOLD, day)
    yield factory.on(-1)
    records_at_work = Nonconformity.objects.filter(closed_date=None).order_by("-pk")
    for record, given in zip(records_at_work[:2], ANSWERS, strict=False):
        by = factory.people["ana"]
        if keeping.newer(record):
            keeping.bring(record, by=by, version=None)
        fresh = Nonconformity.objects.get(pk=record.pk)
        records.edit(fresh, {"custom": given}, by=by, version=None, reason="seen on the line")
    if (held := records_at_work.first()) is not None:
        checklists.fill(
            held, checklist, CHECKED, by=factory.people["ines"], sign=True, day=factory.on(-1)
        )


ANSWERS = (
    {"container": "C-20418", "found_by": "Final inspection"},
    {"container": "C-20377", "found_by": "In process", "coating_thickness": ("57.5", "CT-04")},
)
CHECKED = {"tagged": "yes", "apart": "no", "boxes": "6", "remark": "Two boxes moved at once."}


def _publish(
    factory: Factory, key: str, name: str, questions: list[dict[str, Any]], day: date
) -> FormDesign:
    by = factory.people["ana"]
    use = "fields" if questions is FIELDS else "checklist"
    design = services.begin(FormDesign(kind=KIND, use=use, key=key, name=name), by=by)
    services.draft(design, designs.read({"questions": questions}), by=by)
    services.publish(design, by=by, reason="agreed with the line leaders", day=day)
    return FormDesign.objects.select_related("current").get(pk=design.pk)
