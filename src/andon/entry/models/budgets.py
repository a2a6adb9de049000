"""How many wrong tries are left (AU4)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Budget(models.Model):
    """The tries counted on one account, address or browser.

    No controlled row: it is counted up at every try, also outside of any transaction, and
    forgotten a day later. Its events stand in the security stream. The key is a keyed hash, for
    people type passwords into the field of the user name.
    """

    class Kind(models.TextChoices):
        PAIR = "pair", _("account and address")
        ACCOUNT = "account", _("account from anywhere")
        ADDRESS = "address", _("address")
        DEVICE = "device", _("browser that signed in before")

    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    address = models.CharField(max_length=45, blank=True)
    used = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("budget of tries")
        verbose_name_plural = _("budgets of tries")
        db_table = "entry_budget"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.used}/{self.most}"
