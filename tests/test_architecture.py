"""The shape of the house: layers, sizes, folders, life cycles, migrations, open routes."""

import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.urls import get_resolver

from andon.accounts.policy import policy_of, routes
from andon.accounts.roles import declared
from andon.records.models import Record
from andon.trail.models import AuditedModel
from tools import measures

# Frozen with the third kind of record, raised once for own fields, views, bulk and workbooks
# (ADR 8): what comes now takes the place of something.
KERNEL_LINES = 4000
FILE_LINES = 300
FUNCTION_LINES = 40
MOST_FUNCTIONS = 10

# Formulas stand with their docstring, their source and an example (style: statistics excepted).
STATISTICS = "src/andon/stats/"

# What a module may consist of; a folder may stand where a file got too long.
MODULE_PARTS = {
    "__init__", "api", "apps", "evidence", "forms", "imports", "jobs", "lifecycle", "management",
    "migrations", "models", "queries", "services", "static", "templates", "testing", "tests",
    "urls", "views",
}  # fmt: skip

# The routes open to everybody, each reviewed. Everything else asks for a sign-in.
OPEN_TO_THE_WORLD = {
    "account_login": "sign in",
    "account_logout": "sign out, also when the session has ended",
    "factors:passkey_sign_in": "sign in by passkey",
    "factors:second_step": "the second step of a sign-in that has begun",
    "outside:begin": "leads to the company's sign-in",
    "outside:callback": "the way back from there, bound to the browser by a state used once",
    "tablet:start": "the first page of a shared tablet, known by its cookie",
    "tablet:pin": "the PIN at a shared tablet, known by its cookie",
    "entry:reset_ask": "whoever forgot the password is not signed in",
    "entry:reset": "the address holds a signed key for one use within half an hour",
    "operations:healthz": "probes cannot sign in; it says that the process answers",
    "operations:readyz": "probes cannot sign in; it names parts, and nothing about them",
    "operations:metrics": "off unless a token or a network is let in",
    "notices:calendar": "calendar programs cannot sign in; the address holds a secret of 256 bits",
}

OURS = [config for config in apps.get_app_configs() if config.name.startswith("andon.")]
KINDS = [model for model in apps.get_models() if issubclass(model, Record) and model is not Record]
MODULES = sorted(
    path for path in (measures.SOURCE / "modules").iterdir() if (path / "apps.py").exists()
)


def test_the_import_contracts_hold():
    """In a process of its own, for the linter switches off the log of the one it runs in."""
    command = [sys.executable, "-m", "tools.contracts"]

    done = subprocess.run(command, cwd=measures.ROOT, check=False, capture_output=True, text=True)

    assert not done.returncode, done.stdout


def test_the_table_reader_takes_nothing_of_django_but_its_translations():
    imports = re.compile(r"^\s*(?:from|import) (django\S*)", re.MULTILINE)

    taken = {
        name
        for file in (measures.SOURCE / "tables").glob("*.py")
        for name in imports.findall(file.read_text(encoding="utf-8"))
    }

    assert taken == {"django.utils.translation"}


# Who may speak to another machine or process; everything else goes through `andon.outbound`.
SPEAKING = {
    "outbound/sending.py": "the one way out (OB1)",
    "entry/oidc.py": "single sign-on asks the provider that the administrator named",
    "store/scanner.py": "the virus scanner that the administrator named (UP4)",
    "store/bucket.py": "the file store that the administrator named (UP2)",
    "cli/ports.py": "looks whether a port of this machine is free",
    "tasks/worker.py": "the name of this machine",
}
# Who may read what others made; each in a process of its own, or behind caps (UP1, EX1).
PARSING = {
    "store/examiner/pictures.py": "photos, in the examiner",
    "store/examiner/packages.py": "office files, in the examiner",
    "tables/sheet_child.py": "workbooks, in a process of their own",
    "tables/archive.py": "one table in an archive, its bytes counted",
    "trail/standalone/andon_verify.py": "packs of our own, by an auditor",
    "portal/keeping/bundles.py": "the export of everything, by a command of who runs the machine",
    "demo/coating.py": "draws the photo of the demo and reads none",
}
OUTWARD = re.compile(
    r"^\s*(?:from|import) (requests|urllib\.request|http\.client|urllib3|httpx|aiohttp|socket"
    r"|ftplib|telnetlib|boto3)\b",
    re.MULTILINE,
)
READERS = re.compile(
    r"^\s*(?:from|import) (PIL|python_calamine|openpyxl|zipfile|tarfile|xml|lxml|pickle|shelve"
    r"|marshal)\b",
    re.MULTILINE,
)


