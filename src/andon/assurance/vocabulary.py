"""The pages of the terms of ISO 9000."""

from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render

from andon.assurance import queries
from andon.records.pages import Request
from andon.standard import find_terms, term, terms


def all_terms(request: Request) -> HttpResponse:
    """Show the terms by group, or those that a search finds."""
    words = request.GET.get("q", "").strip()[:100]
    found = find_terms(words) if words else terms()
    groups = [(name, list(rows)) for name, rows in groupby(found, key=lambda row: row.group)]
    return render(
        request, "assurance/terms.html", {"groups": groups, "words": words, "found": found}
    )


def one_term(request: Request, key: str) -> HttpResponse:
    """Show one term with its neighbours and the clauses that use it."""
    entry = next((row for row in terms() if row.key == key), None)
    if entry is None:
        raise Http404
    edition = queries.edition_in_use()
    clauses = [(ref, edition.by_number.get(ref.split(" ")[0])) for ref in entry.clauses]
    context = {
        "entry": entry,
        "related": [found for name in entry.related if (found := term(name))],
        "clauses": clauses,
        "edition": edition,
    }
    return render(request, "assurance/term.html", context)
