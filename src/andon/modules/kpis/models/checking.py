"""Whether the formula of a KPI can be computed: its words, the KPIs it names, its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from . import terms
from .choices import ChartKind, Formula
from .expressions import Parsed, WrongFormulaError, parse

if TYPE_CHECKING:
    from .definitions import Kpi

DEEPEST_CHAIN = 10


def trouble_of_formula(kpi: Kpi) -> dict[str, Any]:
    """Return what is wrong, by field; empty when the formula can be computed."""
    if not kpi.is_computed:
        return {}
    if kpi.formula == Formula.OWN and not kpi.expression.strip():
        return {"expression": _("Write the formula, such as scrapped / produced.")}
    try:
        parsed = parse(kpi.text)
    except WrongFormulaError as wrong:
        return {"expression": str(wrong)}
    if sentence := _unknown_words(parsed) or _trouble_of_kpis(kpi, parsed):
        return {"expression": sentence}
    return _trouble_of_place(kpi, parsed)


def trouble_of_choices(kpi: Kpi) -> dict[str, Any]:
    """Return which choices do not go together, by field."""
    wrong: dict[str, Any] = {}
    if kpi.formula != Formula.OWN and kpi.expression:
        wrong["expression"] = _("Choose your own formula above, or leave this empty.")
    if kpi.is_computed and not kpi.is_dated:
        wrong["period"] = _("What is computed needs a day, week or month.")
    if kpi.is_computed and kpi.fixed_denominator is not None:
        wrong["fixed_denominator"] = _("A formula brings its own denominator.")
    if not kpi.is_ratio and kpi.chart not in (ChartKind.AUTO, ChartKind.IMR):
        wrong["chart"] = _("Single values need individuals and moving ranges.")
    if kpi.item_id and kpi.formula == Formula.DOWNTIME:
        wrong["item"] = _("Planned time belongs to a line, not to an item; leave it empty.")
    return wrong | _trouble_of_limits(kpi)


def _trouble_of_limits(kpi: Kpi) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if kpi.has_spec and kpi.is_ratio:
        wrong["lower_spec"] = _("Specification limits belong to single values, not to a ratio.")
    if None not in kpi.spec and kpi.lower_spec >= kpi.upper_spec:  # type: ignore[operator]
        wrong["upper_spec"] = _("The upper limit must lie above the lower one.")
    return wrong


def _unknown_words(parsed: Parsed) -> str:
    known = terms.known()
    unknown = sorted(parsed.names - known.keys())
    if not unknown:
        return ""
    return _("There is no sum called %(unknown)s. There are: %(known)s.") % {
        "unknown": ", ".join(unknown), "known": ", ".join(known),
    }  # fmt: skip


def _trouble_of_kpis(kpi: Kpi, parsed: Parsed) -> str:
    found = {one.code: one for one in type(kpi)._default_manager.filter(code__in=parsed.kpis)}
    if unknown := sorted(parsed.kpis - found.keys()):
        codes = type(kpi)._default_manager.filter(site__in=[None, kpi.site_id])
        some = list(codes.order_by("code").values_list("code", flat=True)[:30])
        return _("There is no KPI with the code %(unknown)s. There are: %(known)s.") % {
            "unknown": ", ".join(unknown), "known": ", ".join(some) or "–",
        }  # fmt: skip
    for one in found.values():
        if one.period != kpi.period:
            return str(_("%s has another period; both must have the same.") % one.code)
        if one.site_id not in (None, kpi.site_id):
            return str(_("%s belongs to another site.") % one.code)
    if circle := _circle(kpi, parsed):
        return _("A KPI cannot need itself: %s.") % " → ".join(circle)
    return ""


def _circle(kpi: Kpi, parsed: Parsed) -> list[str]:
    """Return the codes through which ``kpi`` would need itself, or a chain that is too long."""
    waiting = [(code, [kpi.code, code]) for code in sorted(parsed.kpis)]
    seen: set[str] = set()
    while waiting:
        code, way = waiting.pop()
        if code == kpi.code or len(way) > DEEPEST_CHAIN:
            return way
        if code in seen:
            continue
        seen.add(code)
        one = type(kpi)._default_manager.filter(code=code).first()
        if one is not None and one.parsed is not None:
            waiting += [(next_one, [*way, next_one]) for next_one in sorted(one.parsed.kpis)]
    return []


def _trouble_of_place(kpi: Kpi, parsed: Parsed) -> dict[str, Any]:
    known = terms.known()
    if not kpi.line_id:
        return {}
    elsewhere = sorted(name for name in parsed.names if not known[name].at_lines)
    if not elsewhere:
        return {}
    return {"line": _("Not known by line, so leave it empty: %s.") % ", ".join(elsewhere)}
