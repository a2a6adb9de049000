"""A saved view and the view that a person begins with."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import Site, User
from andon.accounts.names import validate_one_line
from andon.accounts.roles import Role
from andon.trail.models import AuditedModel, AuditedQuerySet


class SavedViewQuerySet(AuditedQuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        """Keep the person's own views and those shared with a role they hold at that site."""
        shared = Q(pk__in=())
        for grant in user.grants_in_force():
            of_site = Q() if grant.site_id is None else Q(site=None) | Q(site_id=grant.site_id)
            shared |= of_site & Q(role__in=("", grant.role))
        return self.filter(Q(owner_id=user.pk) | Q(shared=True) & shared)

    def of(self, kind: str, user: User) -> Self:
        """Keep the views of one list, by name."""
        return self.filter(kind=kind).with_default(user).order_by("name", "pk")

    def with_default(self, user: User) -> Self:
        """Say of each view whether the person begins with it."""
        mine = DefaultView.objects.filter(user_id=user.pk, view_id=OuterRef("pk"))
        return self.annotate(is_default=Exists(mine))


class SavedView(AuditedModel):
    """The query of a list under a name; what the reader may not see it does not show."""

    # The kind of record as its address spells it.
    kind = models.CharField(max_length=30, editable=False)
    name = models.CharField(_("name"), max_length=60, validators=[validate_one_line])
    query = models.TextField(_("filter, columns and order"), max_length=2000, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    shared = models.BooleanField(_("show it to others, too"), default=False)
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        verbose_name=_("only at the site"),
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Empty: at all sites."),
    )
    role = models.CharField(
        _("only for the role"), max_length=20, choices=Role, blank=True,
        help_text=_("Empty: for every role."),
    )  # fmt: skip

    objects: ClassVar = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = (
            models.UniqueConstraint(
                fields=["owner", "kind", "name"],
                name="one_view_of_a_name",
                violation_error_message=_("You have a view of this name already. Take another."),
            ),
            models.CheckConstraint(
                condition=Q(shared=True) | Q(site=None, role=""),
                name="only_a_shared_view_has_readers",
                violation_error_message=_(
                    "A site or role is chosen, but the view is not shown to others."
                    " Tick it, or leave site and role empty."
                ),
            ),
        )
        indexes = (models.Index(fields=["kind", "name"], name="views_of_a_kind"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the list as this view shows it."""
        return f"{reverse(f'{self.kind}:list')}?{self.address}"

    @property
    def address(self) -> str:
        return f"{self.query}&view={self.pk}" if self.query else f"view={self.pk}"


class DefaultView(AuditedModel):
    """The view with which one person's list of a kind begins."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    view = models.ForeignKey(SavedView, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("first view")
        constraints = (
            models.UniqueConstraint(fields=["user", "kind"], name="one_first_view_of_a_list"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.view}"
