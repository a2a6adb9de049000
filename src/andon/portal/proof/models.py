"""Who reviewed which part of the trail, and what each verification found."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.trail.models import AuditedModel
from andon.trail.sealing import RECORDS, SECURITY


class Stream(models.TextChoices):
    """The two chains of the trail."""

    RECORDS = RECORDS, _("Records")
    SECURITY = SECURITY, _("Access")


class TrailReview(AuditedModel):
    """Somebody looked through a part of the trail; a row that only comes (AT12)."""

    stream = models.CharField(_("stream"), max_length=16, choices=Stream)
    first_seq = models.BigIntegerField(_("from entry"))
    last_seq = models.BigIntegerField(_("to entry"))
    # The filter in force, with ids instead of names; empty: every entry of the range.
    filters = models.JSONField(_("only those with"), default=dict)
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
    at = models.DateTimeField(_("reviewed"))
    note = models.TextField(_("note"), max_length=2000)

    class Meta:
        verbose_name = _("review of the trail")
        verbose_name_plural = _("reviews of the trail")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_stream_display()} {self.first_seq}–{self.last_seq}"

    @property
    def query(self) -> str:
        """The filter under which the trail shows what was reviewed, from its newest entry on."""
        names = ("number", "action", "model", "object")
        same = {name: self.filters[name] for name in names if name in self.filters}
        return urlencode({"stream": self.stream, "before": self.last_seq + 1, **same})


class Verification(AuditedModel):
    """One run of the verification and what it found, without any value of a row (AT10)."""

    SHOWN: ClassVar = 200

    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"))
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    entries = models.BigIntegerField(_("entries"))
    rows_count = models.BigIntegerField(_("rows"))
    batches = models.BigIntegerField(_("sealed batches"))
    checkpoints = models.BigIntegerField(_("checkpoints"))
    heads = models.JSONField(_("ends of the streams"), default=dict)
    findings_count = models.BigIntegerField(_("findings"))
    # The first of them: kind, text, and where.
    findings = models.JSONField(_("found"), default=list)
    remarks = models.JSONField(_("remarks"), default=list)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    @property
    def clean_run(self) -> bool:
        return self.findings_count == 0

    @property
    def unshown(self) -> int:
        return self.findings_count - len(self.findings)

    @property
    def tone(self) -> str:
        return "good" if self.clean_run else "act"

    def places(self) -> list[dict[str, Any]]:
        """Return the findings with the part of the trail where each is seen."""
        return [{**finding, "query": _query(finding)} for finding in self.findings]


def _query(finding: dict[str, Any]) -> str:
    """Return the filter under which the trail shows the place of a finding."""
    stream = f"stream={finding['stream']}&" if finding.get("stream") else ""
    if finding.get("seq") is not None:
        return f"{stream}before={finding['seq'] + 1}"
    if finding.get("model") and finding.get("object_id"):
        return f"{stream}model={finding['model']}&object={finding['object_id']}"
    return ""
