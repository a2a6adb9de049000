"""Settings of the test suite: the same as everywhere, with a fast password hash."""

import os

os.environ.setdefault("ANDON_PROFILE", "test")
os.environ.setdefault("ANDON_DATA", "var/test")

from andon.config.settings import *  # noqa: F403
from andon.config.settings import DATABASES, SQLITE

if not SQLITE:
    # Two runs on one server must not meet; SQLite's test database is in memory.
    DATABASES["default"]["TEST"] = {"NAME": f"test_andon_{os.getpid()}"}

# Tests ask faster than people; those about the limit set their own.
API_PER_MINUTE = {"person": 1_000_000, "token": 1_000_000}
