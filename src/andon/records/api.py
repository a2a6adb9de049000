"""The API of any kind of record: list, read, create, change, move."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import ConfigDict, Field, create_model

from andon.accounts.models import User
from andon.entry import once
from andon.extras.seam import extras
from andon.signing import validity as signing
from andon.signing.api import SignatureIn, sent_by
from andon.signing.proving import prove

from . import services as records
from .changing import R
from .models import Record
from .pages import RecordPages, Request
from .paging import newest

LARGEST_PAGE = 100


class Sent(Schema):
    """Base of what is sent: a field that is not known is refused, never ignored (AZ4)."""

    model_config = ConfigDict(extra="forbid")


CUSTOM = (
    "Answers to the custom fields of this record, by key: texts, numbers and dates as text,"
    " several choices as a list, a person by user name, a measurement as"
    " {value, instrument, within}."
)


SIGNATURES = "Each signature with its meaning, time and zone, and whether it holds now."


class RecordOut(Schema):
    """What every record answers; a kind adds its own fields."""

    number: str
    kind: str
    title: str
    state: str
    site: str
    owner: str
    due_date: date | None
    opened_date: date
    closed_date: date | None
    version: int
    url: str
    custom: dict[str, Any] = Field(description=CUSTOM)
    signatures: list[dict[str, Any]] = Field(description=SIGNATURES)

    @staticmethod
    def resolve_signatures(record: Record) -> list[dict[str, Any]]:
        return signing.values(record)

    @staticmethod
    def resolve_custom(record: Record) -> dict[str, Any]:
        return extras().values(record)

    @staticmethod
    def resolve_site(record: Record) -> str:
        return record.site.code

    @staticmethod
    def resolve_owner(record: Record) -> str:
        return record.owner.username

    @staticmethod
    def resolve_url(record: Record) -> str:
        return record.get_absolute_url()


class PageIn(Sent):
    """Which part of a list: ``after`` is the ``next`` of the page before."""

    after: int | None = Field(None, ge=0, le=2**62)
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)
    state: str | None = Field(None, max_length=20)


class StepIn(Sent):
    """A transition with what it asks, and the signature where one is asked."""

    data: dict[str, Any] = Field(default_factory=dict)
    signature: SignatureIn | None = None


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """What a kind takes and answers.

    ``build`` makes an unsaved record from the input; ``resolve`` turns sent values of changes and
    steps (codes, user names) into what the model holds.
    """

    data_in: type[Schema]
    changes_in: type[Schema]
    data_out: type[RecordOut]
    build: Callable[[Any, Request], Record]
    resolve: Callable[[dict[str, Any], User], dict[str, Any]] = lambda changes, _person: changes


def record_router(pages: RecordPages[Any], shapes: Shapes) -> Router:
    """Return the router of one kind."""
    router = Router(tags=[pages.name])
    _reading(router, pages, shapes.data_out)
    _writing(router, pages, shapes)
    return router


def _reading(router: Router, pages: RecordPages[Any], data_out: type[RecordOut]) -> None:
    kind, name = pages.kind, pages.name

    @router.get("/", response=dict[str, Any], operation_id=f"list_{name}")
    def many(request: Request, page: Query[PageIn]) -> dict[str, Any]:
        found = kind.objects.visible_to(request.user)
        found = found.filter(state=page.state) if page.state else found
        part = newest(found, below=page.after, most=page.limit + 1, related=pages.related)
        shown = part[: page.limit]
        extras().attach(shown, name)
        signing.attach(shown)
        items = [data_out.from_orm(record).dict() for record in shown]
        return {"items": items, "next": shown[-1].pk if len(part) > page.limit else None}

    @router.get("/{number}/", response=data_out, operation_id=f"read_{name}")
    def one(request: Request, response: HttpResponse, number: str) -> Any:
        return with_version(response, pages.find(request, number))


def _writing(router: Router, pages: RecordPages[Any], shapes: Shapes) -> None:
    data_in, changes_in = _with_custom(shapes.data_in), _with_custom(shapes.changes_in)
    data_out = shapes.data_out
    kind, name = pages.kind, pages.name

    @router.post(
        "/", response={201: data_out}, operation_id=f"create_{name}", openapi_extra=once.TOLD
    )
    def create(request: Request, response: HttpResponse, data: data_in) -> Any:  # type: ignore[valid-type]
        def make() -> Record:
            new = shapes.build(data, request)
            new.custom = cast("Any", data).custom or {}
            return records.create(new, by=request.user)

        record = once.once(request, make, partial(pages.find, request), by=request.user)
        response["Location"] = record.get_absolute_url()
        return Status(201, with_version(response, record))

    @router.patch("/{number}/", response=data_out, operation_id=f"change_{name}")
    def change(request: Request, response: HttpResponse, number: str, data: changes_in) -> Any:  # type: ignore[valid-type]
        record = pages.find(request, number)
        asked = shapes.resolve(cast("Schema", data).dict(exclude_unset=True), request.user)
        changed = records.edit(record, asked, by=request.user, version=if_match(request))
        return with_version(response, changed)

    @router.post("/{number}/do/{step}/", response=data_out, operation_id=f"move_{name}")
    def move(request: Request, response: HttpResponse, number: str, step: str, data: StepIn) -> Any:
        record = pages.find(request, number)
        if step not in kind.workflow:
            raise HttpError(404, f"There is no step called {step}.")
        asked, version = shapes.resolve(_known(kind, data.data), request.user), if_match(request)
        proof = prove(request, record, kind.workflow[step], sent_by(data.signature))
        moved = records.perform(
            record, step, by=request.user, version=version, data=asked, proof=proof
        )
        return with_version(response, moved)


def _with_custom(schema: type[Schema]) -> type[Schema]:
    """Return ``schema`` that also takes answers to custom fields."""
    custom: Any = (dict[str, Any] | None, Field(None, description=CUSTOM, max_length=200))
    return create_model(schema.__name__, __base__=schema, custom=custom)


def _known(kind: type[Record], data: dict[str, Any]) -> dict[str, Any]:
    """Turn sent values into what the fields hold; unknown names are left for the step to refuse."""
    fields = {field.name: field for field in kind._meta.fields}
    return {n: fields[n].to_python(v) if n in fields else v for n, v in data.items()}


def with_version(response: HttpResponse, record: R) -> R:
    """Put the version of ``record`` on the answer, to be sent back in If-Match."""
    response["ETag"] = f'"{record.version}"'
    return record


def if_match(request: HttpRequest) -> int:
    """Return the version that whoever asks has read; refuse a change without one (RC4)."""
    sent = request.headers.get("If-Match", "").strip().strip('"')
    if not sent:
        raise HttpError(
            428, "Send the version you read in If-Match, so that nobody's change is lost."
        )
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 9):  # noqa: PLR2004
        raise HttpError(400, "If-Match must be the version of the record, a whole number.")
    return int(sent)
