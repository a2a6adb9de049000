"""The ready-made KPIs: their formulas over named sums, and what they need to be good charts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import terms
from .choices import Counting, Direction, Formula
from .expressions import WrongFormulaError, parse
from .periods import Period

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from .definitions import Kpi

_WORD = re.compile(r'kpi\(\s*["\']([^"\']*)["\']\s*\)|[A-Za-z_]\w*')


@dataclass(frozen=True)
class Recipe:
    """One KPI that Andon knows; an empty unit is the currency of the settings."""

    formula: Formula
    code: str
    name: str | Promise
    question: str | Promise
    expression: str
    counting: Counting
    unit: str
    direction: Direction = Direction.LOWER
    period: Period = Period.WEEK
    # Formulas shown beside the number, each with its name and whether it is a share.
    parts: tuple[tuple[str | Promise, str], ...] = ()

    @property
    def words(self) -> str:
        return in_words(self.expression)

    @property
    def sources(self) -> str:
        return _sources(self.expression)


def in_words(expression: str) -> str:
    """Return a formula as people say it, with the name of every sum."""
    known = terms.known()

    def word(found: re.Match[str]) -> str:
        if found[1] is not None:
            return _("KPI %s") % found[1]
        term = known.get(found[0])
        return f"[{term.label}]" if term else found[0]

    text = _WORD.sub(word, expression)
    return text.replace(" * ", " × ").replace(" / ", " ÷ ")


def _sources(expression: str) -> str:
    """Name where the sums of a formula come from, each once."""
    known, names = terms.known(), sorted(parse(expression).names)
    found = dict.fromkeys(str(known[name].source) for name in names if name in known)
    return "; ".join(found)


def sources_of(kpi: Kpi) -> str:
    """Return the source of a computed KPI in words; empty when its formula cannot be read."""
    try:
        return _sources(kpi.text) or _("Other KPIs")
    except WrongFormulaError:
        return ""


_ALL = (
    Recipe(
        Formula.SCRAP, "SCRAP", gettext_lazy("Scrap rate"),
        gettext_lazy("Which share of what we make is scrapped, and is it getting less?"),
        "scrapped / produced", Counting.PROPORTION, "%",
    ),
    Recipe(
        Formula.DOWNTIME, "DOWNTIME", gettext_lazy("Machine downtime"),
        gettext_lazy("How many of the planned hours are lost because machines stand still?"),
        "(lost_minutes / 60) / (planned_minutes / 60)", Counting.MEASURED, "%",
    ),
    Recipe(
        Formula.ON_TIME, "OTD", gettext_lazy("On-time delivery"),
        gettext_lazy("Which share of the order lines comes when it was first promised?"),
        "on_time_lines / due_lines", Counting.PROPORTION, "%", Direction.HIGHER,
        parts=(
            (gettext_lazy("By the current promise"), "on_time_lines_now / due_lines_now"),
        ),
    ),
    Recipe(
        Formula.COMPLAINTS, "COMPLAINTS", gettext_lazy("Complaints"),
        gettext_lazy("How many complaints come for each thousand order lines shipped?"),
        "complaints / shipped_lines", Counting.RATE, "‰", period=Period.MONTH,
    ),
    Recipe(
        Formula.COPQ, "COPQ", gettext_lazy("Cost of poor quality"),
        gettext_lazy("What does poor quality cost us in a month, and is it getting less?"),
        "scrap_cost + rework_cost + downtime_cost + nonconformity_cost + complaint_cost"
        " + recorded_cost",
        Counting.MEASURED, "", period=Period.MONTH,
        parts=(
            (gettext_lazy("Scrap"), "scrap_cost"),
            (gettext_lazy("Rework"), "rework_cost"),
            (gettext_lazy("Lost hours"), "downtime_cost"),
            (gettext_lazy("Nonconformities"), "nonconformity_cost"),
            (gettext_lazy("Complaints"), "complaint_cost"),
            (gettext_lazy("Written on nonconformities"), "recorded_cost"),
        ),
    ),
    Recipe(
        Formula.FIRST_PASS, "FPY", gettext_lazy("First-pass yield"),
        gettext_lazy("Which share of what we make is right the first time?"),
        "right_first_time / produced", Counting.PROPORTION, "%", Direction.HIGHER,
    ),
    Recipe(
        Formula.OEE, "OEE", gettext_lazy("Overall equipment effectiveness"),
        gettext_lazy("How much of the planned time makes good pieces at the standard pace?"),
        "effective_minutes / counted_minutes", Counting.MEASURED, "%", Direction.HIGHER,
        parts=(
            (gettext_lazy("Availability"), "running_minutes / counted_minutes"),
            (gettext_lazy("Performance"), "ideal_minutes / running_minutes"),
            (gettext_lazy("Quality"), "effective_minutes / ideal_minutes"),
        ),
    ),
    Recipe(
        Formula.SUPPLIER_PPM, "SUPPLIER-PPM", gettext_lazy("Supplier quality"),
        gettext_lazy("How many of a million pieces from suppliers do we reject?"),
        "rejected / received", Counting.PROPORTION, "ppm",
    ),
    Recipe(
        Formula.SCHEDULE, "SCHEDULE", gettext_lazy("Schedule adherence"),
        gettext_lazy("Do we make what was planned, where and when it was planned?"),
        "made_as_planned / planned", Counting.PROPORTION, "%", Direction.HIGHER,
    ),
    Recipe(
        Formula.LEAD_TIME, "LEAD-TIME", gettext_lazy("Lead time"),
        gettext_lazy("How many days does an order line take from order to delivery?"),
        "lead_days / lead_lines", Counting.MEASURED, "d",
    ),
)  # fmt: skip
RECIPES: dict[str, Recipe] = {recipe.formula: recipe for recipe in _ALL}
