"""Two values are the same when a person would say that nothing changed."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.edm import equal

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, None),
        (None, ""),
        ("", " \u200b"),
        (" a  b ", "a b"),
        ("й", "и\u0306"),
        (Decimal("1.50"), Decimal("1.5")),
        (Decimal(2), 2),
        (NOON, NOON.astimezone(timezone(timedelta(hours=3)))),
        ((), ()),
        (("a", "b"), ("b", "a")),
        (("a ",), ("a",)),
        (({"x": "a"}, {"x": "b"}), ({"x": "b"}, {"x": "a"})),
        ({"x": "a "}, {"x": "a", "y": 1}),
        ({"x": None}, {}),
        (((1,), (2,)), ((2,), (1,))),
        (UUID(int=1), UUID(int=1)),
        (b"a", b"a"),
        (float("inf"), float("inf")),
    ],
)
def test_same(left, right):
    """Text after cleaning and empty as null, numbers by value, instants by instant, collections in any order."""
    assert equal(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, 0),
        (None, False),
        ("a", "A"),
        ("", "-"),
        ("е", "ё"),
        (Decimal("1.50"), Decimal("1.51")),
        ("1", 1),
        (("a",), ("a", "a")),
        (("a", "a", "b"), ("a", "b", "b")),
        ({"x": 1}, {"x": 2}),
        ({"x": 1}, None),
        (date(2026, 1, 1), date(2026, 1, 2)),
        ((), None),
        (date(2026, 1, 31), "2026-01-31"),
        (float("nan"), 1.0),
    ],
)
def test_different(left, right):
    """Case is a difference, so is one more item of a collection."""
    assert not equal(left, right)


@pytest.mark.parametrize(
    ("left", "right", "scale", "same"),
    [
        ("1.006", "1.007", 2, True),
        ("1.004", "1.006", 2, False),
        ("1.5", "2.5", 0, True),
        ("0.1", "0.2", None, False),
        ("12345678901234567890123456789012345.12", "12345678901234567890123456789012345.123", 2, True),
        ("12345678901234567890123456789012345.12", "12345678901234567890123456789012345.13", 2, False),
        ("1E+999999", "2E+999999", 2, False),
    ],
)
def test_decimals_at_their_scale(left, right, scale, same):
    """Beyond its scale a service rounds: that is no change, however long the numbers are."""
    assert equal(Decimal(left), Decimal(right), scale=scale) is same


@given(
    st.decimals(allow_nan=False) | st.integers() | st.floats(),
    st.decimals(allow_nan=False) | st.floats(),
    st.integers(0, 10),
)
def test_any_numbers(left, right, scale):
    """No pair of numbers is too large to compare, and the order does not matter."""
    assert equal(left, right, scale=scale) is equal(right, left, scale=scale)
