"""What a cell means: missing, a number, a date. Decided for a whole column, never cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from andon.tables.model import Cell

_MISSING = frozenset(
    {"", "null", "n/a", "na", "nan", "nil", "#n/a", "-", "--", "–", "—", ".", "?", "\\n"}
)
_STARS = re.compile(r"^\*{2,}$")
_NUMBERISH = re.compile(r"^[-+−(]? *[.,]?\d[\d.,' \u00a0\u202f]*([eE][-+]?\d+)?\)?$")
_MONEY = re.compile(r"[€$£¥]|\bEUR\b|\bUSD\b")
_GROUP = r"[\s\u00a0\u202f']"
_DATE = re.compile(
    r"^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})"
    r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?$"
)
_NAMED = re.compile(
    r"^(?:(\d{1,2})[. -]+([^\W\d]{3,})\.?[, -]+(\d{2,4})|([^\W\d]{3,})\.? +(\d{1,2}),? +(\d{4}))$"
)
_COMPACT = re.compile(r"^(19|20)\d{6}$")
_MONTHS = (
    ("jan", "gen", "ene", "janv"),
    ("feb", "fév", "fev", "févr"),
    ("mar", "mär", "mrt", "mars", "maa"),
    ("apr", "avr", "abr", "avri"),
    ("may", "mai", "mag", "mei"),
    ("jun", "giu", "juin"),
    ("jul", "lug", "juil"),
    ("aug", "aoû", "ago", "aou"),
    ("sep", "set"),
    ("oct", "okt", "ott"),
    ("nov",),
    ("dec", "dez", "dic", "déc"),
)
_SERIALS = (20_000, 80_000)
_EPOCH = date(1899, 12, 30)


def missing(cell: Cell) -> bool:
    """Whether a cell says "nothing here": empty, null, n/a, a dash or stars. Zero is a value."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    text = cell.strip().lower()
    return text in _MISSING or bool(_STARS.match(text))


def looks_numeric(cell: Cell) -> bool:
    """Whether a cell is a number or reads like one."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, (int, float)):
        return True
    return isinstance(cell, str) and bool(_NUMBERISH.match(_plain(cell)))


def looks_dated(cell: Cell) -> bool:
    """Whether a cell is a date or reads like one."""
    if isinstance(cell, date):
        return True
    return isinstance(cell, str) and bool(_DATE.match(cell.strip()) or _named(cell))


def _plain(text: str) -> str:
    return _MONEY.sub("", text).rstrip("% ").strip()


@dataclass(frozen=True)
class Reading:
    """How the cells of one column are to be read."""

    decimal: str = "."
    decimal_unsure: bool = False
    order: str = "ymd"
    order_unsure: bool = False
    serials: bool = False
    dates: int = 0
    numbers: int = 0
    filled: int = 0

    @property
    def kind(self) -> str:
        """What most cells of the column are: "date", "number" or "text"."""
        if self.filled and self.dates >= self.filled * 0.8:
            return "date"
        if self.filled and self.numbers >= self.filled * 0.8:
            return "number"
        return "text"


def read_column(cells: Iterable[Cell], *, separator: str = "") -> Reading:
    """Find date order and decimal sign from all cells of a column together."""
    values = {cell for cell in cells if not missing(cell)}
    texts = [value.strip() for value in values if isinstance(value, str)]
    numeric = [value for value in values if looks_numeric(value)]
    decimal, decimal_unsure = _decimal_sign(
        [_plain(text) for text in texts if looks_numeric(text)], separator
    )
    order, order_unsure = _date_order(texts)
    return Reading(
        decimal=decimal,
        decimal_unsure=decimal_unsure,
        order=order,
        order_unsure=order_unsure,
        serials=bool(numeric) and all(_is_serial(value) for value in numeric),
        dates=sum(looks_dated(value) for value in values),
        numbers=len(numeric),
        filled=len(values),
    )


def _decimal_sign(texts: list[str], separator: str) -> tuple[str, bool]:
    """Return the decimal sign, and whether "1,234" leaves it open."""
    comma = point = unsure = False
    for text in texts:
        if "," not in text:
            point = point or bool(re.search(r"\.\d{1,2}$|\.\d{4,}$|^0\.\d|^\.\d", text))
            comma = comma or text.count(".") > 1
        elif "." in text:
            comma = comma or text.rindex(",") > text.rindex(".")
            point = point or text.rindex(".") > text.rindex(",")
        elif text.count(",") > 1:
            point = True
        elif re.search(r"^[-+−]?(0|\d{4,}),|,(\d{1,2}|\d{4,})$", text):
            comma = True
        else:
            unsure = True
    if comma and not point:
        return ",", False
    return ".", unsure and not point and separator != ","


def _date_order(texts: list[str]) -> tuple[str, bool]:
    """Return "dmy", "mdy" or "ymd", and whether no date above the 12th settles it."""
    parts = [found.groups() for text in set(texts) if (found := _DATE.match(text))]
    if not parts:
        return "ymd", False
    short = [part for part in parts if len(part[0]) <= 2]  # noqa: PLR2004 - not a year
    if not short:
        return "ymd", False
    first = max(int(part[0]) for part in short)
    second = max(int(part[2]) for part in short)
    if first > 12 and second <= 12:  # noqa: PLR2004 - months
        return "dmy", False
    if second > 12 and first <= 12:  # noqa: PLR2004
        return "mdy", False
    if all(part[1] == "." for part in short):
        return "dmy", False
    return "dmy", True


def _is_serial(value: Cell) -> bool:
    if isinstance(value, str):
        return value.isdecimal() and _SERIALS[0] <= int(value) <= _SERIALS[1]
    return isinstance(value, (int, float)) and _SERIALS[0] <= value <= _SERIALS[1]


def as_number(cell: Cell, reading: Reading) -> Decimal | None:
    """Return the number in a cell, None if it is none. A percentage becomes its fraction."""
    if isinstance(cell, bool):
        return Decimal(int(cell))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return _from_float(cell)
    if isinstance(cell, timedelta):
        return _from_float(cell.total_seconds() / 60)
    return _from_text(cell, reading) if isinstance(cell, str) else None


def _from_float(value: float) -> Decimal | None:
    """15 digits are what a spreadsheet shows and SQLite keeps: 274.65999999999997 is 274.66."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return None
    return Decimal(format(value, ".15g"))


