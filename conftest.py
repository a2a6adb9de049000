"""Fixtures of every test, in the modules and in tests/."""

pytest_plugins = ["tests.committed"]
