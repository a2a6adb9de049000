"""Watched folders: a file is taken once, when complete; what is refused stays, with its reason."""

import os
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from andon.accounts.models import Site, User
from andon.accounts.testing import TESTS
from andon.modules.production import jobs, services
from andon.modules.production.imports import arrivals, folders, import_file
from andon.modules.production.models import Arrival, Feed, ImportBatch, Output
from andon.organization import clock
from andon.records.workflow import Refused
from andon.trail.verify import verify

GOOD = "Date;Line;Quantity\n2026-03-02;P1;120\n2026-03-03;P1;118\n"


@pytest.fixture
def folder(settings: Any, tmp_path: Path, site: Site, line: Any) -> Path:
    settings.FEEDS = tmp_path
    feed = Feed(kind="folder", place="press/output", site=site, target="output")
    services.save_feed(feed, by=TESTS)
    place = tmp_path / "press" / "output"
    place.mkdir(parents=True)
    return place


class _Watch:
    """Looks at the folders, each time three seconds later."""

    def __init__(self) -> None:
        self.now: datetime = clock.now()

    def __call__(self) -> Counter[str]:
        self.now += timedelta(seconds=3)
        return folders.watch(self.now)


@pytest.fixture
def watch() -> _Watch:
    return _Watch()


def _names(folder: Path) -> list[str]:
    return sorted(path.name.split("-", 1)[-1] for path in folder.iterdir())


def test_a_file_is_taken_once_it_changes_no_more(folder: Path, watch: _Watch) -> None:
    path = folder / "shift.csv"
    path.write_text(GOOD[:20], encoding="utf-8")
    assert watch() == {"waiting": 1}
    path.write_text(GOOD, encoding="utf-8")
    assert watch() == {"waiting": 1}
    assert not Output.objects.exists()

    assert watch() == {"taken": 1}

    assert Output.objects.current().count() == 2
    assert _names(folder) == ["done"]
    assert _names(folder / "done") == ["shift.csv"]
    assert watch() == {}
    assert verify().clean


def test_the_same_file_again_doubles_nothing(folder: Path, watch: _Watch) -> None:
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(GOOD, encoding="utf-8")

    watch()
    watch()

    assert _names(folder / "done") == ["a.csv", "b.csv"]
    assert Output.objects.count() == 2
    assert ImportBatch.objects.count() == 1


def test_a_crash_before_the_file_is_put_away_loses_and_doubles_nothing(
    folder: Path, watch: _Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "good.csv").write_text(GOOD, encoding="utf-8")
    (folder / "wrong.csv").write_text(GOOD.replace("118", "many"), encoding="utf-8")
    watch()

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(folders, "_put_away", killed)
        for _crash in range(2):
            with pytest.raises(KeyboardInterrupt):
                watch()
    os.utime(folder / "good.csv", ns=(1, 1))
    watch()
    watch()

    assert _names(folder) == ["done", "errors"]
    assert Output.objects.count() == 2
    assert Arrival.objects.count() == 1


def test_a_refused_file_lies_in_errors_with_its_reason_and_waits_on_the_screen(
    folder: Path, watch: _Watch
) -> None:
    content = GOOD.replace("118", "many")
    (folder / "shift.csv").write_text(content, encoding="utf-8")
    watch()

    assert watch() == {"refused": 1}

    arrival = Arrival.objects.get()
    assert _names(folder / "errors") == ["shift.csv", "shift.csv.reason.txt"]
    reason = next((folder / "errors").glob("*.reason.txt")).read_text(encoding="utf-8")
    assert reason == "row 3, Quantity: “many” is not a number.\n"
    assert bytes(arrival.content.payload).decode() == content
    assert arrival.troubles == [{"row": 3, "field": "Quantity", "text": "“many” is not a number."}]
    assert not Output.objects.exists()


def test_what_is_not_known_is_made_only_where_the_feed_says_so(
    folder: Path, watch: _Watch, site: Site
) -> None:
    (folder / "a.csv").write_text(GOOD.replace("P1", "P2"), encoding="utf-8")
    watch()
    watch()
    assert "There is no line “P2”" in Arrival.objects.get().troubles[0]["text"]

    feed = Feed.objects.get()
    feed.create_missing = True
    services.save_feed(feed, by=TESTS)
    (folder / "b.csv").write_text(GOOD.replace("P1", "P2"), encoding="utf-8")
    watch()
    watch()

    assert Output.objects.current().filter(line__code="P2").count() == 2


