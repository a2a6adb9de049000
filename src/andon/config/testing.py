"""Settings of the test suite: the same as everywhere, with a fast password hash."""

import os

os.environ.setdefault("ANDON_PROFILE", "test")
os.environ.setdefault("ANDON_DATA", "var/test")

from andon.config.settings import *  # noqa: E402, F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  (whitenoise warns of a missing folder)
