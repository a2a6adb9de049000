"""The API of facts: batches in, with idempotency keys, and what counts out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from ninja import Header, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import ConfigDict, Field, JsonValue, create_model

from andon.accounts.models import Site
from andon.modules.production.imports import Target, known_targets
from andon.modules.production.imports.fields import Kind
from andon.modules.production.imports.rows import Unfit
from andon.modules.production.imports.sending import send
from andon.modules.production.queries.listing import listed
from andon.records.api import LARGEST_PAGE, Sent
from andon.records.pages import Request
from andon.records.problems import UNFIT

MOST_ROWS = 5000
LONGEST_KEY = 200

Value = str | int | float | bool | None


class TakenOut(Schema):
    """What a batch did; without a number it said nothing new."""

    batch: int | None
    url: str | None
    new: int
    corrected: int
    unchanged: int


class FactsPage(Sent):
    """Which facts: of one site, from a day to a day; ``after`` is the ``next`` of before."""

    site: str = Field(max_length=8)
    since: date
    until: date
    after: str = Field("", max_length=40)
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)


def _row_shape(target: Target) -> type[Schema]:
    """Describe a row of a kind; what its values must be is checked row by row, and told so."""
    shown: dict[str, Any] = {
        field.name: (
            Value,
            Field(None, description=_described(field)),
        )
        for field in target.fields
    }
    required: list[JsonValue] = [field.name for field in target.fields if field.required]
    config = ConfigDict(extra="forbid", json_schema_extra={"required": required})
    name = f"{''.join(part.title() for part in target.name.split('-'))}Row"
    made: type[Schema] = create_model(name, __config__=config, **shown)
    return made


_FORMS = {
    Kind.DAY: "A day as 2026-05-31.",
    Kind.CODE: "A code or a name that is known.",
    Kind.COUNT: "A whole number.",
    Kind.AMOUNT: "A number as 12.5, of at most 15 digits.",
    Kind.TEXT: "A text of one line.",
    Kind.FLAG: "true or false.",
}


def _described(field: Any) -> str:
    return f"{field.label}. {_FORMS[field.kind]} {field.help}".strip()


def _site(request: Request, code: str) -> Site:
    sites = Site.objects.visible_to(request.user)
    found: Site | None = sites.filter(code=code).first() if code.isprintable() else None
    if found is None:
        raise ValidationError({"site": _("There is no site with this code that you may see.")})
    return found


def _key(sent: str | None) -> str:
    key = (sent or "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise HttpError(400, "Idempotency-Key is a text of at most 200 printable characters.")
    return key


def _problem(unfit: Unfit) -> HttpResponse:
    body = {"type": "about:blank", "title": UNFIT, "status": 422, "errors": unfit.told}
    return JsonResponse(body, status=422, content_type="application/problem+json")


router = Router(tags=["facts"])


def _posting(target: Target) -> Callable[..., Any]:
    row = _row_shape(target)
    batch_in = create_model(
        f"{row.__name__}s",
        __base__=Sent,
        site=(str, Field(max_length=8, description="The code of the site.")),
        rows=(list[row], Field(min_length=1, max_length=MOST_ROWS)),  # type: ignore[valid-type]
    )

    def post(
        request: Request,
        data: batch_in,  # type: ignore[valid-type]
        idempotency_key: str | None = Header(  # type: ignore[type-arg]
            None, alias="Idempotency-Key", description="The same key and batch: the same answer."
        ),
    ) -> Any:
        said: Any = data
        rows = [one.model_dump(exclude_unset=True) for one in said.rows]
        try:
            answer = send(
                target,
                rows,
                site=_site(request, said.site),
                by=request.user,
                key=_key(idempotency_key),
            )
        except Unfit as unfit:
            return _problem(unfit)
        return Status(answer.status, answer.body)

    post.__doc__ = (
        f"{target.help} All rows are taken or none; a row about what is known corrects it."
    )
    post.__annotations__["data"] = batch_in
    return post


def _reading(target: Target) -> Callable[..., Any]:
    def get(request: Request, page: Query[FactsPage]) -> dict[str, Any]:
        return listed(
            target.model,
            {field.name: field.column for field in target.fields},
            request.user,
            site=_site(request, page.site),
            span=(page.since, page.until),
            after=page.after,
            limit=page.limit,
        )

    get.__doc__ = f"Read what counts of: {target.label}, oldest day first."
    return get


for _target in known_targets():
    if _target.model._meta.app_label == "production":
        _name = _target.name
        _id = _name.replace("-", "_")
        router.post(
            f"/{_name}/", response={200: TakenOut, 201: TakenOut}, operation_id=f"send_{_id}"
        )(_posting(_target))
        router.get(f"/{_name}/", response=dict[str, Any], operation_id=f"list_{_id}")(
            _reading(_target)
        )
