"""The API of what belongs to a corrective action: cases, causes, plan, is/is-not, verdict."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status
from ninja.errors import HttpError

from andon.accounts.models import User
from andon.accounts.names import username_key
from andon.modules.actions import services
from andon.modules.actions.models import Cause, CorrectiveAction
from andon.modules.actions.views import PAGES
from andon.modules.nonconformities.models import Nonconformity
from andon.organization import clock
from andon.organization.models import Party
from andon.records.api import if_match, with_version
from andon.records.pages import Request

from .shapes import (
    CaseIn,
    CaseOut,
    CauseIn,
    CauseOut,
    ContrastRow,
    ContrastsIn,
    DoneIn,
    ItemIn,
    ItemOut,
    JudgeIn,
    VerdictOut,
)

MOST_ID = 2**62


def add_parts(router: Router) -> None:
    """Add the addresses of the parts to the router of corrective actions."""
    _cases(router)
    _causes(router)
    _items(router)
    _problem(router)


def _cases(router: Router) -> None:
    @router.get("/{number}/cases/", response=list[CaseOut], operation_id="list_action_cases")
    def cases(request: Request, number: str) -> list[Nonconformity]:
        record = PAGES.find(request, number)
        rows = Nonconformity.objects.visible_to(request.user).filter(pk__in=record.case_ids)
        return list(rows.order_by("pk"))

    @router.post("/{number}/cases/", response={201: CaseOut}, operation_id="add_action_case")
    def take_on(request: Request, number: str, data: CaseIn) -> Any:
        record = PAGES.find(request, number)
        asked = data.case.strip().upper()
        seen = Nonconformity.objects.visible_to(request.user)
        case = seen.filter(number=asked).first()
        if case is None:
            raise ValidationError({"case": _("No nonconformity %s is visible to you.") % asked})
        services.take_on(record, by=request.user, case=case)
        return Status(201, case)


def _causes(router: Router) -> None:
    @router.get("/{number}/causes/", response=list[CauseOut], operation_id="list_causes")
    def causes(request: Request, response: HttpResponse, number: str) -> list[Cause]:
        record: CorrectiveAction = with_version(response, PAGES.find(request, number))
        return record.all_causes

    @router.post("/{number}/causes/", response={201: CauseOut}, operation_id="add_cause")
    def add(request: Request, number: str, data: CauseIn) -> Any:
        record = PAGES.find(request, number)
        return Status(201, services.add_cause(record, by=request.user, **data.dict()))

    @router.patch("/{number}/causes/{pk}/", response=CauseOut, operation_id="change_cause")
    def edit(request: Request, number: str, pk: int, data: CauseIn) -> Cause:
        record = PAGES.find(request, number)
        version = if_match(request)
        asked = data.dict()
        return services.edit_cause(
            record, by=request.user, cause=_known(pk), version=version, **asked
        )

    @router.post("/{number}/causes/{pk}/judge/", response=CauseOut, operation_id="judge_cause")
    def judge(request: Request, number: str, pk: int, data: JudgeIn) -> Cause:
        record = PAGES.find(request, number)
        return services.judge_cause(record, by=request.user, cause=_known(pk), **data.dict())


def _items(router: Router) -> None:
    @router.get("/{number}/items/", response=list[ItemOut], operation_id="list_action_items")
    def items(request: Request, number: str) -> Any:
        record = PAGES.find(request, number)
        return list(record.items.select_related("owner", "party").order_by("due_date", "pk"))

    @router.post("/{number}/items/", response={201: ItemOut}, operation_id="add_action_item")
    def add(request: Request, number: str, data: ItemIn) -> Any:
        record = PAGES.find(request, number)
        asked = data.dict() | _named(data, request.user)
        return Status(201, services.add_item(record, by=request.user, **asked))

    @router.post("/{number}/items/{pk}/done/", response=ItemOut, operation_id="finish_action_item")
    def done(request: Request, number: str, pk: int, data: DoneIn) -> Any:
        record = PAGES.find(request, number)
        return services.finish_item(record, by=request.user, item=_known(pk), **data.dict())


def _named(data: ItemIn, viewer: User) -> dict[str, Any]:
    """Return the person and the supplier that were named; raise for what nobody sees."""
    people = User.objects.visible_to(viewer).filter(is_active=True)
    owner = people.filter(username_key=username_key(data.owner)).first()
    if owner is None:
        raise ValidationError({"owner": _("Nobody signs in under this name.")})
    party = None
    if data.party:
        party = Party.objects.visible_to(viewer).filter(code__iexact=data.party).first()
        if party is None:
            raise ValidationError({"party": _("You see no supplier with this code.")})
    return {"owner": owner, "party": party}


def _problem(router: Router) -> None:
    @router.get("/{number}/is-is-not/", response=list[ContrastRow], operation_id="read_is_is_not")
    def contrasts(request: Request, response: HttpResponse, number: str) -> Any:
        record: CorrectiveAction = with_version(response, PAGES.find(request, number))
        return list(record.contrasts.order_by("pk"))

    @router.patch(
        "/{number}/is-is-not/", response=list[ContrastRow], operation_id="change_is_is_not"
    )
    def contrast(request: Request, number: str, data: ContrastsIn) -> Any:
        record = PAGES.find(request, number)
        rows = {row.question: row.dict(exclude={"question"}) for row in data.rows}
        services.contrast(record, by=request.user, rows=rows, version=if_match(request))
        return list(record.contrasts.order_by("pk"))

    @router.get("/{number}/verdict/", response=VerdictOut, operation_id="read_verdict")
    def verdict(request: Request, number: str) -> Any:
        record: CorrectiveAction = PAGES.find(request, number)
        found = record.verdict(clock.today(record.site))
        if found is None:
            raise HttpError(404, "Nothing is judged before the actions have taken hold.")
        return found


def _known(pk: int) -> int:
    """Return an id the database can hold; nothing lies beyond, and no error follows from it."""
    return pk if 0 < pk <= MOST_ID else 0
