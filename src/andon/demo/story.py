"""The whole demo: people, lists, facts, then every story on its days."""

from __future__ import annotations

from datetime import date

from andon.demo import coating, complaint, loose, press, studies, turning
from andon.demo.answers import answering
from andon.demo.asking import asking
from andon.demo.assessing import assessing
from andon.demo.cases import CASES
from andon.demo.factory import Factory
from andon.demo.facts import facts
from andon.demo.improving import frozen_plan
from andon.demo.lists import lists
from andon.demo.measures import measuring
from andon.demo.orders import orders
from andon.demo.ordinary import ordinary
from andon.demo.outward import outward
from andon.demo.people import people
from andon.demo.proving import proving
from andon.demo.telling import Story, tell
from andon.demo.told import told
from andon.demo.views import views
from andon.trail import checkpoints

SEED = 9001


def fill(today: date, seed: int = SEED) -> Factory:
    """Make the factory as it stands on ``today``; the same seed and day make the same factory."""
    factory = Factory(today=today, seed=seed)
    with checkpoints.postponed("the demo was filled"):
        people(factory)
        lists(factory)
        facts(factory)
        orders(factory)
        views(factory)
        outward(factory)
        tell([measuring(factory), *_stories(factory), answering(factory)], until=today)
        told(factory)
    proving(factory)
    return factory


def _stories(factory: Factory) -> list[Story]:
    return [
        *(ordinary(factory, case) for case in CASES),
        loose.punctual(factory),
        frozen_plan(factory),
        loose.concession(factory),
        turning.bores(factory),
        press.burrs(factory),
        coating.peeling(factory),
        coating.pinholes(factory),
        complaint.shafts(factory),
        loose.slipped_digit(factory),
        turning.threads(factory),
        loose.overdue(factory),
        loose.refused_closure(factory),
        loose.waiting_for_the_customer(factory),
        assessing(factory),
        coating.dents(factory),
        studies.gauge(factory),
        studies.process(factory),
        studies.bath(factory),
        studies.lots(factory),
        studies.effect(factory),
        asking(factory),
    ]
