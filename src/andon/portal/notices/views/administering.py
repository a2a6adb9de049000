"""What the administrator sees: whether the background work is done, and what mail waits."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from andon.accounts.http import Request
from andon.accounts.policy import allow
from andon.organization import clock
from andon.portal.notices import mailing, queries, services
from andon.portal.notices.apps import ADMINISTER
from andon.portal.notices.models import Mail
from andon.portal.notices.queries import duties as duty_queries


@allow(ADMINISTER)
@require_GET
def duties(request: Request) -> HttpResponse:
    """Show each duty with its last run, its next and what went wrong."""
    told = duty_queries.told(clock.now())
    return render(request, "notices/duties.html", {"duties": told, "idle": duty_queries.idle(told)})


@allow(ADMINISTER)
@require_GET
def mails(request: Request) -> HttpResponse:
    """Show the mails that wait, were given up, or were sent last."""
    context = {"mails": queries.mails(), "mail_is_on": mailing.is_on()}
    return render(request, "notices/mails.html", context)


@allow(ADMINISTER)
@require_POST
def mail_again(request: Request, pk: int) -> HttpResponse:
    """Send a mail that was given up once more."""
    mail = get_object_or_404(Mail, pk=pk)
    services.try_again(mail, by=request.user, now=clock.now())
    return redirect("notices:mails")
