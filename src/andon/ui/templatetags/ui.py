"""Tags and filters that every template has without loading them."""

from datetime import date
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from andon.ui import badges, controls, words
from andon.ui.assets import asset_url

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a built file: ``{% asset "app.js" %}``."""
    return asset_url(name)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite beside a text, hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        asset_url("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """Return the query of this page with ``changes``; an empty value takes a parameter out."""
    request = context.get("request")
    parameters = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value in ("", None):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm, *names: str) -> dict[str, Any]:
    """Show the fields of ``form``, or only those named, each with label, help and errors.

    The summary of errors is apart: ``{% include "ui/form_errors.html" %}`` stands once above.
    """
    fields = [form[name] for name in names] if names else form.visible_fields()
    return {"form": form, "fields": fields, "hidden": [] if names else form.hidden_fields()}


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the widget of ``field`` with its classes, tied to its help and its errors."""
    return controls.draw(field)


@register.simple_tag
def tone(state: Any, label: str = "", name: str = "") -> badges.Badge:
    """Return how a state is shown: words, icon and colour."""
    return badges.badge(state, label=label, tone=name)


@register.simple_tag
def due(date_due: date | None, today: date | None = None, done: Any = False) -> SafeString:  # noqa: FBT002
    """Show a due date as seen on the day ``today``; what is ``done`` is never overdue.

    Written here and not in a template, because a list shows one in each of its rows.
    """
    if not isinstance(date_due, date):
        return format_html('<span class="text-secondary">{}</span>', _("No due date"))
    shown = badges.due(date_due, today=today, done=bool(done))
    text = format_html(
        '<time class="text-nowrap" datetime="{}">{}</time>',
        date_due.isoformat(),
        date_format(date_due),
    )
    if not shown.words:
        return text
    mark = icon(shown.icon, "icon-inline me-1")
    return format_html('<span class="{}">{}{} {}</span>', shown.css, mark, text, shown.words)


@register.simple_tag(takes_context=True)
def term_of(context: Context, name: str) -> words.Entry | None:
    """Return the definition of a word of ISO 9000, with an id of its own on this page."""
    page: dict[Any, Any] = context.render_context.dicts[0]
    page["andon.ui.terms"] = nth = page.get("andon.ui.terms", 0) + 1
    return words.entry(name, nth=nth)


@register.simple_tag
def state_badge(label: str, tone: str) -> SafeString:
    """Draw a state as ``<c-state>`` does, cheaply enough for the rows of a table."""
    shown = badges.badge(None, label=label, tone=tone)
    return format_html(
        '<span class="badge {}">{}{}</span>', shown.css, icon(shown.icon), shown.label
    )


@register.simple_tag
def due_date(day_due: date | None, today: date | None = None, done: bool = False) -> SafeString:  # noqa: FBT001, FBT002
    """Draw a due date as ``<c-due>`` does, cheaply enough for the rows of a table."""
    if not isinstance(day_due, date):
        return format_html('<span class="text-secondary">{}</span>', _("No due date"))
    shown = badges.due(day_due, today=today, done=bool(done))
    day = date_format(day_due)
    if not shown.words:
        return format_html(
            '<time class="text-nowrap" datetime="{}">{}</time>', day_due.isoformat(), day
        )
    return format_html(
        '<span class="text-nowrap {}">{}<time datetime="{}">{}</time></span>'
        ' <span class="{}">{}</span>',
        shown.css,
        icon(shown.icon),
        day_due.isoformat(),
        day,
        shown.css,
        shown.words,
    )
