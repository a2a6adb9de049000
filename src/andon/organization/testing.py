"""Master data for tests, made the way the application makes them."""

from datetime import time
from typing import Any

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from andon.accounts.testing import TESTS, PersonFactory, SiteFactory
from andon.organization import services
from andon.organization.models import Item, Line, Party, Process, Settings, Shift


class _Factory(DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **fields: Any) -> Any:  # noqa: ARG003
        return services.add(model_class(**fields), by=TESTS)


class ProcessFactory(_Factory):
    class Meta:
        model = Process

    code = Sequence(lambda number: f"P{number}")
    name = LazyAttribute(lambda process: f"Process {process.code}")
    owner = SubFactory(PersonFactory)


class ItemFactory(_Factory):
    class Meta:
        model = Item

    number = Sequence(lambda number: f"10-{number:04}")
    name = LazyAttribute(lambda item: f"Bracket {item.number}")
    revision = "A"


class PartyFactory(_Factory):
    class Meta:
        model = Party

    code = Sequence(lambda number: f"C{number}")
    name = LazyAttribute(lambda party: f"Company {party.code}")
    is_customer = True


class LineFactory(_Factory):
    class Meta:
        model = Line

    site = SubFactory(SiteFactory)
    code = Sequence(lambda number: f"L{number}")
    name = LazyAttribute(lambda line: f"Press {line.code}")


class ShiftFactory(_Factory):
    class Meta:
        model = Shift

    site = SubFactory(SiteFactory)
    code = Sequence(lambda number: f"SH{number}")
    name = "Early"
    starts = time(6)
    ends = time(14)


def with_settings(**changes: Any) -> Settings:
    """Change the settings for one test: ``with_settings(profile="standard")``."""
    return services.edit_settings(changes=changes, by=TESTS)
