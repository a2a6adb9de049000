"""Addresses of nonconformities."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from andon.accounts.policy import allow, signed_in
from andon.records.part_views import form_action
from andon.records.routes import page, record_urls

from . import forms, services, views
from .views import PAGES

app_name = "nonconformities"

_work, _decide = allow("nonconformities.work"), allow("nonconformities.decide")

urlpatterns = [
    path("codes/", page(views.codes, signed_in), name="codes"),
    *record_urls(PAGES),
    path("<str:number>/tag/", page(views.tag, signed_in), name="tag"),
    path("<str:number>/triage/", page(views.triage, _work), name="triage"),
    path("<str:number>/action/", page(views.decide_action, _work), name="action"),
    path(
        "<str:number>/containment/",
        page(
            form_action(
                PAGES,
                forms.ContainmentForm,
                services.contain,
                title=_("Record containment"),
                place="#containment",
            ),
            _work,
        ),
        name="contain",
    ),
    path(
        "<str:number>/sorting/",
        page(
            form_action(
                PAGES,
                forms.SortingForm,
                services.sort_out,
                title=_("Record sorting"),
                place="#sorting",
                help=_("Suspect = verified good + confirmed nonconforming + not recovered."),
            ),
            _work,
        ),
        name="sort",
    ),
    path(
        "<str:number>/dispositions/",
        page(
            form_action(
                PAGES,
                forms.DispositionForm,
                services.dispose,
                title=_("Decide a disposition"),
                place="#dispositions",
            ),
            _decide,
        ),
        name="dispose",
    ),
    path(
        "<str:number>/dispositions/<int:line>/withdraw/",
        page(
            form_action(
                PAGES,
                forms.WithdrawForm,
                services.withdraw,
                title=_("Take a disposition back"),
                place="#dispositions",
            ),
            _decide,
        ),
        name="withdraw",
    ),
    path(
        "<str:number>/dispositions/<int:line>/done/",
        page(
            form_action(
                PAGES,
                forms.CarryOutForm,
                services.carry_out,
                title=_("Carried out"),
                place="#dispositions",
            ),
            _work,
        ),
        name="carry-out",
    ),
    path(
        "<str:number>/dispositions/<int:line>/verify/",
        page(
            form_action(
                PAGES,
                forms.VerifyForm,
                services.verify_again,
                title=_("Verify again"),
                place="#dispositions",
            ),
            allow("nonconformities.verify"),
        ),
        name="verify",
    ),
]
