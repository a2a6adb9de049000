"""What the trail asks of a controlled model."""

from typing import Any, ClassVar

import pytest
from django.db import models
from django.test.utils import isolate_apps

from andon.trail import checks
from andon.trail.models import AuditedModel
from andon.trail.tests.machines import MODELS, Plant


def ids(model: type[AuditedModel]) -> list[str | None]:
    return [message.id for message in checks.check_model(model)]


def test_the_controlled_models_of_the_application_are_sound() -> None:
    assert checks.check_models() == []


@pytest.mark.parametrize("model", MODELS[:-1], ids=lambda model: model.__name__)
def test_the_test_models_are_sound(model: type[AuditedModel]) -> None:
    assert ids(model) == []


@isolate_apps("andon.trail")
def test_AT1_a_many_to_many_without_through_rows_of_its_own_is_an_error() -> None:
    class Tool(AuditedModel):
        plants: Any = models.ManyToManyField(Plant)

        class Meta:
            app_label = "trail"

    assert ids(Tool) == ["trail.E001"]


@isolate_apps("andon.trail")
def test_AT5_a_float_is_an_error() -> None:
    class Tool(AuditedModel):
        trail_excluded = frozenset({"guess"})
        weight = models.FloatField()
        guess = models.FloatField()

        class Meta:
            app_label = "trail"

    assert ids(Tool) == ["trail.E002"]


@isolate_apps("andon.trail")
@pytest.mark.parametrize("on_delete", [models.CASCADE, models.SET_NULL])
def test_AT1_a_row_that_follows_another_unseen_is_an_error(on_delete: Any) -> None:
    class Tool(AuditedModel):
        plant = models.ForeignKey(Plant, on_delete, null=True)

        class Meta:
            app_label = "trail"

    assert ids(Tool) == ["trail.E003"]


@isolate_apps("andon.trail")
def test_AT1_a_manager_the_trail_does_not_see_is_an_error() -> None:
    class Tool(AuditedModel):
        objects: ClassVar[Any] = models.Manager()

        class Meta:
            app_label = "trail"

    assert "trail.E004" in ids(Tool)


@isolate_apps("andon.trail")
def test_a_field_that_is_named_and_not_there_is_an_error() -> None:
    class Tool(AuditedModel):
        trail_personal = frozenset({"nobody"})

        class Meta:
            app_label = "trail"

    assert ids(Tool) == ["trail.E005"]
