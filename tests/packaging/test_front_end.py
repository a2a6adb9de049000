"""The build hook: makes the front end when its sources changed, and says so when it cannot."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

import hatch_build  # noqa: E402  (at the root, not in the package)


@pytest.fixture
def checkout(tmp_path):
    """A checkout with sources of a front end, nothing built."""
    frontend = tmp_path / "frontend"
    for name in hatch_build.SOURCES:
        (frontend / name).parent.mkdir(parents=True, exist_ok=True)
        (frontend / name).write_text(name)
    for name in hatch_build.FOLDERS:
        (frontend / name).mkdir()
    (tmp_path / hatch_build.DIST).mkdir(parents=True)
    return tmp_path


def offline(_frontend):
    return "The front end is not built, because its npm packages could not be fetched."


def test_nothing_is_built_while_the_stamp_is_that_of_the_sources(checkout, monkeypatch):
    stamp = checkout / hatch_build.DIST / "stamp.txt"
    stamp.write_text(hatch_build.fingerprint(checkout / "frontend"))
    monkeypatch.setattr(hatch_build, "_run", lambda _: pytest.fail("built again"))

    hatch_build.build(checkout)


def test_a_changed_source_is_built_and_stamped(checkout, monkeypatch):
    monkeypatch.setattr(hatch_build, "_run", lambda _: "")
    hatch_build.build(checkout)
    before = (checkout / hatch_build.DIST / "stamp.txt").read_text()

    (checkout / "frontend" / "src" / "theme.css").write_text("a {}")
    hatch_build.build(checkout)

    assert (checkout / hatch_build.DIST / "stamp.txt").read_text() != before


def test_without_a_registry_and_anything_built_the_build_stops_with_a_sentence(
    checkout, monkeypatch
):
    monkeypatch.setattr(hatch_build, "_run", offline)

    with pytest.raises(SystemExit, match="Connect once, or install a released wheel"):
        hatch_build.build(checkout)


def test_without_a_registry_what_was_built_before_is_used(checkout, monkeypatch, capsys):
    (checkout / hatch_build.DIST / "manifest.json").write_text("{}")
    monkeypatch.setattr(hatch_build, "_run", offline)

    hatch_build.build(checkout)

    assert "used as it is" in capsys.readouterr().err
    assert not (checkout / hatch_build.DIST / "stamp.txt").exists()


def test_a_package_without_the_sources_builds_nothing(tmp_path):
    hatch_build.build(tmp_path)


def test_CF1_the_lock_names_hashes_and_no_registry():
    lock = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 30
    assert "ignore-scripts=true" in (ROOT / "frontend" / ".npmrc").read_text(encoding="utf-8")
