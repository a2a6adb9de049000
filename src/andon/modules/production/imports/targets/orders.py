"""What was promised and what came in: deliveries and receipts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from andon.modules.production.imports.fields import Errors, Field, Kind, Row, Target, Text
from andon.modules.production.imports.targets.shared import DAY, ITEM, party
from andon.modules.production.models import Delivery, Receipt


def completed(_site: object, rows: list[Row]) -> tuple[list[Row], Errors]:
    """Fill in what an order line leaves unsaid.

    Without a new promise the first one stands. Where a source says how late its lines were and
    no dates of delivery, a line without a delay never arrived: it counts as cancelled.
    """
    for _number, values in rows:
        values["position"] = values.get("position") or ""
        values["current_promise"] = values.get("current_promise") or values["promised"]
        only_delays = "delay" in values and "delivered" not in values
        never_came = only_delays and values["delay"] is None
        values["cancelled"] = bool(values.get("cancelled")) or never_came
    return rows, []


def _day(column: str, label: Text, *synonyms: str, help: Text = "") -> Field:  # noqa: A002
    return Field(column, label, Kind.DAY, column, synonyms=synonyms, named_only=True, help=help)


DELIVERIES = Target(
    name="deliveries",
    label=_("Deliveries"),
    help=_("Order lines: promised, delivered, or how late."),
    model=Delivery,
    sums=False,
    prepare=completed,
    fields=(
        replace(
            DAY,
            name="promised",
            label=_("Promised first"),
            column="promised",
            may_be_ahead=True,
            synonyms=(
                "promised", "first promise", "first promised", "promised date", "promise date",
                "due", "due date", "requested date", "liefertermin", "wunschtermin", "zugesagt",
            ),
            help=_("Day, or year, month and day in three columns."),
        ),
        party(
            "customer",
            _("Customer"),
            synonyms=("customer", "client", "ship to", "sold to", "carrier", "kunde", "cliente"),
            is_customer=True,
        ),
        Field(
            "order_number",
            _("Order"),
            Kind.TEXT,
            "order_number",
            required=True,
            synonyms=(
                "order", "order number", "order no", "sales order", "purchase order", "po",
                "auftrag", "auftragsnummer", "bestellung", "commande", "pedido",
            ),
            longest=40,
        ),
        Field(
            "position",
            _("Position"),
            Kind.TEXT,
            "position",
            synonyms=("position", "pos", "line item", "order line", "item no", "schedule line"),
            longest=40,
            help=_("What tells the lines of one order apart."),
        ),
        replace(ITEM, synonyms=tuple(word for word in ITEM.synonyms if word != "item no")),
        Field(
            "quantity",
            _("Quantity"),
            Kind.AMOUNT,
            "quantity",
            synonyms=("quantity", "qty", "ordered quantity", "menge", "quantité"),
        ),
        _day("ordered", _("Ordered"), "ordered", "order date", "bestelldatum"),
        replace(
            _day(
                "current_promise",
                _("Promised now"),
                "current promise", "promised now", "confirmed date", "new date", "bestätigt",
                help=_("Empty: the first promise stands."),
            ),
            may_be_ahead=True,
        ),
        _day(
            "delivered",
            _("Delivered"),
            "delivered", "delivery date", "delivered on", "shipped", "ship date", "geliefert",
            help=_("Empty: still open."),
        ),
        Field(
            "delay",
            _("Delay"),
            Kind.AMOUNT,
            "delay",
            signed=True,
            synonyms=("delay", "arr delay", "arrival delay", "days late", "lateness", "verzug"),
            help=_("Instead of dates: how late, in any unit; less than 0 is early."),
        ),
        Field(
            "tolerance",
            _("Tolerance"),
            Kind.AMOUNT,
            "tolerance",
            synonyms=("tolerance", "grace", "toleranz"),
            help=_("Up to this delay a line is on time: 14 for less than 15 whole minutes."),
        ),
        Field(
            "cancelled",
            _("Cancelled"),
            Kind.FLAG,
            "is_cancelled",
            synonyms=("cancelled", "canceled", "storniert", "annulé"),
            help=_("Counts neither as on time nor as late."),
        ),
    ),
)  # fmt: skip


def _weighed(_site: object, rows: list[Row]) -> tuple[list[Row], Errors]:
    good: list[Row] = []
    errors: Errors = []
    for number, values in rows:
        values["number"] = values.get("number") or ""
        if Decimal(values["rejected"]) > Decimal(values["received"]):
            sentence = _("More is rejected than was received.")
            errors.append((number, "rejected", str(sentence)))
        else:
            good.append((number, values))
    return good, errors


RECEIPTS = Target(
    name="receipts",
    label=_("Receipts"),
    help=_("What a supplier sent, and how much of it was rejected."),
    model=Receipt,
    prepare=_weighed,
    fields=(
        DAY,
        party(
            "supplier",
            _("Supplier"),
            synonyms=("supplier", "vendor", "carrier", "lieferant", "fournisseur", "proveedor"),
            is_supplier=True,
        ),
        ITEM,
        Field(
            "number",
            _("Delivery note"),
            Kind.TEXT,
            "number",
            synonyms=(
                "delivery note", "receipt", "receipt number", "lot", "supplier lot",
                "lieferschein", "wareneingang",
            ),
            longest=40,
            help=_("What tells the receipts of one day apart."),
        ),
        Field(
            "received",
            _("Received"),
            Kind.AMOUNT,
            "received",
            required=True,
            synonyms=("received", "quantity", "qty", "delivered", "menge", "eingang", "reçu"),
        ),
        Field(
            "rejected",
            _("Rejected"),
            Kind.AMOUNT,
            "rejected",
            required=True,
            synonyms=(
                "rejected", "rejects", "defective", "defects", "nok", "reklamiert",
                "beanstandet", "refusé",
            ),
        ),
    ),
)  # fmt: skip
