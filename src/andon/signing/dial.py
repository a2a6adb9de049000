"""The dial: how strictly each step of each kind is signed; light unless somebody turns it up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.organization.models import Settings
from andon.organization.policy import policy
from andon.trail.services import audited
from andon.ui.refusals import Refused

from .models import Level, Rigour

if TYPE_CHECKING:
    from andon.records.models import Record
    from andon.records.workflow import Transition


@dataclass(frozen=True)
class Setting:
    """One step of one kind on the page: what holds, and why."""

    kind: str
    step: "Transition"
    preset: Level
    chosen: Level | None
    version: int

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.step.name}"

    @property
    def in_force(self) -> Level:
        return self.preset if self.chosen is None else self.chosen


def level_of(record: "Record", step: "Transition") -> Level:
    """Return how strictly ``step`` of ``record`` is signed now."""
    if not step.signed_as:
        return Level.NONE
    rows = Rigour.objects.filter(kind=record.slug(), step=step.name)
    chosen = rows.values_list("level", flat=True).first()
    return _preset(step, policy().profile) if chosen is None else Level(chosen)


def _preset(step: "Transition", profile: str) -> Level:
    """Return what the profile asks: ISO 9001 asks for no signature, nor do Light and Standard."""
    regulated = profile == Settings.Profile.REGULATED and step.signed_as
    return Level(step.regulated) if regulated else Level.NONE


def kinds() -> list[type["Record"]]:
    """Return every kind of record, from Django's own registry."""
    return [cast("Any", model) for model in apps.get_models() if hasattr(model, "workflow")]


def settings_by_kind() -> Iterator[tuple[type["Record"], list[Setting]]]:
    """Yield each kind with its steps and what holds for them."""
    rows = {(row.kind, row.step): row for row in Rigour.objects.all()}
    profile = policy().profile
    for kind in kinds():
        slug = kind.slug()
        yield kind, [_setting(slug, s, rows, profile) for s in kind.workflow.transitions]


def _setting(
    kind: str, step: "Transition", rows: Mapping[tuple[str, str], Rigour], profile: str
) -> Setting:
    row = rows.get((kind, step.name))
    chosen = None if row is None or row.level is None else Level(row.level)
    return Setting(kind, step, _preset(step, profile), chosen, row.version if row else 0)


def turn(wanted: Mapping[str, Level | None], seen: Mapping[str, int], *, by: User) -> int:
    """Set the steps named ``kind.step`` in ``wanted``; return how many changed.

    ``seen`` holds the version of each as the person read it; None follows the profile.
    """
    if not by.may("signing.dial"):
        raise PermissionDenied(_("Only the quality manager decides what is signed."))
    known = {one.name: one for _kind, steps in settings_by_kind() for one in steps}
    changed = 0
    with audited(by, reason=_("signatures set")):
        for name, level in wanted.items():
            if name not in known or not known[name].step.signed_as:
                raise Refused(_("There is no step “%s” that can be signed.") % name)
            changed += _turned(known[name], level, seen.get(name, 0))
    return changed


def _turned(setting: Setting, level: Level | None, seen: int) -> bool:
    rows = Rigour.objects.select_for_update()
    row = rows.filter(kind=setting.kind, step=setting.step.name).first()
    if level == (row.level if row else None):
        return False
    if seen != (row.version if row else 0):
        raise Refused(
            _("Somebody changed “%s” meanwhile. Open the page again.") % setting.step.label
        )
    if row is None:
        Rigour.objects.create(kind=setting.kind, step=setting.step.name, level=level)
    else:
        row.level, row.version = level, row.version + 1
        row.save()
    return True
