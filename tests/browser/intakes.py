"""One import of records in every stage that its page can show."""

from collections.abc import Callable
from datetime import date

from andon.accounts.models import Site, User
from andon.portal.desk import jobs, publishing, reading
from andon.portal.desk.models import Intake

Stage = Callable[[Intake, User], object]
LOG = """NCR No;Opened;Closed;Problem;Severity;Responsible
{n}1;2024-03-05;2024-03-20;Burr on the seat rail;Minor;Ana Silva
{n}2;2024-04-07;;Wrong label on the carton, found when the carton was opened at the customer;Major;
"""
TWO_TABLES = "Day,Problem,,Day,Problem\n" + "2024-01-15,Burr,,2024-01-16,Dent\n" * 5
MESSY = LOG.replace("2024-03-05", "some day").replace("Major", "Majr").replace("{n}2", "{n}1")


def work(intake: Intake, by: User) -> None:
    while intake.is_working:
        jobs.advance(intake, by=by)


def _checked(intake: Intake, by: User) -> None:
    work(intake, by)
    jobs.use_mapping(intake, intake.mapping, by=by)
    work(intake, by)


def _agreed(intake: Intake, by: User) -> None:
    _checked(intake, by)
    jobs.confirm(intake, by=by)


def _published(intake: Intake, by: User) -> None:
    _agreed(intake, by)
    work(intake, by)


def _undone(intake: Intake, by: User) -> None:
    _published(intake, by)
    publishing.undo(intake, by=by, reason="The wrong log")


def _given_up(intake: Intake, by: User) -> None:
    work(intake, by)
    jobs.drop(intake, by=by)


# Name of the file without its end, what is in it, how far it goes, and where it then stands.
STAGES: dict[str, tuple[str, Stage, str]] = {
    "log-reading": (LOG, lambda _intake, _by: None, "read"),
    "log-question": (TWO_TABLES, work, "ask"),
    "log-columns": (LOG, work, "map"),
    "log-clean": (LOG, _checked, "look"),
    "log-messy": (MESSY, _checked, "look"),
    "log-agreed": (LOG, _agreed, "publish"),
    "log-published": (LOG, _published, "done"),
    "log-undone": (LOG, _undone, "undone"),
    "log-unreadable": ("\x89PNG\r\n\x1a\n\0\0", work, "failed"),
    "log-given-up": (LOG, _given_up, "dropped"),
}


def start_all(*, by: User, site: Site, day: date) -> None:
    """Bring one file to every stage."""
    for at, (name, (content, go, step)) in enumerate(STAGES.items(), start=1):
        intake = reading.start(
            content.replace("{n}", str(at)).encode("latin-1"),
            file_name=f"{name}.csv",
            target="nonconformities",
            site=site,
            by=by,
            day=day,
        )
        go(intake, by)
        intake.refresh_from_db()
        assert intake.step == step, f"{name}: {intake.step} {intake.trouble}"
