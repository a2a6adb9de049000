"""The files of deploy/ and their page name what is there: settings, commands, units that load."""

import re
import shutil
import subprocess

import pytest
import yaml

from andon.cli import parser
from tools.measures import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
NAME = re.compile(r"\b(?:ANDON_[A-Z_]+[A-Z]|DATABASE_URL)\b")
READ = re.compile(r"""(?:env(?:\.\w+)?\(|read\(env, )\s*"([A-Z_]+)\"""")
# Read by a command, or by a test, and not by the settings.
ELSEWHERE = {"ANDON_ADMIN_PASSWORD"}
EXPOSURE = 2.5


def known():
    """Return every variable that the settings read; of secrets also the name of their file."""
    texts = [file.read_text() for file in (ROOT / "src/andon/config").glob("*.py")]
    found = {name for text in texts for name in READ.findall(text)}
    return found | {f"{name}_FILE" for name in found} | ELSEWHERE


def commands(words):
    return parser.build().parse_args(words)


def test_every_setting_that_deploy_and_its_page_name_is_read():
    files = [
        *(file for file in DEPLOY.rglob("*") if file.is_file()),
        ROOT / "docs" / "operations.md",
    ]

    named = {(name, file.name) for file in files for name in NAME.findall(file.read_text())}

    assert {(name, file) for name, file in named if name not in known()} == set()


def test_every_setting_is_explained_on_the_page_of_operations():
    text = (ROOT / "docs" / "operations.md").read_text()

    assert {n for n in known() if not n.endswith("_FILE") and n not in text} - ELSEWHERE == set()


def test_the_compose_file_is_whole_and_starts_commands_that_there_are():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]

    assert {"app", "worker", "database", "proxy", "migrate"} == set(services)
    for name in ("app", "worker", "migrate"):
        commands(services[name]["command"])
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert "ports" not in services[name]
    assert "ports" not in services["database"]
    for name, service in services.items():
        for other in service.get("depends_on", ()):
            assert other in services, name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or source.startswith("./"), volume
        assert "/" not in service.get("image", ""), "a plain name, no host of a registry"
    assert (DEPLOY / "proxy.conf").exists()


def test_the_image_is_built_from_the_checkout_by_plain_names_with_hashes_and_without_root():
    text = (DEPLOY / "Containerfile").read_text()

    bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert bases
    assert not [base for base in bases if "/" in base]
    assert text.count("--require-hashes") == 2
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert '"serve"' in text


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_there_is_as_a_user_of_its_own(unit):
    text = unit.read_text()

    started = re.findall(r"^Exec\w+=/opt/andon/bin/andon (.+)$", text, re.MULTILINE)
    assert started
    for words in started:
        commands(words.split())
    assert "User=andon" in text
    assert "NoNewPrivileges=yes" in text


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_a_unit_without_a_word_and_finds_it_well_locked_up(unit, tmp_path):
    copy = tmp_path / unit.name
    text = re.sub(r"/opt/andon/bin/andon\b", "/bin/true", unit.read_text())
    copy.write_text(text.replace(" andon.service", ""))

    read = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False
    )
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert read.returncode == 0, read.stderr
    assert not [line for line in read.stderr.splitlines() if unit.name in line]
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", rated.stdout)
    assert level, rated.stdout[-300:] + rated.stderr
    assert float(level[1]) <= EXPOSURE


def test_the_proxy_sets_what_andon_believes():
    text = (DEPLOY / "proxy.conf").read_text()

    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"):
        assert re.search(rf"proxy_set_header {header}\s+\$", text), header
    assert "$proxy_add_x_forwarded_for" not in text
