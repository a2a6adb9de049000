"""Addresses of nonconformities."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.policy import allow, signed_in
from andon.records.part_views import form_action
from andon.records.routes import page, record_urls

from . import services
from .forms import ledger as forms
from .views import PAGES, across, codes, record

app_name = "nonconformities"

_work, _decide = allow("nonconformities.work"), allow("nonconformities.decide")
_verify, _agree = allow("nonconformities.verify"), allow("nonconformities.agree")
_manage = allow("nonconformities.authorities")


def _act(
    way: str,
    name: str,
    form: type[Any],
    service: Any,
    policy: Any,
    *,
    title: str | Promise,
    place: str,
    help: str | Promise = "",  # noqa: A002  (the word of the page)
) -> URLPattern:
    """Return one small form on a record's page."""
    view = form_action(PAGES, form, service, title=title, place=place, help=help)
    found: URLPattern = path(f"<str:number>/{way}", page(view, policy), name=name)
    return found


urlpatterns = [
    path("codes/", page(codes.codes, signed_in), name="codes"),
    path("codes/<int:pk>/", page(codes.code, allow("nonconformities.codes")), name="code"),
    path("authorities/", page(codes.authorities, signed_in), name="authorities"),
    path(
        "authorities/<int:pk>/end/",
        page(codes.end_authority, _manage, require_POST),
        name="end-authority",
    ),
    path("pareto/", page(across.pareto, signed_in, require_GET), name="pareto"),
    path("clusters/", page(across.clusters, signed_in, require_GET), name="clusters"),
    path("holds/", page(across.holds, signed_in, require_GET), name="holds"),
    path("concessions/", page(across.concessions, signed_in, require_GET), name="concessions"),
    *record_urls(PAGES),
    path("<str:number>/tag/", page(record.tag, signed_in), name="tag"),
    path("<str:number>/triage/", page(record.triage, _work), name="triage"),
    path("<str:number>/action/", page(record.decide_action, _work), name="action"),
    _act(
        "lots/",
        "list-lot",
        forms.LotForm,
        services.list_lot,
        _work,
        title=_("List a lot"),
        place="#lots",
        help=_("The suspect quantity becomes the sum of the lots. A lot named again is corrected."),
    ),
    _act(
        "containment/",
        "contain",
        forms.ContainmentForm,
        services.contain,
        _work,
        title=_("Record containment"),
        place="#containment",
    ),
    _act(
        "sorting/",
        "sort",
        forms.SortingForm,
        services.sort_out,
        _work,
        title=_("Record sorting"),
        place="#sorting",
        help=_("Suspect = verified good + confirmed nonconforming + not recovered."),
    ),
    _act(
        "dispositions/",
        "dispose",
        forms.DispositionForm,
        services.dispose,
        _decide,
        title=_("Decide a disposition"),
        place="#dispositions",
    ),
    _act(
        "dispositions/<int:line>/withdraw/",
        "withdraw",
        forms.WithdrawForm,
        services.withdraw,
        _decide,
        title=_("Take a disposition back"),
        place="#dispositions",
    ),
    _act(
        "dispositions/<int:line>/approval/",
        "approval",
        forms.ApprovalForm,
        services.approve_concession,
        _decide,
        title=_("Customer's approval"),
        place="#dispositions",
        help=_("What the customer allows: how many, and until when. Attach their letter below."),
    ),
    _act(
        "dispositions/<int:line>/done/",
        "carry-out",
        forms.CarryOutForm,
        services.carry_out,
        _work,
        title=_("Carried out"),
        place="#dispositions",
    ),
    _act(
        "dispositions/<int:line>/verify/",
        "verify",
        forms.VerifyForm,
        services.verify_again,
        _verify,
        title=_("Verify again"),
        place="#dispositions",
    ),
    _act(
        "agreements/",
        "agree",
        forms.AgreementForm,
        services.agree,
        _agree,
        title=_("Agree to the decision"),
        place="#authority",
        help=_("Your agreement holds for severity and dispositions as they stand now."),
    ),
    _act(
        "costs/",
        "cost",
        forms.CostForm,
        services.add_cost,
        _work,
        title=_("Add a cost"),
        place="#cost",
    ),
    _act(
        "costs/<int:line>/withdraw/",
        "take-back-cost",
        forms.WithdrawForm,
        services.take_back_cost,
        _work,
        title=_("Take an amount back"),
        place="#cost",
    ),
    path(
        "<str:number>/costs/proposed/",
        page(record.take_over_costs, _work, require_POST),
        name="take-over-costs",
    ),
]