def _from_text(text: str, reading: Reading) -> Decimal | None:
    plain = _plain(text)
    if not _NUMBERISH.match(plain):
        return None
    negative = plain.startswith(("(", "-", "−"))
    plain = re.sub(_GROUP, "", plain.strip("()+-−"))
    if reading.decimal == ",":
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    number = -number if negative else number
    return number / 100 if text.rstrip().endswith("%") else number


def as_date(cell: Cell, reading: Reading) -> date | None:
    """Return the day in a cell, None if it is none."""
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    text = _whole(cell)
    if text is None:
        return None
    if _COMPACT.match(text):
        return _day(text[:4], text[4:6], text[6:])
    if reading.serials and text.isdecimal():
        return _EPOCH + timedelta(days=int(text))
    return _numeric_date(text, reading) or _named(text)


def _whole(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell == int(cell) else None
    return cell.strip() if isinstance(cell, str) else None


def _numeric_date(text: str, reading: Reading) -> date | None:
    found = _DATE.match(text)
    if not found:
        return None
    first, _mark, second, third = found.groups()
    if len(first) > 2:  # noqa: PLR2004 - a year comes first
        return _day(first, second, third)
    if reading.order == "mdy":
        return _day(third, first, second)
    return _day(third, second, first)


def _named(text: str) -> date | None:
    found = _NAMED.match(text.strip())
    if not found:
        return None
    day, month, year, month_first, day_second, year_third = found.groups()
    number = _month(month or month_first)
    return _day(year or year_third, str(number), day or day_second) if number else None


def _month(name: str) -> int | None:
    key = name.lower()
    for number, starts in enumerate(_MONTHS, start=1):
        if key.startswith(starts):
            return number
    return None


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) not in {2, 4} or len(day) > 2:  # noqa: PLR2004 - a version number, not a day
        return None
    if len(year) == 2:  # noqa: PLR2004 - 70…99 are of the last century
        number += 1900 if number >= 70 else 2000  # noqa: PLR2004
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def as_text(cell: Cell) -> str:
    """Return a cell as one would read it aloud: 8.0 is "8", no blanks around or doubled."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return format(Decimal(format(cell, ".15g")).normalize(), "f")
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)
