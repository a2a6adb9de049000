"""The coating line: an action nobody can judge yet, a rework that failed first, and a photo."""

from __future__ import annotations

import io
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter

from andon.demo.correcting import Cause, Correcting, Step
from andon.demo.handling import Handling, report
from andon.demo.machines import COATED
from andon.modules.actions import services as actions
from andon.records import files

if TYPE_CHECKING:
    from andon.demo.factory import Factory
    from andon.demo.telling import Story

WATCHED = 42
HERE = {"site": "ABC2", "line": "CTG-1", "process": "COA"}
PINHOLES = {**HERE, "item": "60-0075", "defect": "PIN", "origin": "Oven"}


def pinholes(factory: Factory) -> Story:
    """Fewer pinholes, but too few parts to be sure: watched longer."""
    yield (day := factory.on(COATED - 5, 1))
    case = report(
        factory, day, by="tina", title="Pinholes on housing covers", **PINHOLES, severity="minor",
        suspect_quantity=300, description="Up to six in the visible face.",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    hand.contain("ABC2, rack R1", 300, "Blocked and tagged", day=day)
    hand.sort_out(231, 69, note="By eye under the lamp", day=day)
    hand.dispose("rework", 50, day=day, instruction="Sand, coat again")
    hand.dispose("scrap", 19, day=day)
    hand.settle(day=day)
    lead = Correcting.open(
        factory, day, by="tina", title="Pinholes at coating line 1", site="ABC2", process="COA",
        problem="4.1 % of the coated parts are scrapped, nearly half for pinholes.",
    )  # fmt: skip
    lead.take_on(case, day=day)
    yield (day := factory.on(COATED - 3, 1))
    hand.carry_out(day=day)
    hand.verify(passed=True, note="No pinholes in 50", day=day)
    hand.decide(action="yes", why="Nearly half of the scrap of the line.")
    hand.close(day=day)
    cause = Cause("The blanks outgas: the pre-heating is too short", "12 minutes instead of 8: 60 %"
                  " fewer pinholes on 200 parts.")  # fmt: skip
    lead.find_causes([cause], day=day)
    lead.plan([Step("Pre-heat for 12 minutes", "tina", factory.on(COATED))])
    yield from _watch_pinholes(factory, lead)


def _watch_pinholes(factory: Factory, lead: Correcting) -> Story:
    day = factory.on(COATED - 2)
    yield day
    lead.promise("SCRAP-CTG1", percent=12, since=factory.on(COATED - 16), days=WATCHED, day=day)
    lead.settle(day=day)
    yield (day := factory.on(COATED))
    lead.finish(0, "Recipe 7 of the oven changed", day=day)
    lead.implement(day=day)
    yield (day := factory.on(COATED, 0) + timedelta(days=WATCHED + 1))
    actions.extend_window(
        lead.fresh(), by=factory.people["ana"], days=84, day=day,
        reason="Six weeks hold too few parts to tell 8 % less from chance.",
    )  # fmt: skip
    yield (day := factory.on(-3, 2))
    report(
        factory, day, by="tina", title="Pinholes near the edge of housing covers", **PINHOLES,
        severity="minor", suspect_quantity=80,
    )  # fmt: skip


def peeling(factory: Factory) -> Story:
    """Rework fails its verification first, and passes the second time."""
    yield (day := factory.on(-29, 1))
    case = report(
        factory, day, by="tina", title="Coating peels off guard plates", **HERE, item="60-0081",
        defect="ADH", severity="minor", suspect_quantity=140, found_at="final",
        requirement="Cross-cut test: class 0 or 1",
    )  # fmt: skip
    hand = Handling(case, factory.people["ines"])
    hand.contain("ABC2, rack R3", 140, "Blocked and tagged", day=day)
    hand.sort_out(80, 60, note="Cross-cut on every tenth, then all of the lot", day=day)
    hand.dispose("rework", 60, day=day, instruction="Strip, phosphate, coat again")
    hand.settle(day=day)
    yield (day := factory.on(-28, 2))
    hand.carry_out(day=day)
    hand.verify(passed=False, note="Class 3 on 2 of 10: the bath was cold", day=day)
    hand.say("Bath is at 52 °C again; we repeat all 60.", day=day, by=factory.people["tina"])
    yield (day := factory.on(-27, 1))
    hand.carry_out(day=day)
    hand.verify(passed=True, note="Class 0 on 10 of 10", day=day)
    hand.decide(action="no", why="Bath heater replaced; its alarm works now.")
    hand.close(day=day)


def dents(factory: Factory) -> Story:
    """Reported last week from the floor, with a photo."""
    yield (day := factory.on(-1, 2))
    case = report(
        factory, day, by="olga", title="Dents in brackets out of container 12", line="PRS-2",
        item="23-4425", suspect_quantity=350, description="All on the same corner.",
    )  # fmt: skip
    photo = SimpleUploadedFile("container-12.jpg", picture(factory.seed), "image/jpeg")
    files.attach(case, photo, by=factory.people["olga"], caption="Corner of the bracket", day=day)


def picture(seed: int) -> bytes:
    """Draw what a phone would see: a stamped bracket with a dent in its corner."""
    chance = Random(seed)  # noqa: S311  (no secret)
    image = Image.new("RGB", (960, 720), "#5b6168")
    draw = ImageDraw.Draw(image)
    for y in range(720):
        shade = 84 + y // 14 + chance.randrange(4)
        draw.line([(0, y), (960, y)], fill=(shade, shade + 3, shade + 7))
    draw.rounded_rectangle((170, 150, 800, 560), 36, fill="#b9bec4", outline="#8e949b", width=6)
    for x, y in ((290, 270), (680, 270), (485, 450)):
        draw.ellipse((x - 44, y - 44, x + 44, y + 44), fill="#4a4f55", outline="#7d838a", width=5)
    for _ in range(60):
        x, y = chance.randrange(190, 760), chance.randrange(170, 540)
        draw.line([(x, y), (x + chance.randrange(8, 40), y + 2)], fill="#aab0b6")
    draw.polygon([(690, 470), (800, 440), (800, 525), (740, 560), (700, 545)], fill="#7b8188")
    draw.line([(690, 470), (735, 515), (700, 545)], fill="#565b61", width=6)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    ImageDraw.Draw(image).ellipse((645, 410, 845, 600), outline="#d63939", width=7)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
