"""Addresses and lines of mails, and the button that watches a record."""

from typing import Any

from django import template

from andon.portal.notices import mailing, queries
from andon.records.models import Record

register = template.Library()


@register.simple_tag
def permalink(record: Record) -> str:
    """Return the address of ``record`` as it may stand in a mail."""
    return mailing.link(f"/r/{record.number}")


@register.filter
def one_line(text: str) -> str:
    """Return ``text`` on one line, without characters that are none."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@register.simple_tag
def is_watched(user: Any, record: Record) -> bool:
    return queries.is_watched(user, record)
