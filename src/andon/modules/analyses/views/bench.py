"""The Workbench as one request leaves it: values read, method chosen, outcome computed."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from andon.modules.analyses import imports
from andon.modules.analyses.forms import MethodForm, SettingsForm, ValuesForm, shown
from andon.modules.analyses.models import (
    METHODS,
    Method,
    Outcome,
    Unfit,
    Values,
    compute,
    defaults,
    suggestions,
)
from andon.records.pages import Request
from andon.tables import Trouble


@dataclass
class Bench:
    """What is on the bench; what is not known yet is None."""

    typed: ValuesForm
    values: Values | None = None
    method: Method | None = None
    chooser: MethodForm | None = None
    settings_form: SettingsForm | None = None
    settings: dict[str, Any] | None = None
    outcome: Outcome | None = None

    @property
    def fitting(self) -> list[Method]:
        return suggestions(self.values)[:5] if self.values else []

    @property
    def mark(self) -> str:
        """What the settings belong to: these columns and this method."""
        names = "\n".join([*(self.values.names if self.values else ()), self._method_name])
        return hashlib.sha256(names.encode()).hexdigest()[:16]

    @property
    def _method_name(self) -> str:
        return self.method.name if self.method else ""

    @property
    def is_wrong(self) -> bool:
        forms = (self.typed, self.settings_form)
        return any(form is not None and form.is_bound and form.errors for form in forms)

    def take(self, values: Values, method: str, request: Request | None = None) -> None:
        """Put ``values`` on the bench and compute; settings sent for them are used."""
        self.values = values
        named = METHODS.get(method)
        fitting = suggestions(values)
        self.method = named or (fitting[0] if fitting else METHODS["imr"])
        self.chooser = MethodForm(initial={"method": self.method.name})
        sent = request is not None and request.POST.get("mark") == self.mark
        first = defaults(self.method, values)
        self.settings_form = SettingsForm(
            request.POST if sent and request else None,
            method=self.method, values=values, initial=shown(first),
        )  # fmt: skip
        if not sent:
            self._compute(first)
        elif self.settings_form.is_valid():
            self._compute(self.settings_form.settings())

    def take_kept(self, values: Values, method: Method, settings: dict[str, Any]) -> None:
        """Put a kept analysis on the bench again."""
        self.values, self.method = values, method
        self.chooser = MethodForm(initial={"method": method.name})
        self.settings_form = SettingsForm(method=method, values=values, initial=shown(settings))
        self._compute(settings)

    def _compute(self, settings: dict[str, Any]) -> None:
        if self.method is None or self.values is None or self.settings_form is None:
            return
        self.settings = settings
        try:
            self.outcome = compute(self.method, self.values, settings)
        except Unfit as unfit:
            if not self.settings_form.is_bound:
                data = shown(settings)
                self.settings_form = SettingsForm(data, method=self.method, values=self.values)
                self.settings_form.is_valid()
            self.settings_form.refuse(unfit.sentence, unfit.field)


def sent(request: Request) -> Bench:
    """Return the bench as a person sent it."""
    bench = Bench(ValuesForm(request.POST, request.FILES))
    if not bench.typed.is_valid():
        return bench
    upload = bench.typed.cleaned_data["file"]
    try:
        pasted = bench.typed.cleaned_data["pasted"]
        values = imports.of_file(upload) if upload else imports.of_text(pasted)
    except Trouble as trouble:
        bench.typed.add_error("file" if upload else "pasted", _placed(trouble))
        return bench
    if upload:
        bench.typed = ValuesForm(initial={"pasted": values.as_text()})
    bench.take(values, request.POST.get("method", ""), request)
    return bench


def _placed(trouble: Trouble) -> str:
    if trouble.row is None:
        return trouble.sentence
    place = _("Row %d") % trouble.row
    if trouble.column:
        place = _("Row %(row)d, column “%(column)s”") % {
            "row": trouble.row,
            "column": trouble.column,
        }
    return f"{place}: {trouble.sentence}"
