"""One task in every state that its page can show."""

from andon.accounts.models import User
from andon.tasks import leases, worker
from andon.tasks.models import TaskRun
from andon.tasks.services import cancel, later
from andon.tasks.tests import jobs


def ask_all(*, by: User) -> None:
    """Ask for tasks, and bring each to its state."""
    later(jobs.fail, by=by, label="Print the labels", most_tries=1)
    later(jobs.add, 1, 2, by=by, label="Add up the year", link="/kpis/")
    worker.run_waiting("example")
    cancel(later(jobs.add, 1, 2, by=by, label="Add up the decade"), by=by)
    later(jobs.add, 1, 2, by=by, label="Undo the import log-2023.csv")
    run = leases.take("example")
    TaskRun.objects.filter(pk=run.pk if run else None).update(
        done=412, total=1000, said="412 of 1000 records are void."
    )
    later(jobs.add, 1, 2, by=by, label="Add up the month")
