"""A web worker starts light: what only some pages need is loaded by those pages."""

import subprocess
import sys

HEAVY = ("numpy", "scipy", "pandas", "ibis", "duckdb", "numba", "typst", "quickjs")
STARTED = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "andon.config.testing"
import django
django.setup()
from django.urls import get_resolver
from andon.config.urls import urlpatterns
get_resolver().url_patterns
print(" ".join(name for name in {heavy!r} if name in sys.modules))
"""


def test_no_page_pays_at_the_start_for_what_another_page_needs():
    code = STARTED.format(heavy=HEAVY)

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
