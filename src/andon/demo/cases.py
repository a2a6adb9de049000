"""Eighteen months of nonconformities, from the first coil to this morning."""

from andon.demo.ordinary import Case

_NONE: dict[str, object] = {}

CASES = (
    Case(
        -76, 1, "ines", "Coil 1.42 mm thick instead of 1.50 ± 0.05",
        {"found_at": "receiving", "item": "23-5102", "party": "S-KRAUS", "defect": "MATL",
         "severity": "minor", "lot": "K-77120", "process": "PUR",
         "requirement": "Order 45-1187: 1.50 ± 0.05 mm",
         "description": "Micrometer at five places of the coil: 1.41 to 1.43 mm."},
        suspect=3, lines=(("return", 3, {"instruction": "Kraus collects on Friday"}),),
        place="Goods in, red area", why_no_action="The supplier answered with its own action.",
    ),
    Case(
        -70, 2, "olga", "Thread M12 does not take the go gauge",
        {"line": "TRN-1", "item": "41-1305", "defect": "THREAD", "severity": "minor",
         "process": "TUR", "origin": "Tapping", "description": "Tap chipped in the late shift."},
        suspect=180, good=104,
        lines=(("scrap", 46, _NONE), ("rework", 30, {"instruction": "Re-tap on bench 4"})),
    ),
    Case(
        -64, 3, "tina", "Coating 48 µm instead of at least 60 µm",
        {"site": "ABC2", "line": "CTG-1", "found_at": "final", "item": "60-0075",
         "defect": "THIN", "severity": "minor", "process": "COA", "origin": "Spray booth",
         "description": "Seen at the hourly thickness check."},
        suspect=240, lines=(("rework", 240, {"instruction": "Sand lightly, coat again"}),),
        place="ABC2, rack R1",
    ),
    Case(
        -58, 0, "ines", "Label of the right bracket on boxes with left ones",
        {"found_at": "customer", "item": "23-4425", "party": "C-NORVIG", "defect": "LABEL",
         "severity": "minor", "process": "LOG", "shipped": True, "customer_requirement": True,
         "customer_notice": "Called Norvig the same day; they swapped the labels themselves.",
         "description": "Eight boxes of delivery 88-2041."},
        suspect=8, lines=(("rework", 8, {"instruction": "New labels"}),),
        place="At the customer",
        comments=(("pedro", "Both boxes stood on one pallet; the printer had the old order."),),
    ),
    Case(
        -55, 4, "ines", "Two gauges past their calibration date",
        {"category": "audit", "found_at": "audit", "severity": "minor", "process": "INS",
         "requirement": "7.1.5.2 a: calibrated at planned intervals",
         "description": "Plug gauge 12-H7-04 and micrometer MM-19, each three weeks late.",
         "correction": "Both taken out of use and calibrated; as found within tolerance."},
        why_no_action="The reminder list is in place since; two gauges of 84.",
    ),
    Case(
        -50, 1, "tina", "Oven temperature not recorded at start-up",
        {"site": "ABC2", "category": "process", "line": "CTG-1", "severity": "minor",
         "process": "COA", "description": "No curve for the first 40 minutes of the early shift.",
         "correction": "Parts of that time tested for adhesion: all passed. Recorder restarted."},
    ),
    Case(
        -47, 2, "ines", "Powder lot without certificate",
        {"site": "ABC2", "found_at": "receiving", "party": "S-LUMA", "defect": "MATL",
         "severity": "minor", "process": "PUR", "lot": "L-2231",
         "description": "12 cartons arrived without the certificate agreed in the order."},
        suspect=12, good=12, place="ABC2, goods in",
    ),
    Case(
        -38, 3, "olga", "Clip plates bent in the container",
        {"line": "PRS-2", "item": "23-5102", "defect": "DENT", "process": "STA"},
        suspect=400, ends="void", why_no_action="Entered twice; the other one was kept.",
    ),
    Case(
        -36, 0, "ines", "Powder lumps: moisture above 0.3 %",
        {"site": "ABC2", "found_at": "receiving", "party": "S-LUMA", "defect": "MATL",
         "severity": "minor", "process": "PUR", "lot": "L-2290",
         "description": "0.52 % at the incoming check."},
        suspect=20, lines=(("return", 20, _NONE),), place="ABC2, goods in",
    ),
    Case(
        -31, 2, "pedro", "Shafts scratched by the new trays",
        {"line": "TRN-1", "item": "41-1180", "defect": "DENT", "severity": "minor",
         "process": "TUR", "origin": "Transport", "description": "Scratches up to 12 µm deep."},
        suspect=310, good=262,
        lines=(("rework", 40, {"instruction": "Polish"}), ("scrap", 8, _NONE)),
        why_no_action="The trays have had liners since the same afternoon.",
    ),
    Case(
        -17, 1, "ines", "Old revision of the set-up sheet at press line 2",
        {"category": "system", "found_at": "audit", "severity": "minor", "process": "QMS",
         "line": "PRS-2", "requirement": "7.5.3.2: the current revision is at hand",
         "description": "Sheet 4.2 at the line, 4.3 in the list.",
         "correction": "Sheet replaced; the other eleven at the lines are current."},
    ),
    Case(
        -15, 4, "tina", "Guard plates packed while still warm",
        {"site": "ABC2", "line": "CTG-1", "item": "60-0081", "defect": "DENT",
         "severity": "minor", "process": "LOG", "description": "Prints of the foil."},
        suspect=160, good=120, lines=(("regrade", 40, {"instruction": "Second choice, spares"}),),
        place="ABC2, rack R2",
    ),
    Case(
        -9, 2, "ines", "Inserts softer than ordered",
        {"found_at": "receiving", "party": "S-TORQ", "defect": "MATL", "severity": "minor",
         "process": "PUR", "lot": "T-0914", "description": "1,480 HV instead of at least 1,550."},
        suspect=60, lines=(("return", 60, _NONE),), ends="decided",
        later=(2, "Torq collects them with the next delivery"),
        comments=(("pedro", "Torq sends a replacement; their report is due next week."),),
    ),
    Case(
        -2, 1, "pedro", "Cracks at the bend of the clip plate",
        {"line": "PRS-2", "item": "23-5102", "defect": "CRACK", "severity": "minor",
         "process": "STA", "origin": "Station 4", "description": "Found at the first-off check."},
        suspect=520, good=430, lost=2, lines=(("scrap", 88, _NONE),), ends="decided",
    ),
    Case(
        -1, 3, "olga", "Shafts without their protective caps",
        {"line": "TRN-1", "item": "41-1180", "found_at": "process"},
        suspect=90, ends="reported",
    ),
)  # fmt: skip
