"""What a line should make: plans and cycle times."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from andon.modules.production.imports.fields import Errors, Field, Kind, Row, Target
from andon.modules.production.imports.targets.shared import DAY, ITEM, LINE, SHIFT
from andon.modules.production.models import CycleTime, Plan

PLAN = Target(
    name="plan",
    label=_("Plan"),
    help=_("Pieces a line is to make, per day."),
    model=Plan,
    fields=(
        replace(DAY, may_be_ahead=True),
        LINE,
        ITEM,
        SHIFT,
        Field(
            "planned",
            _("Planned"),
            Kind.AMOUNT,
            "planned",
            required=True,
            synonyms=(
                "planned", "plan", "planned quantity", "plan quantity", "target quantity",
                "quantity", "qty", "soll", "planmenge", "prévu",
            ),
        ),
    ),
)  # fmt: skip


def _above_zero(_site: object, rows: list[Row]) -> tuple[list[Row], Errors]:
    good = [row for row in rows if float(row[1]["seconds"]) > 0]
    sentence = str(_("A piece takes more than 0 seconds."))
    bad = [(row, "seconds", sentence) for row, values in rows if float(values["seconds"]) <= 0]
    return good, bad


CYCLE_TIMES = Target(
    name="cycle-times",
    label=_("Cycle times"),
    help=_("Seconds a piece should take at a line, from a day on."),
    model=CycleTime,
    sums=False,
    prepare=_above_zero,
    fields=(
        replace(
            DAY,
            label=_("From"),
            may_be_ahead=True,
            synonyms=("from", "valid from", "since", *DAY.synonyms, "gültig ab", "ab"),
        ),
        LINE,
        replace(ITEM, help=_("Empty: every item that has no time of its own.")),
        Field(
            "seconds",
            _("Seconds per piece"),
            Kind.AMOUNT,
            "seconds",
            required=True,
            synonyms=(
                "seconds", "seconds per piece", "cycle time", "cycle seconds", "cycle",
                "standard time", "ideal cycle time", "taktzeit", "zykluszeit", "stückzeit",
            ),
        ),
    ),
)  # fmt: skip
