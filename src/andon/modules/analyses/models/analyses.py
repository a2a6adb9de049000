"""An analysis that is kept: values, method, settings, and what was read from them."""

import json
from importlib.metadata import version
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from andon.modules.analyses import lifecycle
from andon.records.models import Record
from andon.records.querysets import RecordQuerySet

from .methods import METHODS, Method, Outcome, Unfit, compute
from .tables import Values

MOST_CELLS = 60_000


class AnalysisQuerySet(RecordQuerySet["Analysis"]):
    pass


class Analysis(Record):
    """Values with the method that was used on them; computed anew whenever it is looked at."""

    prefix = "ANA"
    workflow = lifecycle.WORKFLOW
    create_permission = "analyses.keep"
    edit_permission = "analyses.keep"
    thread_rank = 1
    editable: ClassVar[tuple[str, ...]] = (*Record.editable, "conclusion")

    method = models.CharField(_("method"), max_length=30, editable=False)
    # As text: the trail seals no binary fractions, and a number must come back as it was typed.
    values = models.TextField(_("values"), editable=False)
    settings = models.TextField(_("settings"), editable=False)
    source = models.CharField(_("where the values come from"), max_length=200)
    reading = models.JSONField(_("what was read when it was kept"), default=list, editable=False)
    engine = models.CharField(_("computed with"), max_length=20, editable=False)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)

    objects: ClassVar = AnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")

    @classmethod
    def on(cls, values: Values, method: str, settings: dict[str, Any], **fields: Any) -> "Analysis":
        """Return an analysis of ``values`` that is not computed yet."""
        kept = json.dumps(settings, allow_nan=False)
        return cls(values=values.to_text(), method=method, settings=kept, **fields)

    @property
    def how(self) -> Method:
        return METHODS[self.method]

    @cached_property
    def data(self) -> Values:
        return Values.of_text(self.values)

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The columns and options the method was given."""
        found: dict[str, Any] = json.loads(self.settings)
        return found

    @cached_property
    def outcome(self) -> Outcome:
        """What the statistics say of it now; raises `Unfit`."""
        return compute(self.how, self.data, self.chosen)

    @property
    def holds(self) -> bool:
        """Whether the statistics still say what was read when it was kept."""
        try:
            return list(self.outcome.sentences) == list(self.reading)
        except Unfit:
            return False

    def read(self) -> None:
        """Compute, and write down what is read; raises `Unfit`."""
        self.__dict__.pop("outcome", None)
        self.reading = [str(sentence) for sentence in self.outcome.sentences]
        self.engine = f"Andon {version('andon')}"

    def text_for_search(self) -> str:
        words = (super().text_for_search(), str(self.how.label), self.source, *self.reading)
        return " ".join(filter(None, words))[:4000]

    def clean(self) -> None:
        if self.method not in METHODS:
            raise ValidationError({"method": _t("There is no such method.")})
        if sum(len(column.cells) for column in self.data.columns) > MOST_CELLS:
            raise ValidationError(_t("These are too many values to keep in one analysis."))