def test_the_mapping_and_the_answers_of_the_last_import_are_used(
    folder: Path, watch: _Watch, site: Site
) -> None:
    content = "When;Where;How many\n3/4/2026;P1;1,234\n"
    import_file(
        content.encode(),
        target="output",
        site=site,
        by=TESTS,
        day=clock.today(site),
        file_name="first.csv",
        said={
            "fields": {
                "day": {"columns": ["When"]},
                "line": {"columns": ["Where"]},
                "produced": {"columns": ["How many"]},
            }
        },
        answers={"order": "dmy", "decimal": "."},
    )
    (folder / "next.csv").write_text(content.replace("3/4", "4/4"), encoding="utf-8")
    watch()

    assert watch() == {"taken": 1}
    assert str(Output.objects.latest("pk").day) == "2026-04-04"


def test_what_is_hidden_or_a_link_or_no_longer_watched_stays_where_it_is(
    folder: Path, watch: _Watch, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(GOOD, encoding="utf-8")
    (folder / "link.csv").symlink_to(outside)
    (folder / ".shift.csv").write_text(GOOD, encoding="utf-8")
    (folder / "shift.csv.part").write_text(GOOD, encoding="utf-8")

    assert watch() == watch() == {}
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize(
    "place", ["../elsewhere", "/etc", "a/../../b", "", ".hidden", "done", "a/errors", "c:\\data"]
)
def test_a_folder_outside_of_the_configured_one_is_refused(
    place: str, site: Site, settings: Any, tmp_path: Path
) -> None:
    settings.FEEDS = tmp_path

    with pytest.raises(ValidationError):
        services.save_feed(Feed(kind="folder", place=place, site=site, target="output"), by=TESTS)

    assert not Feed.objects.exists()


def test_a_link_that_leads_out_of_the_configured_folder_is_not_followed(
    folder: Path, watch: _Watch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "shift.csv").write_text(GOOD, encoding="utf-8")
    folder.rmdir()
    folder.symlink_to(elsewhere)

    assert watch() == watch() == {}
    assert (elsewhere / "shift.csv").exists()


def test_feeds_are_set_up_by_those_who_may(site: Site, operator: User, engineer: User) -> None:
    feed = Feed(kind="mqtt", place="plant/+/output", site=site, target="output")

    with pytest.raises(PermissionDenied):
        services.save_feed(feed, by=operator)

    assert services.save_feed(feed, by=engineer).pk


def test_a_repaired_file_is_sent_again_and_what_is_still_wrong_is_said(
    folder: Path, watch: _Watch, engineer: User, operator: User
) -> None:
    (folder / "shift.csv").write_text(GOOD.replace("118", "many"), encoding="utf-8")
    watch()
    watch()
    arrival = Arrival.objects.get()

    still = arrivals.resend(arrival, GOOD.replace("118", "few").encode(), by=engineer)
    assert (still.state, still.tries) == ("waiting", 2)
    assert still.troubles[0]["text"] == "“few” is not a number."
    with pytest.raises(PermissionDenied):
        arrivals.resend(arrival, GOOD.encode(), by=operator)

    sent = arrivals.resend(arrival, GOOD.encode(), by=engineer)

    assert (sent.state, sent.settled_by) == ("sent", engineer)
    assert sent.batch == ImportBatch.objects.get(stage="published")
    assert Output.objects.current().count() == 2
    with pytest.raises(Refused, match="settled already"):
        arrivals.resend(arrival, GOOD.encode(), by=engineer)
    assert verify().clean


def test_a_dismissal_needs_a_reason_and_keeps_everything(
    folder: Path, watch: _Watch, engineer: User
) -> None:
    (folder / "shift.csv").write_text("nothing", encoding="utf-8")
    watch()
    watch()
    arrival = Arrival.objects.get()

    with pytest.raises(Refused, match="Say why"):
        arrivals.dismiss(arrival, by=engineer, reason=" ")
    arrivals.dismiss(arrival, by=engineer, reason="A test of the machine builder.")

    arrival.refresh_from_db()
    assert (arrival.state, arrival.reason) == ("dismissed", "A test of the machine builder.")
    assert bytes(arrival.content.payload) == b"nothing"
    assert verify().clean


def test_the_duties_of_production_may_run_twice(folder: Path) -> None:
    now = clock.now()
    for _again in range(2):
        jobs.watch_folders(now)
        jobs.forget_keys(now)

    assert not Arrival.objects.exists()
