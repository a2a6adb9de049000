"""The papers of the project say what is true: dependencies, changelog, addresses, versions."""

import json
import re
import subprocess
import tomllib

import pytest

from andon.cli import parser as andon_parser
from tools import docs, openapi
from tools.measures import ROOT

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)

# Written in two halves, so that this file may be searched as well.
REGISTRIES = [
    "pypi" + ".org/simple",
    "registry.npm" + "js",
    "files.python" + "hosted",
    "deb" + ".debian.org",
]
LOCAL = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "C:" + "\\Users"]

TEXT = {
    "", ".cfg", ".css", ".csv", ".html", ".in", ".ini", ".js", ".json", ".md", ".mjs", ".po", ".py",
    ".sh", ".svg", ".toml", ".ts", ".txt", ".yaml", ".yml",
}  # fmt: skip


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    return {
        found.lower().replace("_", "-"): version for found, version in PINNED.findall(read(name))
    }


def named(name: str) -> list[str]:
    lines = [line.split("#")[0].strip() for line in read(name).splitlines()]
    return [re.split(r"[\[=<>~ ]", line)[0] for line in lines if line and not line.startswith("-")]


def from_npm() -> list[str]:
    package = json.loads(read("frontend/package.json"))
    return [*package["dependencies"], *package["devDependencies"]]


def from_python(*parts: str) -> list[str]:
    return [name for part in parts for name in named(f"requirements/{part}.in")]


EXPLAINED = dict(
    re.findall(
        r"^\| ([@a-z][a-z0-9./-]*) \| .+? \| (.+?) \|$", read("docs/dependencies.md"), re.MULTILINE
    )
)


PARTS = ("runtime", "compiled", "plant", "s3", "spark", "build", "uv", "dev")


@pytest.mark.parametrize("package", from_python(*PARTS) + from_npm())
def test_CF1_each_dependency_is_explained_with_its_licence(package: str):
    assert EXPLAINED.get(package, "").strip(), f"docs/dependencies.md has no row for {package}"


def test_CF1_no_explained_dependency_is_gone():
    asked_for = from_python(*PARTS) + from_npm()

    assert set(EXPLAINED) - {"package"} <= set(asked_for)


@pytest.mark.parametrize("package", from_python("runtime", "compiled", "plant", "s3", "spark"))
def test_CF1_no_runtime_dependency_is_under_the_gpl(package: str):
    assert not EXPLAINED[package].startswith(("GPL", "AGPL"))


@pytest.mark.parametrize("part", PARTS)
def test_CF1_every_requirement_is_pinned_with_a_hash(part: str):
    lines = [line for line in read(f"requirements/{part}.txt").splitlines() if line[:1].isalnum()]

    assert lines
    assert len(lines) == len(pins(f"requirements/{part}.txt"))
    assert read(f"requirements/{part}.txt").count("--hash=sha256:") >= len(lines)


def test_the_tests_run_with_what_the_product_runs_with():
    runtime, dev = pins("requirements/runtime.txt"), pins("requirements/dev.txt")

    assert runtime.items() <= dev.items()


def test_what_is_asked_for_is_what_is_pinned():
    for part in PARTS:
        locked = pins(f"requirements/{part}.txt")
        for package, version in pins(f"requirements/{part}.in").items():
            assert locked[package] == version, package


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return listed.stdout.splitlines()


def test_no_address_of_a_registry_and_no_path_of_one_machine_is_committed():
    found = []
    for name in committed():
        path = ROOT / name
        if path.suffix not in TEXT or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {word}" for word in REGISTRIES + LOCAL if word in text]

    assert not found


def test_the_changelog_has_a_section_for_this_version():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]

    assert re.search(
        rf"^## \[(Unreleased|{re.escape(version)})\]", read("CHANGELOG.md"), re.MULTILINE
    )


@pytest.mark.parametrize(
    "paper", ["CONTRIBUTING.md", "LICENSE", "NOTICE", "docs/architecture.md", "docs/glossary.md"]
)
def test_the_papers_of_the_house_are_there(paper: str):
    assert len(read(paper).split()) > 50


def test_links_between_the_papers_lead_somewhere():
    link = re.compile(r"\]\((?!\w+:)([^)#\s]+)[^)]*\)")
    papers = [name for name in committed() if name.endswith(".md")]
    broken = [
        f"{name}: {target}"
        for name in papers
        for target in link.findall(read(name))
        if not ((ROOT / name).parent / target).exists()
    ]

    assert not broken


def test_each_decision_record_has_its_number_and_its_parts():
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert records
    for number, record in enumerate(records, start=1):
        assert record.name.startswith(f"{number:04}-"), record.name
        text = record.read_text(encoding="utf-8")
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequences")), record


def test_make_help_lists_the_commands_of_the_house():
    done = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True)

    for target in ("setup", "run", "demo", "test", "fmt", "check", "docs"):
        assert re.search(rf"^\s*{target}\b", done.stdout, re.MULTILINE), target


def test_the_drawn_life_cycles_are_those_of_the_program():
    assert docs.lifecycles() == docs.PAGE.read_text(encoding="utf-8"), "run: make docs"


def test_AP1_the_description_of_the_api_is_that_of_the_program():
    assert openapi.described() == openapi.PAGE.read_text(encoding="utf-8"), "run: make docs"


def test_every_test_that_the_page_of_trust_names_exists():
    named = set(re.findall(r"`(test_\w+)`", read("docs/trust.md")))
    written = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("tests", "src")
        for path in (ROOT / folder).rglob("test_*.py")
    )

    assert len(named) > 60
    assert sorted(name for name in named if f"def {name}(" not in written) == []


def test_the_readme_starts_with_the_two_commands_and_lists_every_command():
    readme = read("README.md")
    listed = re.findall(r"^\| `andon (\w+)` \|", readme, re.MULTILINE)
    parser = andon_parser.build()

    commands = next(action.choices for action in parser._actions if action.dest == "command")
    assert re.findall(r"python3 run\.py (\w+)", readme)[:2] == ["demo", "test"]
    assert sorted(listed) == sorted(commands)


COVERED = re.findall(
    r"^\| (\d[^|]*?) \| .*? \| `([^`]+)` \|$", read("docs/coverage.md"), re.MULTILINE
)


def test_every_line_of_the_coverage_names_a_test_file_that_exists():
    assert COVERED
    assert [path for _clause, path in COVERED if not (ROOT / path).is_file()] == []


def test_the_coverage_leaves_no_main_clause_out():
    named_here = " ".join(clause for clause, _path in COVERED)

    assert set(re.findall(r"\b(\d+)(?=\.)", named_here)) >= set("456789") | {"10"}


def test_every_paper_that_the_readme_points_to_exists():
    pointed = re.findall(r"\]\((?!http)([^)#]+)\)", read("README.md"))

    assert [path for path in pointed if not (ROOT / path).exists()] == []
