"""Every backup, drill, restore, export and load leaves a row, also one that failed."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from andon import __version__
from andon.organization import clock
from andon.trail.services import SYSTEM, audited, retrying

from .models import KeepingRun

LONGEST_TROUBLE = 2000

log = logging.getLogger("andon.keeping")


@dataclass
class Result:
    """What is found out while something runs; the names are those of `KeepingRun`."""

    kind: str
    found: dict[str, Any] = field(default_factory=dict)
    started_at: Any = field(default_factory=clock.now)
    began: float = field(default_factory=time.monotonic)
    run: KeepingRun | None = None

    def note(self, **found: Any) -> None:
        self.found |= found

    @property
    def seconds(self) -> Decimal:
        return Decimal(time.monotonic() - self.began).quantize(Decimal("0.1"))


@contextmanager
def told(kind: str) -> Iterator[Result]:
    """Keep how the block went; what it raises is kept as its trouble, and goes on."""
    result = Result(kind)
    try:
        yield result
    except BaseException as error:
        result.note(trouble=str(error) or type(error).__name__)
        result.run = keep(result)
        raise
    result.run = keep(result)


@retrying
def keep(result: Result) -> KeepingRun:
    """Keep what came out of it, as the part of the system that did it."""
    found = {"trouble": "", "version": __version__, **result.found}
    found["trouble"] = str(found["trouble"])[:LONGEST_TROUBLE]
    with audited(SYSTEM(result.kind)):
        run: KeepingRun = KeepingRun.objects.create(
            kind=result.kind,
            started_at=result.started_at,
            seconds=result.seconds,
            is_good=not found["trouble"],
            **found,
        )
    return run
