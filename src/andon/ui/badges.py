"""How a state and a due date are shown: words first, then an icon, colour last.

Red means that a person must act; nothing else is red.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: What a tone looks like: the classes of its badge, and its icon.
TONES: dict[str, tuple[str, str]] = {
    "neutral": ("badge-outline text-secondary", "circle"),
    "info": ("bg-blue-lt", "circle-dot"),
    "wait": ("bg-yellow-lt", "clock"),
    "good": ("bg-green-lt", "circle-check"),
    "act": ("bg-red-lt", "alert-triangle"),
}
SOON = 7


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as it is drawn."""

    label: str
    css: str
    icon: str


@dataclass(frozen=True, slots=True)
class Due:
    """A due date as it is drawn; without words the date says enough."""

    words: str
    css: str = ""
    icon: str = ""


def badge(state: Any, *, label: str = "", tone: str = "") -> Badge:
    """Return the badge of ``state``, an object with ``label`` and ``tone``, or a plain text."""
    css, icon = TONES.get(tone or str(getattr(state, "tone", "")), TONES["neutral"])
    return Badge(str(label or getattr(state, "label", state or "")), css, icon)


def due(day_due: date | None, *, today: date | None, done: bool = False) -> Due:
    """Return the words of a due date as seen on ``today``; what is done is never overdue."""
    if not isinstance(day_due, date) or not isinstance(today, date) or done:
        return Due("")
    days = (day_due - today).days
    if days < 0:
        text = ngettext("%d day overdue", "%d days overdue", -days) % -days
        return Due(text, "text-red", "alert-triangle")
    if days == 0:
        return Due(_("due today"), "text-orange", "clock")
    if days <= SOON:
        return Due(ngettext("due in %d day", "due in %d days", days) % days, "", "clock")
    return Due("")
