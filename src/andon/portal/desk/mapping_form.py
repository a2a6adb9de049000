"""The form about the columns of a file: for each field its columns, or one value for all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.portal.desk.fields import Field, Sort, Target
from andon.records.forms import DayInput
from andon.records.links import LINK_KINDS


class MappingForm(forms.Form):
    """For each field its columns, or one value for all rows."""

    source = forms.CharField(label=_("Source"), max_length=80)

    def __init__(
        self,
        *args: Any,
        target: Target,
        columns: Sequence[str],
        hints: Sequence[Mapping[str, Any]],
        mapping: Mapping[str, Any],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.target, self.columns, self.hints, self.known = target, columns, hints, mapping
        rules = mapping.get("fields", {})
        for spec in target.fields:
            self._add(spec, rules.get(spec.name, {}))
        self._add_orders()
        if target.is_record:
            self._add_for_records()

    def _add(self, spec: Field, rule: Mapping[str, Any]) -> None:
        chosen = list(rule.get("columns", ()))
        names = [(name, name) for name in self.columns]
        label = _("%s: column") % spec.label
        if spec.takes_several and self.target.is_record:
            self.fields[f"{spec.name}_columns"] = forms.MultipleChoiceField(
                label=_("%s: columns") % spec.label,
                choices=names,
                required=False,
                initial=chosen,
                widget=forms.SelectMultiple(attrs={"size": 3}),
            )
        else:
            self.fields[f"{spec.name}_columns"] = forms.ChoiceField(
                label=label,
                choices=[("", _("no column")), *names],
                required=False,
                initial=chosen[0] if chosen else "",
            )
        if spec.sort is not Sort.LINK:
            self.fields[f"{spec.name}_constant"] = self._constant(spec, rule)

    @staticmethod
    def _constant(spec: Field, rule: Mapping[str, Any]) -> forms.Field:
        label = _("%s: one value for all rows") % spec.label
        initial = rule.get("constant", "")
        if spec.sort is Sort.DAY:
            return forms.DateField(label=label, required=False, initial=initial, widget=DayInput)
        if spec.sort is Sort.CHOICE:
            choices = [("", _("no value")), *spec.choices]
            return forms.ChoiceField(label=label, required=False, initial=initial, choices=choices)
        return forms.CharField(label=label, required=False, initial=initial, max_length=200)

    def _add_orders(self) -> None:
        for at, (column, hint) in enumerate(zip(self.columns, self.hints, strict=False)):
            if any(known["unsure"] for known in hint.get("days", {}).values()):
                self.fields[f"order_{at}"] = forms.ChoiceField(
                    label=_("A day like 3/4/2026 in “%s” is") % column,
                    required=False,
                    initial=self.known.get("orders", {}).get(column, ""),
                    choices=[("", _("choose")), ("dmy", _("3 April")), ("mdy", _("4 March"))],
                )
        if any(hint.get("decimal_unsure") for hint in self.hints):
            self.fields["decimal"] = forms.ChoiceField(
                label=_("A number like 1,234 is"),
                required=False,
                initial=self.known.get("decimal", ""),
                choices=[
                    ("", _("choose")),
                    (",", _("a little more than one")),
                    (".", _("over a thousand")),
                ],
            )

    def _add_for_records(self) -> None:
        self.fields["link"] = forms.ChoiceField(
            label=_("The link to the other record says"),
            choices=[(kind.name, kind.label) for kind in LINK_KINDS.values()],
            initial=self.known.get("link", "related"),
        )
        self.fields["rest"] = forms.BooleanField(
            label=_("Keep columns without a field as a comment of the record"),
            required=False,
            initial=self.known.get("rest", False),
        )

    @property
    def groups(self) -> Iterator[tuple[Field, list[forms.BoundField], bool]]:
        """Yield each field with its inputs, and whether it is in use or needed."""
        for spec in self.target.fields:
            names = [f"{spec.name}_columns", f"{spec.name}_constant"]
            inputs = [self[name] for name in names if name in self.fields]
            used = spec.required or any(each.value() for each in inputs)
            yield spec, inputs, bool(used)

    @property
    def used(self) -> list[tuple[Field, list[forms.BoundField]]]:
        return [(spec, inputs) for spec, inputs, used in self.groups if used]

    @property
    def others(self) -> list[tuple[Field, list[forms.BoundField]]]:
        return [(spec, inputs) for spec, inputs, used in self.groups if not used]

    @property
    def rest_fields(self) -> list[forms.BoundField]:
        names = [
            n for n in self.fields if n.startswith("order_") or n in {"decimal", "link", "rest"}
        ]
        return [self[name] for name in names]

    def mapping(self) -> dict[str, Any]:
        """Return what was said, on top of the words that are known."""
        said = self.cleaned_data
        rules: dict[str, Any] = {}
        for spec in self.target.fields:
            columns = said.get(f"{spec.name}_columns") or []
            rule: dict[str, Any] = {"columns": [columns] if isinstance(columns, str) else columns}
            if constant := said.get(f"{spec.name}_constant"):
                rule["constant"] = str(constant)
            if rule["columns"] or constant:
                rules[spec.name] = rule
        orders = {
            column: said[f"order_{at}"]
            for at, column in enumerate(self.columns)
            if said.get(f"order_{at}")
        }
        return {
            "fields": rules,
            "values": self.known.get("values", {}),
            "orders": orders,
            "decimal": said.get("decimal", ""),
            "link": said.get("link", "related"),
            "rest": bool(said.get("rest")),
        }
