"""What the designer asks: designs by kind, their drafts, and what a draft must fit."""

from dataclasses import dataclass
from typing import Any

from andon.accounts.models import User
from andon.records.models import Record
from andon.sheets import design as designs
from andon.sheets import reading
from andon.sheets.checking import Setting, differences
from andon.sheets.design import Design
from andon.sheets.models import FormDesign, FormVersion


@dataclass(frozen=True)
class OfKind:
    """The designs of one kind of record that a person sees."""

    kind: type[Record]
    designs: tuple[FormDesign, ...]


def by_kind(viewer: User) -> list[OfKind]:
    """Return every kind of record with its designs, in use first."""
    rows = FormDesign.objects.visible_to(viewer).select_related("site", "current")
    found = list(rows.order_by("-is_active", "use", "name"))
    return [
        OfKind(kind, tuple(one for one in found if one.kind == kind.slug()))
        for kind in sorted(Record.kinds(), key=lambda kind: kind.verbose_plural())
    ]


def draft_of(design: FormDesign) -> FormVersion | None:
    found: FormVersion | None = design.versions.filter(published_date=None).first()
    return found


def shown_version(design: FormDesign) -> FormVersion:
    """Return the draft, or the version in force when nothing is being changed."""
    return draft_of(design) or design.in_force


def content(version: FormVersion) -> Design:
    """Return what ``version`` asks, read anew: a draft changes."""
    return designs.read(version.definition)


def in_force(design: FormDesign) -> Design:
    return reading.content(design.in_force) if design.current_id else Design()


def setting_of(design: FormDesign) -> Setting:
    """Return what a draft of ``design`` must fit."""
    kind = Record.kind_called(design.kind)
    is_fields = design.use == FormDesign.Use.FIELDS
    others = FormDesign.objects.filter(kind=design.kind, use=FormDesign.Use.FIELDS)
    drafts = FormVersion.objects.filter(design__in=others.exclude(pk=design.pk))
    return Setting(
        is_checklist=not is_fields,
        names=_names(kind),
        states=states_of(kind),
        steps=steps_of(kind),
        before=in_force(design),
        elsewhere=frozenset(
            question.key
            for definition in drafts.values_list("definition", flat=True)
            for question in designs.read(definition).questions
        )
        if is_fields
        else frozenset(),
    )


def _names(kind: type[Record]) -> frozenset[str]:
    """Return the names and labels of the kind's own fields, as they are compared."""
    fields: list[Any] = list(kind._meta.fields)
    words = {str(field.verbose_name).casefold() for field in fields}
    return frozenset({field.name for field in fields} | words | {"custom", "url"})


def states_of(kind: type[Record]) -> dict[str, str]:
    return {state: kind.workflow.label(state) for state in kind.workflow.progress()}


def steps_of(kind: type[Record]) -> dict[str, str]:
    """Return the steps that a checklist can hold back: all but voiding."""
    steps = kind.workflow.transitions
    return {step.name: str(step.label) for step in steps if step.target != kind.workflow.void}


def categories_of(kind: type[Record]) -> list[tuple[str, str]]:
    """Return the categories of ``kind``, if its records have one."""
    fields: list[Any] = [f for f in kind._meta.fields if f.name == "category"]
    return [(str(v), str(label)) for f in fields for v, label in f.flatchoices]


@dataclass(frozen=True)
class Edition:
    """One published version and what it changed."""

    version: FormVersion
    changes: tuple[str, ...]


def history(design: FormDesign) -> list[Edition]:
    """Return the published versions, the newest first, each with its differences."""
    rows = design.versions.exclude(published_date=None).select_related("published_by")
    found, before = [], Design()
    for version in rows.order_by("number"):
        now = content(version)
        found.append(Edition(version, tuple(differences(before, now))))
        before = now
    return found[::-1]
