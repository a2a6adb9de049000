"""The organization's settings and lists: what every record of the demo names."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

from andon.accounts.roles import Role
from andon.demo.factory import FIRST_WEEK, SHIFTS
from andon.modules.nonconformities import services as nonconformities
from andon.modules.production import services as production
from andon.modules.production.models import CauseKind
from andon.organization import services
from andon.organization.models import (
    CostKind,
    CostRate,
    Holiday,
    Item,
    Line,
    Party,
    Process,
    Settings,
    Shift,
)

if TYPE_CHECKING:
    from andon.demo.factory import Factory

PROCESSES = (
    ("SAL", "Sales and order review", "martin", ""),
    ("PUR", "Purchasing and suppliers", "pedro", ""),
    ("STA", "Stamping", "pedro", "ABC1"),
    ("TUR", "Turning", "pedro", "ABC1"),
    ("COA", "Coating", "tina", "ABC2"),
    ("INS", "Inspection and release", "ines", ""),
    ("LOG", "Packing and delivery", "tina", ""),
    ("QMS", "Running the management system", "ana", ""),
)
ITEMS = (
    ("23-4410", "C", "Bracket, seat rail left", "1.85"),
    ("23-4425", "B", "Bracket, seat rail right", "1.92"),
    ("23-5102", "A", "Clip plate 40 × 22", "0.64"),
    ("41-1180", "D", "Shaft 18 h6", "6.40"),
    ("41-1222", "B", "Bushing 22 × 28 H7", "3.15"),
    ("41-1305", "A", "Valve body M12 × 1.5", "9.80"),
    ("60-0075", "C", "Housing cover, coated", "7.25"),
    ("60-0081", "A", "Guard plate, coated", "5.10"),
)
PARTIES = (
    ("S-KRAUS", "Kraus Band Steel", True, False),
    ("S-LUMA", "Luma Powder Coatings", True, False),
    ("S-TORQ", "Torq Cutting Tools", True, False),
    ("S-FERR", "Ferrara Hardening", True, False),
    ("C-NORVIG", "Norvig Seating Systems", False, True),
    ("C-HYDRA", "Hydra Valves", False, True),
    ("C-ELMOT", "Elmot Drives", False, True),
)
LINES = (
    ("PRS-2", "Press line 2", "ABC1", "STA"),
    ("TRN-1", "Turning cell 1", "ABC1", "TUR"),
    ("CTG-1", "Coating line 1", "ABC2", "COA"),
)
HOURS = {"E": ("Early", time(6), time(14)), "L": ("Late", time(14), time(22))}
HOLIDAYS = (
    (1, 1, "New Year"), (5, 1, "Labour Day"), (10, 3, "National day"), (12, 24, "Christmas Eve"),
    (12, 25, "Christmas"), (12, 26, "Second day of Christmas"), (12, 31, "New Year's Eve"),
)  # fmt: skip
SCRAP = (
    ("BURR", "Burr too high"), ("MISFEED", "Misfeed of the strip"), ("CRACK", "Crack at the bend"),
    ("BORE", "Bore too wide"), ("CHATTER", "Chatter marks"), ("THREAD", "Thread not to gauge"),
    ("PIN", "Pinholes"), ("THIN", "Coating too thin"), ("DUST", "Dust in the coating"),
    ("START", "Start-up pieces"), ("DENT", "Dent or scratch"),
)  # fmt: skip
STOPS = (
    ("SETUP", "Set-up"), ("TOOL", "Tool or die change"), ("BREAK", "Breakdown"),
    ("WAIT", "Waiting for material"), ("CLEAN", "Cleaning"),
)  # fmt: skip
RATES = (
    (CostKind.SCRAP, "", "2.40"),
    (CostKind.DOWNTIME, "", "68"),
    (CostKind.DOWNTIME, "PRS-2", "95"),
    (CostKind.REWORKED_PIECE, "", "0.85"),
    (CostKind.REWORK, "", "41"),
    (CostKind.INSPECTION, "", "38"),
    (CostKind.NONCONFORMITY, "", "120"),
    (CostKind.COMPLAINT, "", "650"),
)
DEFECTS = (
    ("DIM", "Dimension", ""), ("SURFACE", "Surface", ""), ("COATING", "Coating", ""),
    ("BURR", "Burr above 0.10 mm", "SURFACE"), ("BORE", "Bore out of tolerance", "DIM"),
    ("DIA", "Outer diameter out of tolerance", "DIM"), ("THREAD", "Thread not to gauge", "DIM"),
    ("PIN", "Pinholes in the coating", "COATING"), ("ADH", "Coating does not adhere", "COATING"),
    ("THIN", "Coating too thin", "COATING"), ("LABEL", "Wrong or missing label", ""),
    ("MATL", "Material not as ordered", ""), ("DENT", "Dent or scratch", "SURFACE"),
    ("CRACK", "Crack", "SURFACE"),
)  # fmt: skip


def lists(factory: Factory) -> None:
    """Fill the settings and every list."""
    admin = factory.people["adam"]
    services.edit_settings(
        changes={
            "name": "ABC Industrial Components",
            "profile": Settings.Profile.LIGHT,
            "edition": Settings.Edition.AMENDED_2015,
            "repeat_window_days": 90,
        },
        by=admin,
    )
    _what_is_made(factory)
    _where_it_is_made(factory)
    _words(factory)
    _rates(factory)


def _what_is_made(factory: Factory) -> None:
    admin = factory.people["adam"]
    for code, name, owner, site in PROCESSES:
        row = Process(
            code=code, name=name, owner=factory.people[owner], site=factory.sites.get(site)
        )
        factory.processes[code] = services.add(row, by=admin)
    for number, revision, name, cost in ITEMS:
        item = Item(number=number, revision=revision, name=name, unit_cost=Decimal(cost))
        factory.items[number] = services.add(item, by=admin)
    for code, name, supplier, customer in PARTIES:
        party = Party(code=code, name=name, is_supplier=supplier, is_customer=customer)
        factory.parties[code] = services.add(party, by=admin)


def _where_it_is_made(factory: Factory) -> None:
    admin = factory.people["adam"]
    for code, name, site, process in LINES:
        line = Line(
            site=factory.sites[site], code=code, name=name, process=factory.processes[process]
        )
        factory.lines[code] = services.add(line, by=admin)
    for site, code in ((site, code) for site in factory.sites for code in SHIFTS):
        name, starts, ends = HOURS[code]
        shift = Shift(site=factory.sites[site], code=code, name=name, starts=starts, ends=ends)
        factory.shifts[site, code] = services.add(shift, by=admin)
    days = []
    for year in range(factory.on(FIRST_WEEK).year, factory.today.year + 2):
        for month, number, name in HOLIDAYS:
            days.append(services.add(Holiday(day=date(year, month, number), name=name), by=admin))
    factory.holidays = frozenset(row.day for row in days)


def _words(factory: Factory) -> None:
    by = factory.people["ana"]
    for kind, words in ((CauseKind.SCRAP, SCRAP), (CauseKind.STOP, STOPS)):
        for code, name in words:
            factory.causes[code] = production.add_cause(kind, code, name=name, by=by)
    for code, name, above in DEFECTS:
        parent = factory.defects.get(above)
        factory.defects[code] = nonconformities.add_defect_code(
            code=code, name=name, parent=parent, by=by
        )
    for role in (Role.MANAGER, Role.MANAGEMENT):
        nonconformities.add_authority(severity="critical", reach="any", role=role, by=by)


def _rates(factory: Factory) -> None:
    """Price poor quality from the first week on; the press hour costs more from this year on."""
    first, by = factory.on(FIRST_WEEK), factory.people["adam"]
    for kind, line, amount in RATES:
        row = CostRate(
            kind=kind, line=factory.lines.get(line), amount=Decimal(amount), from_date=first,
            reason="Controlling, yearly costing",
        )  # fmt: skip
        services.add(row, by=by)
    press = CostRate.objects.get(kind=CostKind.DOWNTIME, line=factory.lines["PRS-2"])
    newer = {"amount": Decimal(102), "from_date": date(factory.today.year, 1, 1)}
    services.revise_rate(press, changes={**newer, "reason": "New power contract"}, by=by)
