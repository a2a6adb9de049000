"""What happened at a line on a day: output, scrap, stops, rework."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from andon.modules.production.imports.fields import Field, Kind, Target
from andon.modules.production.imports.targets.shared import DAY, ITEM, LINE, SHIFT, cause
from andon.modules.production.models import CauseKind, Output, Rework, Scrap, Stop

OUTPUT = Target(
    name="output",
    label=_("Output"),
    help=_("Pieces made per line and day, good and scrap together."),
    model=Output,
    fields=(
        DAY,
        LINE,
        ITEM,
        SHIFT,
        Field(
            "produced",
            _("Produced"),
            Kind.AMOUNT,
            "produced",
            required=True,
            synonyms=(
                "produced", "output", "quantity", "qty", "pieces", "total", "number total",
                "inspected", "tested", "made", "menge", "stueck", "stück", "gesamt", "quantite",
            ),
            help=_("All pieces made, good and scrap together."),
        ),
        Field(
            "planned_minutes",
            _("Planned minutes"),
            Kind.AMOUNT,
            "planned_minutes",
            synonyms=(
                "planned minutes", "planned time", "planned", "scheduled minutes", "plan minutes",
                "planzeit",
            ),
            help=_("How long the line was planned to run; downtime is measured against it."),
        ),
    ),
)  # fmt: skip

SCRAP = Target(
    name="scrap",
    label=_("Scrap"),
    help=_("Scrapped pieces per line, day and cause."),
    model=Scrap,
    fields=(
        DAY,
        LINE,
        ITEM,
        SHIFT,
        cause(CauseKind.SCRAP, _("There is no cause of scrap “%(code)s”.")),
        Field(
            "quantity",
            _("Quantity"),
            Kind.AMOUNT,
            "quantity",
            required=True,
            synonyms=(
                "quantity", "qty", "scrap", "scrapped", "rejects", "rejected", "defects",
                "defective", "number defective", "number of defects", "fail", "failures", "count",
                "menge", "ausschuss", "anzahl", "rebut",
            ),
        ),
    ),
)  # fmt: skip

STOPS = Target(
    name="stops",
    label=_("Stops"),
    help=_("Minutes a line stood still, per day and cause."),
    model=Stop,
    fields=(
        DAY,
        LINE,
        ITEM,
        SHIFT,
        cause(CauseKind.STOP, _("There is no cause of stops “%(code)s”.")),
        Field(
            "minutes",
            _("Minutes"),
            Kind.AMOUNT,
            "minutes",
            required=True,
            synonyms=(
                "minutes", "min", "downtime", "down time", "stop minutes", "idle time",
                "idle minutes", "duration", "lost minutes", "repair time", "dauer", "minuten",
                "stillstand", "standzeit", "duree",
            ),
        ),
    ),
)  # fmt: skip

REWORK = Target(
    name="rework",
    label=_("Rework"),
    help=_("Reworked pieces per line, day and cause."),
    model=Rework,
    fields=(
        DAY,
        LINE,
        ITEM,
        SHIFT,
        cause(CauseKind.REWORK, _("There is no cause of rework “%(code)s”.")),
        Field(
            "quantity",
            _("Quantity"),
            Kind.AMOUNT,
            "quantity",
            required=True,
            synonyms=(
                "quantity", "qty", "rework", "reworked", "repaired", "count", "menge",
                "nacharbeit", "anzahl", "retouche",
            ),
        ),
    ),
)  # fmt: skip
