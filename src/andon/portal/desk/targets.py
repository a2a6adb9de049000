"""Every kind of record and every list a file can become, read from the models themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from andon.accounts.models import Site
from andon.modules.nonconformities.models import DefectCode
from andon.modules.production.models import Cause
from andon.organization.models import Holiday, Item, Line, Party, Process, Shift
from andon.portal.desk.fields import Field, Sort, Target
from andon.portal.desk.synonyms import WORDS
from andon.records.adopting import Extra, adoptable, adopted_states
from andon.records.models import Record
from andon.tables import Trouble

LISTS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "items": (Item, ("number", "revision")),
    "lines": (Line, ("code",)),
    "parties": (Party, ("code",)),
    "processes": (Process, ("code",)),
    "shifts": (Shift, ("code",)),
    "holidays": (Holiday, ("day",)),
    "defects": (DefectCode, ("code",)),
    "causes": (Cause, ("kind", "code")),
}
_UNSAID = {"site", "is_active", "restricted"}
LINK = "linked_to"


def targets() -> list[Target]:
    """List everything a file can be imported as."""
    kinds = [_of_kind(kind) for kind in Record.kinds() if adoptable(kind)]
    return [*kinds, *(_of_list(name, model, key) for name, (model, key) in LISTS.items())]


def target_named(name: str) -> Target:
    """Return the target of this name; raise `Trouble` if there is none."""
    found = targets()
    for target in found:
        if target.name == name:
            return target
    raise Trouble(
        _("A file cannot be imported as “%(name)s”; choose from %(names)s.")
        % {"name": name, "names": ", ".join(target.name for target in found)}
    )


def _of_kind(kind: type[Record]) -> Target:
    shell = [
        _plain("old_number", gettext_lazy("Number there"), Sort.TEXT),
        _plain("title", gettext_lazy("Title"), Sort.TEXT, required=True),
        _plain("opened_date", gettext_lazy("Opened"), Sort.DAY, required=True),
        _plain("closed_date", gettext_lazy("Closed"), Sort.DAY),
        _state(kind),
        _of_model(kind._meta.get_field("due_date")),
    ]
    known = {field.name for field in shell} | _UNSAID
    own = [_of_model(kind._meta.get_field(n)) for n in kind.editable if n not in known]
    link = Field(
        LINK,
        gettext_lazy("Belongs to (number of another record)"),
        Sort.LINK,
        synonyms=WORDS[LINK],
        help=gettext_lazy(
            "Its number there, in this file or taken over earlier, or its number here."
        ),
    )
    return Target(
        name=kind.slug(),
        label=kind._meta.verbose_name_plural or kind.slug(),
        model=kind,
        fields=(*shell, *own, *(_of_extra(each) for each in extras(kind)), link),
        key=("old_number",),
    )


def _of_list(name: str, model: type[models.Model], key: tuple[str, ...]) -> Target:
    columns = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.editable and field.name not in _UNSAID
    ]
    return Target(
        name=name,
        label=model._meta.verbose_name_plural or name,
        model=model,
        fields=tuple(_of_model(field, of_list=True) for field in columns),
        is_record=False,
        key=key,
    )


def _plain(name: str, label: Any, sort: Sort, *, required: bool = False) -> Field:
    return Field(name, label, sort, required=required, synonyms=WORDS.get(name, ()))


def _state(kind: type[Record]) -> Field:
    states = adopted_states(kind)
    return Field(
        "state",
        gettext_lazy("State"),
        Sort.CHOICE,
        synonyms=WORDS["state"],
        choices=tuple((state, kind.workflow.label(state)) for state in states),
        help=gettext_lazy(
            "Without a column: closed if there is a day of closing, else the first state."
        ),
    )


def _of_model(found: Any, *, of_list: bool = False) -> Field:
    """Return the field of the desk for a column of a model."""
    sort = _sort(found)
    needed = not (found.null or found.blank or found.has_default())
    return Field(
        name=found.name,
        label=_capital(found.verbose_name),
        sort=sort,
        required=needed and sort is not Sort.YESNO and (of_list or found.name != "owner"),
        synonyms=WORDS.get(found.name, ()),
        choices=tuple((str(v), t) for v, t in found.choices or () if v != ""),
        model=cast("type[models.Model]", found.related_model) if sort is Sort.ROW else None,
        help=found.help_text,
    )


def _sort(found: Any) -> Sort:
    if isinstance(found, models.ForeignKey):
        return Sort.ROW
    if found.choices:
        return Sort.CHOICE
    sorts: tuple[tuple[Any, Sort], ...] = (
        (models.BooleanField, Sort.YESNO),
        ((models.DecimalField, models.IntegerField), Sort.NUMBER),
        (models.DateField, Sort.DAY),
        (models.TimeField, Sort.CLOCK),
        (models.TextField, Sort.LONG),
    )
    return next((sort for model, sort in sorts if isinstance(found, model)), Sort.TEXT)


def _capital(label: Any) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


def extras(kind: type[models.Model]) -> Iterable[Extra]:
    """Yield what the app of ``kind`` adds: dotted names in ``import_extras`` of its config."""
    config = apps.get_app_config(kind._meta.app_label)
    for name in getattr(config, "import_extras", ()):
        yield import_string(name)


def _of_extra(extra: Extra) -> Field:
    words = WORDS.get(extra.name, ())
    return Field(extra.name, extra.label, Sort.NUMBER, synonyms=words, extra=extra)


def rows_of(model: type[models.Model], site: Site) -> Any:
    """Return the rows of a list that a record of ``site`` may name."""
    rows: Any = cast("Any", model)._default_manager.filter(is_active=True)
    if any(field.name == "site" for field in model._meta.concrete_fields):
        rows = rows.filter(models.Q(site=site) | models.Q(site=None))
    return rows
