"""Values of KPIs from files, through the import of production."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site, User
from andon.modules.production.imports.fields import Field, Kind, Reference, Target
from andon.modules.production.models import ImportBatch
from andon.organization import clock
from andon.trail.services import SYSTEM

from .models import Formula, Kpi, Observation, periods
from .models.observations import PLACES, VALUE_PLACES
from .services import detect
from .services.observing import trouble_of_ratio

Values = dict[str, Any]
Row = tuple[int, Values]
Errors = list[tuple[int, str, str]]

COMPUTED = (Formula.SCRAP, Formula.DOWNTIME)


def _known(site: Site) -> Any:
    """Return the KPIs that take values from files: not computed, of this site or of all."""
    rows = Kpi.objects.active().exclude(formula__in=COMPUTED)
    return rows.filter(Q(site=site) | Q(site=None))


def _find(site: Site, codes: Iterable[str]) -> dict[str, Any]:
    wanted = {code.casefold() for code in codes}
    found: dict[str, Any] = {}
    for pk, code, name in _known(site).values_list("pk", "code", "name"):
        for text in (name.casefold(), code.casefold()):
            if text in wanted:
                found[text] = pk
    return found


def prepare(site: Site, rows: list[Row]) -> tuple[list[Row], Errors]:
    """Turn what a file says into numerator and denominator, or value, of one period each.

    Days become their period; samples without a number are numbered in the order of the file;
    several rows of one period are kept apart by a number and taken together in the series.
    """
    kpis = {}
    for kpi in _known(site):
        kpis[kpi.name.casefold()] = kpis[kpi.code.casefold()] = kpi
    numbered = {_code(values) for _n, values in rows if values.get("sequence") is not None}
    seen: Counter[tuple[int, str]] = Counter()
    good: list[Row] = []
    errors: Errors = []
    for number, values in rows:
        kpi = kpis.get(_code(values))
        if kpi is None:  # an unknown code is reported by the import itself
            good.append((number, values))
            continue
        trouble = _place(kpi, values, seen, numbered=_code(values) in numbered) or _amounts(
            kpi, values
        )
        if trouble:
            errors.append((number, "", trouble))
        else:
            good.append((number, values))
    return good, errors


def _code(values: Values) -> str:
    return str(values.get("kpi") or "").casefold()


def _place(kpi: Kpi, values: Values, seen: Counter[tuple[int, str]], *, numbered: bool) -> str:
    """Fill in which period a row is about; return what is wrong, if anything is."""
    if kpi.is_dated:
        if not values.get("day"):
            return _("The day is missing: %s is kept by day, week or month.") % kpi.code
        start = periods.start_of(kpi.period, date.fromisoformat(values["day"]))
        values["day"] = start.isoformat()
        values["sequence"] = str(seen[kpi.pk, values["day"]])
        seen[kpi.pk, values["day"]] += 1
        return ""
    values["day"] = kpi.defined_date.isoformat()
    if numbered and values.get("sequence") is None:
        return _("The number of the sample is missing.")
    if not numbered:
        seen[kpi.pk, ""] += 1
        values["sequence"] = str(seen[kpi.pk, ""])
    return ""


def _amounts(kpi: Kpi, values: Values) -> str:
    """Fill in numerator and denominator of a ratio; return what is wrong, if anything is."""
    if not kpi.is_ratio:
        values["numerator"] = values["denominator"] = None
        return ""
    top, bottom, value = (
        None if values.get(name) is None else Decimal(values[name])
        for name in ("numerator", "denominator", "value")
    )
    values["value"] = None
    bottom = kpi.fixed_denominator if bottom is None else bottom
    if top is None and value is None:
        values["numerator"] = values["denominator"] = None
        return ""
    if bottom is None:
        return _("The denominator is missing: %s is a ratio.") % kpi.code
    if top is None:
        top = (value or Decimal(0)) * bottom
    values["numerator"], values["denominator"] = _text(top), _text(bottom)
    return trouble_of_ratio(kpi, top, bottom)


def _text(number: Decimal) -> str:
    return str(number.quantize(Decimal(1).scaleb(-PLACES)))


def raise_signals(batch: ImportBatch, by: User | SYSTEM) -> None:
    """Let new values signal at once; what the system imported is looked at by the next refresh."""
    if not isinstance(by, User):
        return
    first: dict[int, tuple[date, int]] = {}
    rows = Observation.objects.filter(batch=batch).order_by("day", "sequence")
    for kpi_id, day, sequence in rows.values_list("kpi", "day", "sequence"):
        first.setdefault(kpi_id, (day, sequence))
    for kpi in Kpi.objects.filter(pk__in=first).select_related("site", "process", "owner"):
        since = first[kpi.pk] if not kpi.is_dated else (first[kpi.pk][0], 0)
        detect(kpi, by=by, day=clock.today(batch.site), since=since)


VALUES = Target(
    name="kpi-values",
    label=gettext_lazy("KPI values"),
    help=gettext_lazy("Numerator and denominator, or a value, for each period or sample of a KPI."),
    model=Observation,
    site_column="",
    after=raise_signals,
    prepare=prepare,
    fields=(
        Field(
            "kpi",
            gettext_lazy("KPI"),
            Kind.CODE,
            "kpi_id",
            required=True,
            synonyms=("kpi", "indicator", "metric", "measure", "kennzahl"),
            reference=Reference(
                _find,
                None,
                gettext_lazy(
                    "There is no KPI “%(code)s” at this site that takes values; define it first."
                ),
            ),
            help=gettext_lazy("The code of the KPI, the same for all rows or from a column."),
        ),
        Field(
            "day",
            gettext_lazy("Day"),
            Kind.DAY,
            "day",
            synonyms=("day", "date", "week", "month", "period", "datum", "tag", "jour", "fecha"),
            help=gettext_lazy("Any day of the period; not for samples."),
        ),
        Field(
            "sequence",
            gettext_lazy("Number of the sample"),
            Kind.COUNT,
            "sequence",
            synonyms=(
                "sample", "sample number", "subgroup", "sub group", "subgroup id", "sub-group",
                "wafer", "wafer id", "no", "nr", "lfd nr", "run", "batch", "lot",
            ),
            help=gettext_lazy("Empty: samples are numbered in the order of the file."),
        ),
        Field(
            "value",
            gettext_lazy("Value"),
            Kind.AMOUNT,
            "value",
            places=VALUE_PLACES,
            signed=True,
            synonyms=(
                "value", "result", "measurement", "fraction", "fraction defective", "ratio",
                "rate", "productivity", "actual productivity", "wert", "messwert",
            ),
            help=gettext_lazy("A single value; for a ratio its fraction, 0.24 for 24 %."),
        ),
        Field(
            "numerator",
            gettext_lazy("Numerator"),
            Kind.AMOUNT,
            "numerator",
            places=PLACES,
            synonyms=(
                "numerator", "number defective", "defective", "defectives", "defects",
                "number of defects", "nonconforming", "rejects", "scrap", "failures", "events",
                "count", "late", "zaehler", "zähler", "fehler",
            ),
        ),
        Field(
            "denominator",
            gettext_lazy("Denominator"),
            Kind.AMOUNT,
            "denominator",
            places=PLACES,
            synonyms=(
                "denominator", "total", "number total", "inspected", "tested", "produced", "size",
                "sample size", "area", "length", "units", "exposure", "nenner", "gesamt",
            ),
        ),
    ),
)  # fmt: skip

__all__ = ["VALUES", "prepare", "raise_signals"]
