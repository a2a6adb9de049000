"""Form controls as Tabler draws them, tied to their help and errors."""

from django.forms import BoundField
from django.forms.utils import flatatt
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    HiddenInput,
    RadioSelect,
    Select,
    SelectMultiple,
    Textarea,
    Widget,
)
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: A text that nobody gave a height is lower than Django makes it.
_PLAIN = {
    f"django/forms/widgets/{name}.html" for name in ("text", "number", "email", "date", "textarea")
}
_SELECTED = SafeString(" selected")
DJANGO_ROWS, ROWS = "10", "4"


def draw(field: BoundField) -> SafeString:
    """Return the widget of ``field``; choices to tick get a line each."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return SafeString(render_to_string("ui/choices.html", {"field": field}))
    if type(widget) is Select and (drawn := _select(field, widget)):
        return drawn
    if widget.template_name in _PLAIN:
        return _input(field, widget)
    return field.as_widget(attrs=_attributes(field))


def _input(field: BoundField, widget: Widget) -> SafeString:
    """Draw a one-line field or a text as Django does, without a template."""
    attributes = field.build_widget_attrs({"id": field.auto_id, **_attributes(field)}, widget)
    drawn = widget.get_context(field.html_name, field.value(), attributes)["widget"]
    rest, value = flatatt(drawn["attrs"]), drawn["value"]
    if isinstance(widget, Textarea):
        return format_html(
            '<textarea name="{}"{}>\n{}</textarea>', drawn["name"], rest, value or ""
        )
    held = "" if value is None else format_html(' value="{}"', value)
    return format_html('<input type="{}" name="{}"{}{}>', drawn["type"], drawn["name"], held, rest)


def _select(field: BoundField, widget: Select) -> SafeString | None:
    """Draw a list of choices as Django does, which asks a template for every single one.

    Returns None for choices in groups; those are drawn the slow way.
    """
    choices = list(widget.choices)
    if any(isinstance(label, list | tuple) for _value, label in choices):
        return None
    held = {str(value) for value in widget.format_value(field.value())}
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, _SELECTED if str(value) in held else "", label)
            for value, label in ((("" if v is None else v), text) for v, text in choices)
        ),
    )
    attributes = {"id": field.auto_id, **_attributes(field)}
    attributes = widget.build_attrs(widget.attrs, field.build_widget_attrs(attributes, widget))
    drawn = flatatt({"name": field.html_name, **attributes})
    return format_html("<select{}>{}</select>", drawn, options)


def _attributes(field: BoundField) -> dict[str, str | bool]:
    attributes: dict[str, str | bool] = {"class": _classes(field)}
    if field.field.widget.attrs.get("rows") == DJANGO_ROWS:
        attributes["rows"] = ROWS
    if field.help_text or field.errors:
        attributes["aria-describedby"] = f"{field.auto_id}_notes"
    return attributes


def _classes(field: BoundField) -> str:
    widget = field.field.widget
    own = str(widget.attrs.get("class", ""))
    if isinstance(widget, HiddenInput):
        return own
    if isinstance(widget, CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, Select | SelectMultiple):
        base = "form-select"
    else:
        base = "form-control"
    return " ".join(filter(None, (own, base, "is-invalid" if field.errors else "")))
