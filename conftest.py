"""Fixtures of every test, in the modules and in tests/."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings

from andon.config.testing import CHECKPOINTS as DEFAULT_CHECKPOINTS

# A busy machine is no failure: speed is measured by the benchmarks, never by a test.
settings.register_profile("andon", settings(settings.default, deadline=None))
settings.load_profile("andon")

pytest.register_assert_rewrite("andon.records.testing")

pytest_plugins = ["tests.committed", "tests.browsing"]


@pytest.fixture(autouse=True)
def _own_checkpoints(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, settings: Any
) -> None:
    """A file of checkpoints for each test, as each has a database of its own."""
    if settings.CHECKPOINTS == DEFAULT_CHECKPOINTS:  # else `committed_copy` stands on another
        name = hashlib.sha256(request.node.nodeid.encode()).hexdigest()
        settings.CHECKPOINTS = tmp_path_factory.getbasetemp() / f"checkpoints-{name}.txt"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,  # noqa: ARG001
    django_db_modify_db_settings: None,  # noqa: ARG001
    django_db_blocker: Any,
    *,
    django_db_keepdb: bool,
) -> Iterator[None]:
    """Make the migrated test database, also where only `committed_db` asks for it."""
    with django_db_blocker.unblock():
        configured = setup_databases(
            verbosity=0,
            interactive=False,
            aliases=["default"],
            serialized_aliases=[],
            keepdb=django_db_keepdb,
        )
    yield
    with django_db_blocker.unblock():
        teardown_databases(configured, verbosity=0)
