"""Where a part of a computed number belongs: a line, or a site where no line is known.

The rows of one period are told apart by their ``sequence``: 0 is the whole, an even number a
line, an odd one a site. So the parts add up to the whole, and any of them can be drawn alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from andon.accounts.models import Site
from andon.organization.models import Line, Process

WHOLE = 0


def of_line(line: int) -> int:
    return line * 2


def of_site(site: int) -> int:
    return site * 2 + 1


def line_of(place: int) -> int | None:
    return place // 2 if place and place % 2 == 0 else None


def site_of(place: int) -> int | None:
    return place // 2 if place % 2 else None


@dataclass(frozen=True)
class Where:
    """The part of a KPI that is looked at; a line brings its site and its process."""

    site: Site | None = None
    process: Process | None = None
    line: Line | None = None

    @classmethod
    def at(cls, line: Line) -> Where:
        return cls(line.site, line.process, line)

    @property
    def places(self) -> list[int]:
        """The places of the part."""
        if self.line is not None:
            return [of_line(self.line.pk)]
        lines = Line.objects.filter(process=self.process) if self.process else Line.objects.all()
        lines = lines.filter(site=self.site) if self.site else lines
        found = [of_line(pk) for pk in lines.values_list("pk", flat=True)]
        whole_site = self.site is not None and self.process is None
        return [of_site(self.site.pk), *found] if whole_site and self.site else found

    def __str__(self) -> str:
        return str(self.line or " · ".join(str(one) for one in (self.site, self.process) if one))