@pytest.mark.parametrize(
    ("imports", "listed"), [(OUTWARD, SPEAKING), (READERS, PARSING)], ids=["outward", "readers"]
)
def test_CF1_only_listed_files_reach_out_or_read_what_others_made(imports, listed):
    found = {
        file.relative_to(measures.SOURCE).as_posix()
        for file in measures.code(measures.SOURCE)
        if imports.search(file.read_text(encoding="utf-8"))
    }

    assert found <= listed.keys()


def test_CF1_the_linter_looks_for_unsafe_markup_raw_sql_and_shells():
    rules = tomllib.loads((measures.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lint = rules["tool"]["ruff"]["lint"]
    watched = (
        "S102",
        "S301",
        "S307",
        "S308",
        "S314",
        "S506",
        "S602",
        "S605",
        "S608",
        "S610",
        "S611",
    )
    ours = [path for path in lint["per-file-ignores"] if path.startswith("src/")]

    assert lint["select"] == ["ALL"]
    ignored = {*lint["ignore"], *(rule for path in ours for rule in lint["per-file-ignores"][path])}
    assert [rule for rule in watched if any(rule.startswith(each) for each in ignored)] == []


def test_the_kernel_stays_within_its_budget():
    assert measures.lines(measures.SOURCE / "records") <= KERNEL_LINES


def test_most_functions_are_short_and_none_is_long():
    long = [
        function
        for function in measures.functions()
        if function.lines > FUNCTION_LINES and not function.place.startswith(STATISTICS)
    ]

    assert not long
    assert statistics.median(function.lines for function in measures.functions()) < MOST_FUNCTIONS


def test_no_file_is_long():
    long = {
        str(file.relative_to(measures.ROOT)): count
        for file in measures.code(measures.SOURCE)
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }

    assert not long


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_folder_holds_nothing_unknown(module: Path):
    found = {path.stem for path in module.iterdir() if path.name != "__pycache__"}

    assert found <= MODULE_PARTS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_life_of_a_kind_is_sound(kind: type[Record]):
    workflow = kind.workflow

    assert not list(workflow.flaws())
    assert workflow.initial in workflow.states.values
    assert workflow.final
    assert {step.permission for step in workflow.transitions} <= set(declared())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_extends_the_record_one_level_deep(kind: type[Record]):
    assert Record in kind.__bases__


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.label)
def test_migrations_are_linear_and_named_for_what_they_do(config):
    loader = MigrationLoader(None)
    mine = sorted(name for label, name in loader.disk_migrations if label == config.label)

    assert len(loader.graph.leaf_nodes(config.label)) == min(len(mine), 1)
    for number, name in enumerate(mine, start=1):
        assert re.fullmatch(rf"{number:04}_[a-z][a-z0-9_]*", name), name
        assert "auto_" not in name, name


def test_no_controlled_field_is_a_float():
    """A float has no canonical text, so it could not be sealed (AT5)."""
    floats = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, AuditedModel)
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField)
    ]

    assert not floats


def test_no_controlled_model_has_an_implicit_many_to_many():
    implicit = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, AuditedModel)
        for field in model._meta.many_to_many
        if field.remote_field.through._meta.auto_created
    ]

    assert not implicit


def test_AZ1_only_the_listed_routes_are_open_to_the_world():
    found = routes(get_resolver().url_patterns)
    public = {
        route.name
        for route in found
        if (policy := policy_of(route.view)) is not None and policy.kind == "public"
    }

    assert public == set(OPEN_TO_THE_WORLD)


def test_AZ6_the_django_admin_is_not_installed():
    assert not apps.is_installed("django.contrib.admin")
