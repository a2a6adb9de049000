"""The work of those for whom somebody stands in."""

from dataclasses import dataclass
from datetime import date, datetime

from andon.accounts.models import User
from andon.portal import work
from andon.portal.notices.people import Away, Sight

MOST = 50


@dataclass(frozen=True)
class Behalf:
    """What ``person`` has to do, as far as who stands in may see it."""

    person: User
    groups: list[work.Group]


def work_for(user: User, now: datetime, day: date) -> list[Behalf]:
    sight = Sight()
    return [
        Behalf(
            absent,
            work.grouped(
                [t for t in work.tasks(absent, most=MOST) if sight(user, t.record.pk)], day
            ),
        )
        for absent in Away(now).stood_in_for(user)
    ]
