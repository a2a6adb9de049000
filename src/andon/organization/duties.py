"""What the worker does from time to time: a duty has a name, an interval and a function.

A module's ``jobs.py`` holds the functions, ``config/duties.py`` lists the duties, and the worker
(``andon worker``) runs them. A function takes the instant it runs at and is safe to run twice:
a duty whose worker was killed begins again. It is no place for single tasks with retries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise


@dataclass(frozen=True)
class Duty:
    """One thing that is done every now and then.

    ``name`` is stored and never changes; ``label`` is what the administrator reads.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], None]
    label: str | Promise = ""
