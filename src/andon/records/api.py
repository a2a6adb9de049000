"""The API of any kind of record: list, read, create, change, move; errors as problem JSON (AP2)."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Router, Schema, Status
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as InputError
from ninja.parser import Parser
from pydantic import Field

from . import services as records
from .listing import newest
from .models import Record
from .pages import RecordPages, Request
from .workflow import Refused, Stale

LARGEST_PAGE = 100
DEEPEST = 20


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

    @staticmethod
    def resolve_site(record: Record) -> str:
        return record.site.code

    @staticmethod
    def resolve_owner(record: Record) -> str:
        return record.owner.username

    @staticmethod
    def resolve_url(record: Record) -> str:
        return record.get_absolute_url()


class PageIn(Schema):
    """Which part of a list: ``after`` is the ``next`` of the page before."""

    after: int | None = Field(None, ge=0, le=2**62)
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)
    state: str | None = Field(None, max_length=20)


class StepIn(Schema):
    """A transition with what it asks."""

    data: dict[str, Any] = Field(default_factory=dict)


class StrictParser(Parser):
    """JSON without duplicate keys, NaN or endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            body = json.loads(request.body, object_pairs_hook=_unique, parse_constant=_refused)
        except (ValueError, RecursionError) as error:
            raise HttpError(400, f"The body is not acceptable JSON: {error}") from error
        if _depth(body) > DEEPEST:
            raise HttpError(400, "The body is nested too deeply.")
        return body


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _depth(value: object, level: int = 0) -> int:
    if level > DEEPEST or not isinstance(value, (dict, list)):
        return level
    inner = value.values() if isinstance(value, dict) else value
    return max((_depth(item, level + 1) for item in inner), default=level)


def record_router(
    pages: RecordPages[Any],
    *,
    data_in: type[Schema],
    changes_in: type[Schema],
    data_out: type[RecordOut],
    build: Callable[[Any, Request], Record],
    resolve: Callable[[dict[str, Any]], dict[str, Any]] = lambda changes: changes,
) -> Router:
    """Return the router of one kind.

    ``build`` makes an unsaved record from the input; ``resolve`` turns sent values of changes and
    steps (codes, user names) into what the model holds.
    """
    router, kind, name = Router(tags=[pages.name]), pages.kind, pages.name

    @router.get("/", response=dict[str, Any], operation_id=f"list_{name}")
    def many(request: Request, page: Query[PageIn]) -> dict[str, Any]:
        found = kind.objects.visible_to(request.user)
        found = found.filter(state=page.state) if page.state else found
        part = newest(found, below=page.after, most=page.limit + 1, related=pages.related)
        shown = part[: page.limit]
        items = [data_out.from_orm(record).dict() for record in shown]
        return {"items": items, "next": shown[-1].pk if len(part) > page.limit else None}

    @router.get("/{number}/", response=data_out, operation_id=f"read_{name}")
    def one(request: Request, response: HttpResponse, number: str) -> Record:
        return _with_version(response, pages.find(request, number))

    @router.post("/", response={201: data_out}, operation_id=f"create_{name}")
    def create(request: Request, response: HttpResponse, data: data_in) -> Any:  # type: ignore[valid-type]
        record = records.create(build(data, request), by=request.user)
        response["Location"] = record.get_absolute_url()
        return Status(201, _with_version(response, record))

    @router.patch("/{number}/", response=data_out, operation_id=f"change_{name}")
    def change(request: Request, response: HttpResponse, number: str, data: changes_in) -> Record:  # type: ignore[valid-type]
        record = pages.find(request, number)
        asked = resolve(cast("Schema", data).dict(exclude_unset=True))
        changed = records.edit(record, asked, by=request.user, version=_if_match(request))
        return _with_version(response, changed)

    @router.post("/{number}/do/{step}/", response=data_out, operation_id=f"move_{name}")
    def move(
        request: Request, response: HttpResponse, number: str, step: str, data: StepIn
    ) -> Record:
        record = pages.find(request, number)
        if step not in kind.workflow:
            raise HttpError(404, f"There is no step called {step}.")
        asked = resolve(_known(kind, data.data))
        moved = records.perform(
            record, step, by=request.user, version=_if_match(request), data=asked
        )
        return _with_version(response, moved)

    return router


def _known(kind: type[Record], data: dict[str, Any]) -> dict[str, Any]:
    """Turn sent values into what the fields hold; unknown names are left for the step to refuse."""
    fields = {field.name: field for field in kind._meta.fields}
    return {n: fields[n].to_python(v) if n in fields else v for n, v in data.items()}


def _with_version(response: HttpResponse, record: Record) -> Record:
    response["ETag"] = f'"{record.version}"'
    return record


def _if_match(request: HttpRequest) -> int:
    sent = request.headers.get("If-Match", "").strip().strip('"')
    if not sent:
        raise HttpError(
            428, "Send the version you read in If-Match, so that nobody's change is lost."
        )
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 9):  # noqa: PLR2004
        raise HttpError(400, "If-Match must be the version of the record, a whole number.")
    return int(sent)


def answer_problems(api: NinjaAPI) -> None:
    """Answer every refusal of ``api`` as problem JSON with a sentence that says what to do."""

    def problem(request: HttpRequest, status: int, title: str, **more: Any) -> HttpResponse:
        body = {"type": "about:blank", "title": title, "status": status, **more}
        answer = api.create_response(request, body, status=status)
        answer["Content-Type"] = "application/problem+json"
        return answer

    @api.exception_handler(Stale)
    def stale(request: HttpRequest, error: Stale) -> HttpResponse:
        both = [
            {"field": f, "sent": sent, "stored": stored} for f, sent, stored in error.differences
        ]
        return problem(request, 409, str(error), differences=both, version=error.record.version)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        missing = [{"text": str(item), "fix": item.fix} for item in error.items]
        return problem(request, 409, str(error), missing=missing)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(
            request, 422, "Some values are not acceptable.", errors=list(records.sentences(error))
        )

    @api.exception_handler(InputError)
    def malformed(request: HttpRequest, error: InputError) -> HttpResponse:
        errors = [{"where": ".".join(map(str, e["loc"])), "text": e["msg"]} for e in error.errors]
        return problem(request, 422, "Some values are not acceptable.", errors=errors)

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(request, 403, str(error) or "Your roles do not allow this.")

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return problem(request, 401, "Sign in first.")

    @api.exception_handler(Http404)
    def absent(request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(request, 404, "There is nothing here that you may see.")

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(request, error.status_code, str(error))
