"""What a kind tells the kernel's pages, and how every page answers a refusal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from andon.accounts.models import User
from andon.signing.proving import PREFIX
from andon.ui.paper import Section

from .bulk import USUAL
from .forms import RecordForm
from .listing import LISTED_FIRST, LISTED_LAST, SHELL, Column, RecordFilters, chosen, key_of
from .models import Record
from .reading import SHELL as SHELL_NAMES
from .reading import Shared
from .services import sentences
from .workflow import Refused, Stale

R = TypeVar("R", bound=Record)
View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request whose person is signed in, as every page behind the policy has it."""

    user: User


@dataclass(frozen=True, kw_only=True)
class RecordPages(Generic[R]):
    """One kind's answers to the generic pages: forms, columns, filters and words for empty lists.

    ``context`` adds what the kind's own detail template needs; ``form_context`` the same for the
    page with the form (similar cases, for instance).
    """

    kind: type[R]
    form: type[RecordForm]
    edit_form: type[RecordForm]
    columns: tuple[Column, ...]
    # Columns that are offered, but not shown until they are chosen.
    more_columns: tuple[Column, ...] = ()
    filters: type[RecordFilters] = RecordFilters
    # Relations that the columns read, so that a list costs the same for 1 and for 25 rows.
    related: tuple[str, ...] = ()
    empty: str | Promise = ""
    clause: str = ""
    context: Callable[[Request, R], Mapping[str, Any]] | None = None
    form_context: Callable[[Request], Mapping[str, Any]] | None = None
    # Fields that may be changed of many records at once; transitions never.
    bulk: tuple[str, ...] = USUAL
    # Tables that the kind adds to the print of one record.
    paper: Callable[[Request, R], Sequence[Section]] | None = None

    @property
    def name(self) -> str:
        return self.kind.slug()

    @property
    def offered(self) -> tuple[Column, ...]:
        """Every column that a list of this kind can show and export."""
        return (*SHELL, *self.columns, *self.more_columns)

    def shown(self, names: Sequence[str]) -> list[Column]:
        """Return the columns of the list: those called ``names``, or the usual ones."""
        shell = {column.name: column for column in SHELL}
        first, last = ([shell[name] for name in part] for part in (LISTED_FIRST, LISTED_LAST))
        return chosen(self.offered, names, otherwise=[*first, *self.columns, *last])

    def find(self, request: Request, number: str) -> R:
        """Return the record if the person may see it, else the same 404 as for an absent one."""
        names = (*SHELL_NAMES, "opened_by", *self.related)
        shared = Shared(self.kind, names, viewer=request.user)
        rows: Any = self.kind._default_manager
        seen = rows.visible_to(request.user).filter(number=number)
        found: list[R] = list(seen.select_related(*shared.nested)[:1])
        if not found:
            raise Http404
        shared.given_to(found)
        return found[0]

    def template(self, page: str) -> list[str]:
        """Prefer the kind's own template, fall back to the kernel's."""
        model = self.kind._meta.model_name
        return [f"{self.name}/{model}_{page}.html", f"records/{page}.html"]


def kindly(view: View) -> View:
    """Answer a refusal with a page that says what to do, status 409, and never with an error."""

    @wraps(view)
    def answering(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Stale as stale:
            again = {"record": stale.record, "stale": stale, "typed": _typed(request)}
            return render(request, "records/stale.html", again, status=409)
        except Refused as refused:
            items = refused.items
        except ValidationError as error:
            items = tuple(Refused(text) for text in sentences(error))
        again = {"items": items, "back": _back(request, kwargs.get("number", ""))}
        return render(request, "records/refused.html", again, status=409)

    return answering


def _back(request: HttpRequest, number: str) -> str:
    """Return the page of the record; what was refused may be an address that only takes posts."""
    return f"{request.path.split(number)[0]}{number}/" if number else request.path


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was sent, so that the page can send it again with the new version."""
    skipped = {"csrfmiddlewaretoken", "version", "passkey"}
    kept = (k for k in request.POST if k not in skipped and not k.startswith(PREFIX))
    return [(k, v) for k in kept for v in request.POST.getlist(k)]


def see(url: str) -> HttpResponseRedirect:
    """Redirect after a change, so that a reload does not repeat it."""
    answer = HttpResponseRedirect(url)
    answer.status_code = 303
    return answer


def version_of(request: HttpRequest) -> int:
    """Return the version the person had read when the form was opened."""
    version = key_of(request.POST.get("version", ""))
    if version is None:
        raise Refused(
            _("This page was sent without its version. Open it again and repeat the change.")
        )
    return version
