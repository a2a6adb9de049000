"""The examples in docstrings are true, and importing the package stays light."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

from andon import stats

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(stats.__path__, "andon.stats.")
    if ".tests" not in name
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    outcome = doctest.testmod(importlib.import_module(name))

    assert outcome.failed == 0


def test_neither_scipy_nor_django_is_loaded_even_after_a_verdict():
    code = (
        "import sys, andon.stats as s;"
        "s.effectiveness(s.Periods([8]*9,[100]*9), s.Periods([4]*9,[100]*9), target_change=.2);"
        "s.spc_constants(5); s.two_proportion_test(1, 9, 2, 9);"
        "bad = [m for m in sys.modules if m.split('.')[0] in {'scipy', 'django', 'pandas'}];"
        "sys.exit(', '.join(bad) or 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_all_public_names_exist():
    assert all(hasattr(stats, name) for name in stats.__all__)
