"""One text for one value (AT5)."""

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from andon.trail.canonical import NotCanonical, canonical, sha256

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)


@given(values)
def test_AT5_a_value_comes_back_from_its_text(value: Any) -> None:
    text = canonical(value)

    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text
    text.encode()


@given(st.dictionaries(texts, st.integers(0, 9)))
def test_AT5_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


@given(texts)
def test_AT5_text_is_kept_as_typed(text: str) -> None:
    assert json.loads(canonical([text])) == [text]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_AT5_a_decimal_is_text_in_its_scale(value: Decimal) -> None:
    assert json.loads(canonical(value)) == format(value, "f")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ("Größe ✓", '"Größe ✓"'),
        (Decimal("1.50"), '"1.50"'),
        (Decimal("1E+2"), '"100"'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (time(3, 4), '"03:04:00.000000"'),
        (datetime(2026, 1, 2, 3, 4, 5, 6, UTC), '"2026-01-02T03:04:05.000006Z"'),
        (
            datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))),
            '"2026-01-02T01:00:00.000000Z"',
        ),
        (timedelta(seconds=1), "1000000"),
        (b"x", f'"sha256:{hashlib.sha256(b"x").hexdigest()}"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (gettext_lazy("text"), '"text"'),
        ((1, 2), "[1,2]"),
    ],
)
def test_AT5_each_type_has_its_text(value: Any, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        float("nan"),
        Decimal("NaN"),
        Decimal("Infinity"),
        "a\0b",
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        2**53,
        -(2**53),
        datetime(2026, 1, 2),  # noqa: DTZ001
        object(),
        [0.5],
    ],
)
def test_AT5_what_has_no_one_text_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_hashes_are_over_the_bytes_of_the_lines() -> None:
    assert sha256("a", "ä") == hashlib.sha256("a\nä".encode()).hexdigest()
