"""The scene of the tests of signatures, on a file store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.signatures.scenes import Scene, a_scene


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    with override_settings(FILES=tmp_path / "files"):
        yield tmp_path / "files"


@pytest.fixture
def scene(db: None, store: Path) -> Scene:
    return a_scene()
