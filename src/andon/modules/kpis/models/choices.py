"""What a KPI may be: its formula, what it counts, its direction, its chart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    LOWER = "lower", _("Lower is better")
    HIGHER = "higher", _("Higher is better")


class Formula(models.TextChoices):
    SCRAP = "scrap_rate", _("Scrap rate: scrapped of produced, from the facts of production")
    DOWNTIME = (
        "downtime_rate",
        _("Downtime: lost hours per planned hour, from the facts of production"),
    )
    ON_TIME = "on_time", _("On-time delivery: order lines on time by the first promise")
    COMPLAINTS = "complaints", _("Complaints per shipped order line")
    COPQ = "copq", _("Cost of poor quality: scrap, rework, lost hours, nonconformities")
    FIRST_PASS = "first_pass", _("First-pass yield: right the first time of produced")
    OEE = "oee", _("OEE: availability × performance × quality")
    SUPPLIER_PPM = "supplier_ppm", _("Supplier quality: rejected of received")
    SCHEDULE = "schedule", _("Schedule adherence: made as planned of planned")
    LEAD_TIME = "lead_time", _("Lead time: days from order to delivery")
    OWN = "own", _("Your own formula over facts, records and other KPIs")
    RATIO = "ratio", _("A ratio, typed in or imported")
    VALUE = "value", _("A value, typed in or imported")


class Counting(models.TextChoices):
    """What the two numbers of a ratio are; the control chart follows from it."""

    PROPORTION = "proportion", _("Units of units, such as defective pieces of inspected pieces")
    RATE = "rate", _("Events per exposure, such as complaints per 1,000 lines")
    MEASURED = "measured", _("An amount of an amount, such as lost hours of planned hours")


class ChartKind(models.TextChoices):
    AUTO = "auto", _("Chosen from the data, with the reason")
    P = "p", _("p chart")
    LANEY_P = "laney_p", _("Laney p′ chart")
    U = "u", _("u chart (c chart when every exposure is the same)")
    LANEY_U = "laney_u", _("Laney u′ chart")
    IMR = "imr", _("Individuals and moving ranges")
