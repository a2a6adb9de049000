"""Forms of the record itself: one short page to report, one to triage, one for everything."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.modules.nonconformities.models import (
    Category,
    DefectCode,
    FoundAt,
    Nonconformity,
    Tree,
)
from andon.organization.models import Item, Line, Party
from andon.records.forms import RecordForm
from andon.records.models import Record
from andon.store.fields import KeptField
from andon.store.gate import PHOTOS


class ItemField(forms.CharField):
    """An item by its number, so that a factory with 20,000 items needs no endless list."""

    viewer: User

    def clean(self, value: Any) -> Item | None:
        typed = super().clean(value).split(" · ")[0].strip()
        if not typed:
            return None
        found: Item | None = (
            Item.objects.visible_to(self.viewer)
            .filter(number__iexact=typed.split(" rev ")[0], is_active=True)
            .order_by("-revision")
            .first()
        )
        if found is None:
            raise forms.ValidationError(
                _(
                    "There is no item with the number “%(typed)s”. Correct it, or leave it empty"
                    " and write it into the title."
                ),
                params={"typed": typed},
            )
        return found

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            item = Item.objects.visible_to(self.viewer).filter(pk=value).first()
            return item.number if item else ""
        return value.number if isinstance(value, Item) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").split(" · ")[0].strip()


def _tree_choices(viewer: User) -> Any:
    """Offer the codes in use as the tree they are; read only when the field is drawn."""

    def choices() -> list[tuple[Any, str]]:
        tree = Tree(DefectCode.objects.visible_to(viewer).filter(is_active=True))
        return [("", "---------"), *((row.code.pk, row.label) for row in tree.branches())]

    return choices


class _Base(RecordForm):
    item = ItemField(
        label=_("Item"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "items"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(item := self.fields.get("item"), ItemField):
            item.viewer = self.viewer
        for name, rows in (
            ("line", Line.objects.visible_to(self.viewer).select_related("site")),
            ("party", Party.objects.visible_to(self.viewer)),
            ("defect", DefectCode.objects.visible_to(self.viewer)),
        ):
            if name in self.fields:
                self._choices(name).queryset = rows.filter(is_active=True)
        if "defect" in self.fields:
            self._choices("defect").choices = _tree_choices(self.viewer)

    @property
    def items_at_hand(self) -> list[Item]:
        """The items offered while typing."""
        rows = Item.objects.visible_to(self.viewer).filter(is_active=True)
        return list(rows.order_by("number")[:200])


class ReportForm(_Base):
    """Five things on one page; the rest comes step by step until closure."""

    photo = KeptField(
        allowed=PHOTOS,
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    class Meta:
        model = Nonconformity
        fields = (
            "title",
            "item",
            "suspect_quantity",
            "found_at",
            "line",
            "lot",
            "category",
            "defect",
            "site",
        )
        labels = {"title": _("What is wrong?"), "suspect_quantity": _("How many are suspect?")}
        help_texts = {"title": _("One sentence: what you see against what it should be.")}

    field_order = (
        "title",
        "photo",
        "item",
        "suspect_quantity",
        "found_at",
        "line",
        "lot",
        "category",
        "defect",
        "site",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["photo"].widget.attrs["accept"] = "image/*"

    @classmethod
    def prefill(cls, sources: list[Record]) -> dict[str, Any]:
        first = super().prefill(sources)
        if sources:
            first |= {"title": sources[0].title[:200], "found_at": FoundAt.PROCESS}
            first["line"] = getattr(sources[0], "line_id", None)
        return first

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        product = asked.get("category") == Category.PRODUCT
        if not product and asked.get("suspect_quantity") is not None:
            self.add_error(
                "suspect_quantity", _("Only product or material has a quantity; leave it empty.")
            )
        return asked


class EditForm(_Base):
    """Everything a nonconformity says of itself; what triage and closure need stands together."""

    class Meta:
        model = Nonconformity
        fields = (
            "title",
            "description",
            "requirement",
            "category",
            "found_at",
            "item",
            "line",
            "lot",
            "party",
            "defect",
            "origin",
            "severity",
            "suspect_quantity",
            "shipped",
            "customer_requirement",
            "customer_notice",
            "uncontained_reason",
            "correction",
            "action_decision",
            "action_reason",
            "process",
            "owner",
            "restricted",
        )


class TriageForm(_Base):
    """What the first shift decides: how bad, how many, did it leave, who must know."""

    class Meta:
        model = Nonconformity
        fields = (
            "severity",
            "suspect_quantity",
            "defect",
            "origin",
            "requirement",
            "shipped",
            "customer_requirement",
            "customer_notice",
            "uncontained_reason",
            "correction",
        )


class ActionForm(_Base):
    """Whether the cause must go (10.2.1 b)."""

    class Meta:
        model = Nonconformity
        fields = ("action_decision", "action_reason")
