"""Defect codes as a tree: the coarse name above, the precise one below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.names import validate_one_line
from andon.organization.models import SharedQuerySet
from andon.trail.models import AuditedModel

# Deeper trees are filled in by nobody.
DEEPEST = 4


class DefectCode(AuditedModel):
    """A name for a way to fail, so that the same failure is counted as the same."""

    trail_state_version = 2

    code = models.CharField(
        _("code"), max_length=20, unique=True, validators=[validate_one_line],
        error_messages={"unique": _("There is a defect with this code already.")},
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=120, validators=[validate_one_line])
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("belongs to"),
        help_text=_("The coarser code above it; empty at the top."),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("defect code")
        verbose_name_plural = _("defect codes")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"

    def clean(self) -> None:
        """Refuse a circle and a tree that is too deep, whichever end is moved."""
        tree = Tree(DefectCode.objects.exclude(pk=self.pk))
        above = tree.path(self.parent_id)
        if self.pk and any(code.parent_id == self.pk for code in above):
            raise ValidationError({"parent": _("This code lies below the one you chose.")})
        if self.pk and self.parent_id == self.pk:
            raise ValidationError({"parent": _("A code cannot belong to itself.")})
        if len(above) + 1 + (tree.height(self.pk) if self.pk else 0) > DEEPEST:
            raise ValidationError(
                {"parent": _("A tree of defect codes has at most %s levels.") % DEEPEST}
            )


@dataclass(frozen=True)
class Branch:
    """A code with its level, as a list shows the tree."""

    code: DefectCode
    level: int

    @property
    def step(self) -> int:
        """How far it is set in; the style sheet knows 0 to 5."""
        return min(2 * self.level, 5)

    @property
    def label(self) -> str:
        return f"{'– ' * self.level}{self.code}"


class Tree:
    """All codes at once; a few hundred rows, read in one query."""

    def __init__(self, codes: Iterable[DefectCode]) -> None:
        self.codes = {code.pk: code for code in codes}
        self._below: dict[int | None, list[DefectCode]] = {}
        for code in sorted(self.codes.values(), key=lambda one: one.code):
            self._below.setdefault(code.parent_id, []).append(code)

    def path(self, pk: int | None) -> list[DefectCode]:
        """Return the codes from the top down to ``pk``, itself included."""
        found: list[DefectCode] = []
        while pk in self.codes and len(found) <= DEEPEST:
            found.insert(0, self.codes[pk])
            pk = self.codes[pk].parent_id
        return found

    def root(self, pk: int | None) -> DefectCode | None:
        """Return the code at the top above ``pk``."""
        return path[0] if (path := self.path(pk)) else None

    def height(self, pk: int | None) -> int:
        """Return how many levels lie below ``pk``."""
        return max((1 + self.height(code.pk) for code in self._below.get(pk, ())), default=0)

    def within(self, pk: int) -> list[int]:
        """Return ``pk`` and every code below it."""
        return [pk, *(key for code in self._below.get(pk, ()) for key in self.within(code.pk))]

    def branches(self, pk: int | None = None, level: int = 0) -> list[Branch]:
        """Return the tree from the top, each code followed by those below it."""
        found = []
        for code in self._below.get(pk, ()):
            found += [Branch(code, level), *self.branches(code.pk, level + 1)]
        return found
