"""Master data for tests, made the way the application makes them."""

from datetime import time
from typing import Any

import factory

from andon.accounts.testing import TESTS, PersonFactory, SiteFactory
from andon.organization import services
from andon.organization.models import Item, Line, Party, Process, Settings, Shift


class _Factory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> Any:  # noqa: ARG003
        return services.add(model_class(**fields), by=TESTS)


class ProcessFactory(_Factory):
    class Meta:
        model = Process

    code = factory.Sequence(lambda number: f"P{number}")
    name = factory.LazyAttribute(lambda process: f"Process {process.code}")
    owner = factory.SubFactory(PersonFactory)


class ItemFactory(_Factory):
    class Meta:
        model = Item

    number = factory.Sequence(lambda number: f"10-{number:04}")
    name = factory.LazyAttribute(lambda item: f"Bracket {item.number}")
    revision = "A"


class PartyFactory(_Factory):
    class Meta:
        model = Party

    code = factory.Sequence(lambda number: f"C{number}")
    name = factory.LazyAttribute(lambda party: f"Company {party.code}")
    is_customer = True


class LineFactory(_Factory):
    class Meta:
        model = Line

    site = factory.SubFactory(SiteFactory)
    code = factory.Sequence(lambda number: f"L{number}")
    name = factory.LazyAttribute(lambda line: f"Press {line.code}")


class ShiftFactory(_Factory):
    class Meta:
        model = Shift

    site = factory.SubFactory(SiteFactory)
    code = factory.Sequence(lambda number: f"SH{number}")
    name = "Early"
    starts = time(6)
    ends = time(14)


def with_settings(**changes: Any) -> Settings:
    """Change the settings for one test: ``with_settings(profile="standard")``."""
    return services.edit_settings(changes=changes, by=TESTS)
