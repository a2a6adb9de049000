"""The Workbench computes everything without the heavy libraries, and stays quick to start."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = ("scipy.stats", "pandas", "ibis", "numba", "matplotlib", "pyarrow", "statsmodels")
EVERYTHING = f"""
import json, sys
import django
django.setup()
from andon.modules.analyses.models import METHODS
from andon.modules.analyses.tests.test_methods import GOOD, outcome
computed = []
for name in METHODS:
    found = outcome(name, GOOD[name])
    assert found.sentences, name
    computed.append(name)
loaded = [name for name in {HEAVY!r} if name in sys.modules]
print(json.dumps([sorted(computed), sorted(METHODS), loaded]))
"""
ALONE = """
import json, sys
import andon.stats
print(json.dumps([name for name in sys.modules if not name.startswith("andon")]))
"""


def said_by(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True,
        check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_method_of_the_workbench_computes_without_a_heavy_library():
    # The examples stand in a file of tests, which brings pytest and Django's tools along.
    computed, methods, loaded = said_by(EVERYTHING, DJANGO_SETTINGS_MODULE="andon.config.testing")

    assert computed == methods
    assert loaded == []


@pytest.mark.parametrize("library", ["numpy", "scipy", "django", *HEAVY])
def test_the_statistics_alone_load_no_library_until_something_is_computed(library):
    assert library not in said_by(ALONE)
