"""A signing key and a file of checkpoints of its own for each test."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_key_and_file(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_FILE = tmp_path / "signing-key"
    settings.CHECKPOINTS = tmp_path / "elsewhere" / "checkpoints.txt"
