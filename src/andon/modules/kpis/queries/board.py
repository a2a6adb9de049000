"""The tiles of the board and of home: each KPI's newest number and whether it is all right."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, OuterRef, Q, Subquery, Sum
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from andon.accounts.models import Site, User
from andon.modules.kpis.lifecycle import State
from andon.modules.kpis.models import Kpi, Observation, Signal, Target
from andon.modules.kpis.models import periods as calendar
from andon.modules.kpis.models.judging import shown
from andon.modules.kpis.models.series import Point, point_of
from andon.modules.kpis.models.targets import off_target
from andon.organization.models import Line

MOST_TILES = 100
WORST_FIRST = ("act", "wait", "neutral", "good")


@dataclass(frozen=True)
class Tile:
    """One KPI at a glance; without data the value is empty, never zero."""

    kpi: Kpi
    point: Point | None
    open_signals: int
    # The newest closed period, when nothing was observed in it.
    missing: str

    @property
    def url(self) -> str:
        return self.kpi.get_absolute_url()

    @property
    def number(self) -> str:
        """The value without its unit."""
        if self.point is None or self.point.value is None:
            return ""
        text = shown(self.kpi, self.point.value)
        return text.removesuffix(self.kpi.unit).strip() if self.kpi.unit else text

    @property
    def period(self) -> str:
        return self.point.label if self.point else ""

    @property
    def target(self) -> str:
        if self.point is None or self.point.target is None:
            return ""
        return shown(self.kpi, self.point.target)

    @property
    def is_off_target(self) -> bool | None:
        return off_target(self.kpi, self.point) if self.point else None

    @property
    def tone(self) -> str:
        if self.open_signals:
            return "act"
        if self.point is None or self.is_off_target is None:
            return "neutral"
        return "wait" if self.is_off_target else "good"

    @property
    def state(self) -> str:
        """The state in words; a signal to answer comes before everything."""
        if self.open_signals:
            return (
                ngettext("%d signal to answer", "%d signals to answer", self.open_signals)
                % self.open_signals
            )
        if self.point is None:
            return _("No data")
        if self.is_off_target is None:
            return _("No target")
        return _("Off target") if self.is_off_target else _("On target")

    @property
    def note(self) -> str:
        return _("%s is missing") % self.missing if self.missing else ""


@dataclass(frozen=True)
class Standing:
    """Whether everything is all right, over all tiles; a signal without answer forbids it."""

    tiles: tuple[Tile, ...]

    @property
    def waiting(self) -> int:
        return sum(tile.open_signals for tile in self.tiles)

    @property
    def off_target(self) -> int:
        return sum(tile.is_off_target is True for tile in self.tiles)

    @property
    def unknown(self) -> int:
        """KPIs of which nobody can say whether they are all right: no data, no target, late."""
        return sum(tile.is_off_target is None or bool(tile.missing) for tile in self.tiles)

    @property
    def is_all_green(self) -> bool:
        return bool(self.tiles) and not (self.waiting or self.off_target or self.unknown)

    @property
    def tone(self) -> str:
        if self.is_all_green:
            return "good"
        return "act" if self.waiting else "wait" if self.off_target else "neutral"

    @property
    def verdict(self) -> str:
        return _("All green") if self.is_all_green else _("Not all green")

    @property
    def sentence(self) -> str:
        """Say everything that stands against "all green"."""
        if not self.tiles:
            return _("Nothing is measured yet.")
        if self.is_all_green:
            return _("Every KPI is on target, and every signal is answered.")
        against = []
        if n := self.waiting:
            text = ngettext("%d signal waits for its answer", "%d signals wait for answers", n)
            against.append(text % n)
        if n := self.off_target:
            against.append(ngettext("%d KPI is off target", "%d KPIs are off target", n) % n)
        if n := self.unknown:
            text = ngettext(
                "of %d KPI a number or a target is missing",
                "of %d KPIs a number or a target is missing",
                n,
            )
            against.append(text % n)
        return capfirst("; ".join(against)) + "."


def standing(viewer: User, *, day: date) -> Standing:
    """Return how all KPIs in use stand that ``viewer`` sees, those that need a person first."""
    return Standing(tuple(tiles(viewer, day=day)))


def tiles(viewer: User, *, day: date, most: int = MOST_TILES) -> list[Tile]:
    """Return a tile for each KPI in use that ``viewer`` sees, those that need a person first.

    Four queries, whatever the number of observations.
    """
    kpis = Kpi.objects.visible_to(viewer).active().order_by("code")
    made = tiles_of(kpis.select_related("site", "owner", "process")[:most], viewer=viewer, day=day)
    return sorted(made, key=lambda tile: WORST_FIRST.index(tile.tone))


def wall(viewer: User, *, site: Site, line: Line | None, day: date) -> list[Tile]:
    """Return the tiles of a screen at ``site`` (or beside ``line``), the worst first.

    KPIs of all sites hang on the wall of every site, but not on that of a line.
    """
    kpis = Kpi.objects.visible_to(viewer).active().order_by("code")
    kpis = kpis.filter(line=line) if line else kpis.filter(Q(site=site) | Q(site=None))
    shown_here = kpis.select_related("site", "owner", "process")[:MOST_TILES]
    made = tiles_of(shown_here, viewer=viewer, day=day)
    return sorted(made, key=lambda tile: WORST_FIRST.index(tile.tone))


def tiles_of(kpis: Iterable[Kpi], *, viewer: User, day: date) -> list[Tile]:
    """Return the tiles of ``kpis``, in their order."""
    found = list(kpis)
    _give_targets(found)
    newest, waiting = _newest(found), _waiting(found, viewer)
    return [
        Tile(
            kpi, newest.get(kpi.pk), waiting.get(kpi.pk, 0), _missing(kpi, newest.get(kpi.pk), day)
        )
        for kpi in found
    ]


def _give_targets(kpis: Sequence[Kpi]) -> None:
    """Read all targets at once, as `Kpi.known_targets` would one by one."""
    by_kpi: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.filter(kpi__in=kpis).order_by("-from_date", "-pk")[:2000]:
        by_kpi[target.kpi_id].append(target)
    for kpi in kpis:
        kpi.known_targets = by_kpi[kpi.pk]


def _newest(kpis: Sequence[Kpi]) -> dict[int, Point]:
    """Return the newest point of each KPI: one seek for each in one query, then their rows."""
    seek = Observation.objects.current().filter(kpi=OuterRef("pk")).order_by("-day", "-sequence")
    last = Kpi.objects.filter(pk__in=[kpi.pk for kpi in kpis]).values_list(
        "pk", Subquery(seek.values("day")[:1]), Subquery(seek.values("sequence")[:1])
    )
    by_pk = {kpi.pk: kpi for kpi in kpis}
    at = {pk: (day, sequence) for pk, day, sequence in last if day is not None}
    wanted = Q(pk=None)
    for pk, (day, sequence) in at.items():
        one = Q(kpi=pk, day=day)
        wanted |= one if by_pk[pk].is_dated else one & Q(sequence=sequence)
    rows = (
        Observation.objects.current()
        .filter(wanted)
        .values("kpi", "day")
        .order_by("kpi")
        .annotate(
            top=Sum("numerator"), bottom=Sum("denominator"), mean=Avg("value"), rows=Count("pk")
        )
    )
    return {
        row["kpi"]: point_of(by_pk[row["kpi"]], row | {"sequence": at[row["kpi"]][1]})
        for row in rows
    }


def _waiting(kpis: Sequence[Kpi], viewer: User) -> dict[int, int]:
    rows = Signal.objects.visible_to(viewer).filter(kpi__in=kpis, state=State.RAISED)
    return dict(rows.values("kpi").order_by("kpi").annotate(n=Count("pk")).values_list("kpi", "n"))


def _missing(kpi: Kpi, point: Point | None, day: date) -> str:
    if point is None or not kpi.is_dated:
        return ""
    last = calendar.last_closed(kpi.period, day)
    return calendar.label(kpi.period, last) if point.day < last else ""
