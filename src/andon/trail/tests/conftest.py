"""Fixtures of the trail's tests."""

import pytest

from andon.trail.tests.machines import make_tables


@pytest.fixture
def machines(db: None) -> None:
    """The tables of the test models."""
    make_tables()
