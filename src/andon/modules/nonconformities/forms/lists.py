"""Forms of the lists: filters, Pareto, clusters, defect codes, authorities."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities.models import (
    Authority,
    DefectCode,
    FoundAt,
    Severity,
    Tree,
)
from andon.modules.nonconformities.queries import FIELDS, WEIGHTS
from andon.records.forms import DayInput
from andon.records.listing import RecordFilters


class NonconformityFilters(RecordFilters):
    severity = django_filters.ChoiceFilter(
        label=_("Severity"), choices=Severity.choices, empty_label=_("Any severity")
    )
    found_at = django_filters.ChoiceFilter(
        label=_("Found"), choices=FoundAt.choices, empty_label=_("Anywhere")
    )
    defect = django_filters.CharFilter(label=_("Defect code"), method="by_defect")
    item = django_filters.CharFilter(label=_("Item number"), field_name="item__number")
    line = django_filters.CharFilter(label=_("Line"), field_name="line__code")
    since = django_filters.DateFilter(
        label=_("Opened from"), field_name="opened_date", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label=_("Opened until"), field_name="opened_date", lookup_expr="lte", widget=DayInput
    )

    def by_defect(self, rows: QuerySet[Any], _name: str, code: str) -> QuerySet[Any]:
        """Keep those with this defect or one below it in the tree."""
        tree = Tree(DefectCode.objects.visible_to(self.viewer))
        named = [pk for pk, row in tree.codes.items() if row.code.casefold() == code.casefold()]
        return rows.filter(defect__in=[key for pk in named for key in tree.within(pk)])


class ParetoForm(forms.Form):
    """What a Pareto counts, and what its bars are; the list's filters stand beside it."""

    by = forms.ChoiceField(
        label=_("Bars"), choices=[(name, field.label) for name, field in FIELDS.items()]
    )
    weight = forms.ChoiceField(label=_("Height"), choices=list(WEIGHTS.items()))


class ClusterForm(forms.Form):
    """Which cases are compared."""

    days = forms.TypedChoiceField(
        label=_("Period"),
        coerce=int,
        choices=[(90, _("90 days")), (180, _("Half a year")), (365, _("A year"))],
    )
    complaints = forms.BooleanField(label=_("Only complaints"), required=False)
    uncovered = forms.BooleanField(label=_("Only without corrective action"), required=False)


class DefectCodeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A code of the tree; the code itself is fixed once it is used."""

    class Meta:
        model = DefectCode
        fields = ("code", "name", "parent", "is_active")

    def __init__(self, *args: Any, viewer: User, **options: Any) -> None:
        super().__init__(*args, **options)
        tree = Tree(DefectCode.objects.visible_to(viewer))
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            ("", _("Nothing: it stands at the top")),
            *((branch.code.pk, branch.label) for branch in tree.branches()),
        ]
        if self.instance.pk:
            self.fields["code"].disabled = True
        else:
            del self.fields["is_active"]


class AuthorityForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Authority
        fields = ("severity", "reach", "role")

    def validate_unique(self) -> None:
        """Leave it to the service: one that was ended comes into use again."""

    def validate_constraints(self) -> None:
        """The same."""
