"""What an administrator or quality manager does with forms: draft, publish, retire."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts.models import User
from andon.accounts.names import one_line
from andon.organization import clock
from andon.organization import queries as organization
from andon.records.models import Record
from andon.records.workflow import Refused
from andon.sheets import design as designs
from andon.sheets.checking import KEY, check
from andon.sheets.design import Design
from andon.sheets.models import FormDesign, FormVersion
from andon.trail.services import audited, retrying

from . import queries

MOST_DESIGNS = 40


@retrying
def begin(design: FormDesign, *, by: User) -> FormDesign:
    """Begin a form for one kind of record, with an empty draft."""
    with audited(by, reason=_("form begun")):
        _require(by, design)
        design.name = one_line(design.name)
        _fit_for_kind(design)
        design.full_clean(exclude=["current"])
        design.save()
        _write_draft(design, Design(), number=1)
    return design


def _fit_for_kind(design: FormDesign) -> None:
    if design.kind not in {kind.slug() for kind in Record.kinds()}:
        raise ValidationError({"kind": _("There is no kind of record called “%s”.") % design.kind})
    if not KEY.fullmatch(design.key):
        raise ValidationError(
            {"key": _("The key is small letters, digits and _, and begins with a letter.")}
        )
    categories = dict(queries.categories_of(Record.kind_called(design.kind)))
    if design.category and design.category not in categories:
        raise ValidationError({"category": _("Records of this kind have no such category.")})
    if FormDesign.objects.filter(kind=design.kind).count() >= MOST_DESIGNS:
        raise Refused(
            _("A kind has at most %d forms. Change one of those there are.") % MOST_DESIGNS
        )


@retrying
def draft(design: FormDesign, content: Design, *, by: User, seen: str | None = None) -> FormVersion:
    """Keep ``content`` as the draft of ``design``; ``seen`` is the sha256 it was made from.

    A draft may be unfinished, but no question in it may be wrong.
    """
    with audited(by, reason=_("form drafted")):
        stored = _locked(design)
        _require(by, stored)
        version = queries.draft_of(stored)
        if seen is not None and seen != queries.shown_version(stored).sha256:
            raise Refused(_("Somebody changed this form meanwhile. Look at it again."))
        if content.questions:
            check(content, queries.setting_of(stored))
        number = stored.in_force.number + 1 if stored.current_id else 1
        return _write_draft(stored, content, number=number, version=version)


def _write_draft(
    design: FormDesign, content: Design, *, number: int, version: FormVersion | None = None
) -> FormVersion:
    version = version or FormVersion(design=design, number=number)
    version.definition = content.as_data()
    version.sha256 = designs.sha_of(version.definition)
    version.save()
    return version


@retrying
def publish(design: FormDesign, *, by: User, reason: str, day: date | None = None) -> FormVersion:
    """Put the draft in force: new records use it from now on, old ones keep their form."""
    if not reason.strip():
        raise Refused(_("Say what changes and why; it stays with the version."))
    with audited(by, reason=_("form published: %s") % reason.strip()):
        stored = _locked(design)
        _require(by, stored)
        version = queries.draft_of(stored)
        if version is None:
            raise Refused(_("There is no draft. Change something first."))
        check(queries.content(version), queries.setting_of(stored))
        version.reason, version.published_by = reason.strip()[:300], by
        version.published_date = day or clock.today()
        version.save()
        stored.current, stored.is_active = version, True
        stored.save()
    organization.forget()
    return version


@retrying
def retire(design: FormDesign, *, by: User, reason: str) -> FormDesign:
    """Take a form out of use: new records do not get it, old ones keep what they answered."""
    if not reason.strip():
        raise Refused(_("Say why this form is no longer needed."))
    with audited(by, reason=_("form retired: %s") % reason.strip()):
        stored = _locked(design)
        _require(by, stored)
        stored.is_active = False
        stored.save()
    organization.forget()
    return stored


def _locked(design: FormDesign) -> FormDesign:
    # Only the design: PostgreSQL locks no row on the outer side of a join.
    found: FormDesign = FormDesign.objects.select_for_update().get(pk=design.pk)
    return found


def _require(by: User, design: FormDesign) -> None:
    if not by.may_at("sheets.design", design.site_id):
        raise PermissionDenied(
            _("Only an administrator or quality manager of this site, or of all sites, may do it.")
        )
