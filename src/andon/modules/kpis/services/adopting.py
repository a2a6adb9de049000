"""Taking over a ready-made KPI with one click."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from andon.accounts.models import Site, User
from andon.modules.kpis.models import Kpi
from andon.modules.kpis.models.recipes import RECIPES, Recipe
from andon.organization import queries as organization
from andon.records.workflow import Refused
from andon.trail.services import audited

from .defining import MANAGE, define
from .refreshing import refresh


def ready_made(formula: str) -> dict[str, Any]:
    """Return the first values of a definition that Andon knows; empty for others."""
    recipe = RECIPES.get(formula)
    return {} if recipe is None else _values(recipe)


def _values(recipe: Recipe) -> dict[str, Any]:
    return {
        "formula": recipe.formula, "code": recipe.code, "name": str(recipe.name),
        "unit": recipe.unit or organization.settings().currency, "counting": recipe.counting,
        "period": recipe.period, "direction": recipe.direction,
        "question": str(recipe.question), "source": recipe.sources,
    }  # fmt: skip


def adopt(formula: str, *, by: User, site: Site | None = None, day: date | None = None) -> Kpi:
    """Define a ready-made KPI and compute what is closed, in one step.

    It is for all sites when ``by`` manages all of them, else for ``site``.
    """
    recipe = RECIPES.get(formula)
    if recipe is None:
        raise Refused(_("There is no ready-made KPI of this name; choose one from the list."))
    if site is None and not by.may_at(MANAGE, None):
        site = _own_site(by)
    with audited(by):
        kpi = Kpi(**_values(recipe), owner=by, site=site)
        kpi.code = _free_code(recipe.code, site)
        define(kpi, by=by, day=day)
        refresh(kpi, by=by, day=day)
    return kpi


def _own_site(by: User) -> Site:
    for site in Site.objects.visible_to(by).order_by("pk"):
        if by.may_at(MANAGE, site.pk):
            return site
    raise PermissionDenied(_("A KPI is defined by those who manage KPIs at a site."))


def _free_code(code: str, site: Site | None) -> str:
    """Return a code that no KPI has, with the site in it where there is one."""
    first = f"{code}-{site.code}"[:20] if site else code
    taken = set(Kpi.objects.filter(code__startswith=first[:16]).values_list("code", flat=True))
    numbered = (f"{first[:16]}-{number}" for number in range(2, 1000))
    return next(one for one in (first, *numbered) if one not in taken)
