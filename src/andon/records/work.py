"""What a person has to do, whatever kind of record it is about: the contract of my work.

A record one owns is such a task by itself. A module whose records hold more (actions of a plan,
a verification) gives them as `Task` from a function ``my_work(person, most=…)`` of its queries,
the soonest due first, and only of records that the person may see; ``portal/work.py`` lists it.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from andon.accounts.models import User

from .models import Record


@dataclass(frozen=True)
class Task:
    """One thing to do until a day. ``uid`` stays as long as it is the same thing."""

    record: Record
    uid: str
    due_date: date | None
    what: str | Promise = ""
    url: str = ""
    # Who does it, where that is not the owner of the record.
    person: User | None = None

    @property
    def address(self) -> str:
        return self.url or self.record.get_absolute_url()
