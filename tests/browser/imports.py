"""One import in every stage that its page can show."""

from collections.abc import Callable
from datetime import date, timedelta

from andon.accounts.models import Site, User
from andon.modules.production.imports import jobs, writing
from andon.modules.production.models import ImportJob

Stage = Callable[[ImportJob, User], object]


def _rows(line: str = "TRN-1", produced: str = "100", start: date = date(2024, 1, 15)) -> str:
    days = [start + timedelta(days=each) for each in range(5)]
    return "Day,Line,Produced\n" + "".join(f"{day},{line},{produced}\n" for day in days)


TWO_TABLES = "Day,Produced,,Day,Produced\n" + "2024-01-15,100,,2024-01-16,90\n" * 5
WITH_ERRORS = _rows() + "2024-01-20,TRN-1,-5\nsome day,TRN-1,100\n"


def _read(job: ImportJob, by: User) -> None:
    while job.is_working:
        jobs.advance(job, by=by)


def _looked_at(job: ImportJob, by: User) -> None:
    _read(job, by)
    jobs.use_mapping(job, job.mapping, by=by)
    _read(job, by)


def _published(job: ImportJob, by: User) -> None:
    _looked_at(job, by)
    writing.confirm(job, by=by)
    _read(job, by)


def _given_up(job: ImportJob, by: User) -> None:
    _read(job, by)
    writing.drop(job, by=by)


# Name of the file without its end, what is in it, how far it goes, and where it then stands.
STAGES: dict[str, tuple[str, Stage, str]] = {
    "reading": (_rows(), lambda _job, _by: None, "read"),
    "question": (TWO_TABLES, _read, "ask"),
    "columns": (_rows(), _read, "map"),
    "preview": (_rows(), _looked_at, "preview"),
    "unknown-codes": (_rows(line="NEW-7"), _looked_at, "preview"),
    "with-errors": (WITH_ERRORS, _looked_at, "preview"),
    "published": (_rows(start=date(2024, 3, 4)), _published, "done"),
    "nothing-new": (_rows(start=date(2024, 3, 4)), _published, "same"),
    "unreadable": ("\x89PNG\r\n\x1a\n\0\0", _read, "failed"),
    "given-up": (_rows(), _given_up, "dropped"),
}


def start_all(*, by: User, site: Site, day: date) -> None:
    """Bring one file to every stage."""
    for name, (content, go, step) in STAGES.items():
        job = jobs.start(
            content.encode("latin-1"),
            file_name=f"{name}.csv",
            target="output",
            site=site,
            by=by,
            day=day,
        )
        go(job, by)
        job.refresh_from_db()
        assert job.step == step, f"{name}: {job.step} {job.trouble} {job.errors}"
