"""Values as they stand in a URL (OData ABNF §7)."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.edm.model import Model
from importer.odata.payload import decode
from importer.odata.url.literals import encoded, write_duration, write_literal, write_moment, write_time

NAIVE = datetime(2026, 1, 31, tzinfo=UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (None, "null"),
        ("", "''"),
        ("O'Brien", "'O''Brien'"),
        ("Ё, 50% + & # ? /", "'Ё, 50% + & # ? /'"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (-7, "-7"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (1.5, "1.5"),
        (float("inf"), "INF"),
        (float("-inf"), "-INF"),
        (float("nan"), "NaN"),
        (date(2026, 1, 31), "2026-01-31"),
        (date(33, 4, 3), "0033-04-03"),
        (UUID("ABCDEF00-0000-0000-0000-00000000000F"), "abcdef00-0000-0000-0000-00000000000f"),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), "2026-01-31T09:00:00Z"),
        (datetime(33, 1, 2, 3, tzinfo=UTC), "0033-01-02T03:00:00Z"),
        (datetime(2026, 1, 31, 9, 0, 0, 500_000, timezone(timedelta(hours=3))), "2026-01-31T06:00:00.5Z"),
        (NAIVE, "2026-01-31T00:00:00Z"),
        (time(9, 30), "09:30:00"),
        (time(9, 30, 0, 1), "09:30:00.000001"),
        (timedelta(0), "duration'PT0S'"),
        (timedelta(days=1, hours=2, minutes=30), "duration'P1DT2H30M'"),
        (-timedelta(seconds=1.5), "duration'-PT1.5S'"),
        (timedelta(days=2), "duration'P2D'"),
        (b"\xfb\xff", "binary'-_8='"),
    ],
)
def test_literals(value, literal):
    """Every primitive has one form."""
    assert write_literal(value) == literal


def test_enumerations():
    """A member is written with its type; null is null also there."""
    assert write_literal("Manual", "WP.BillingMode") == "WP.BillingMode'Manual'"
    assert write_literal(None, "WP.BillingMode") == "null"
    assert write_literal(5, "WP.BillingMode") == "5"


def test_no_literal():
    """A value without a literal is our mistake and is told at once."""
    with pytest.raises(TypeError, match="no literal for object"):
        write_literal(object())


@given(st.text(max_size=30))
def test_encoding(text):
    """Encoded once, a text comes back; no sign of the URL's own is left, `+` neither."""
    assert unquote(encoded(text), errors="surrogatepass") == text
    assert not set(encoded(text)) & set(" +&#?/'()=,;:@$!*\"")


moments = st.datetimes(timezones=st.just(UTC))
MODEL = Model()


@given(moments)
def test_moments_come_back(value):
    """An instant is read back exactly."""
    assert decode(write_moment(value), "Edm.DateTimeOffset", MODEL) == value


@given(st.timedeltas())
def test_durations_come_back(value):
    """A duration is read back exactly."""
    assert decode(write_duration(value), "Edm.Duration", MODEL) == value


@given(st.times())
def test_times_come_back(value):
    """A time of day is read back exactly."""
    assert decode(write_time(value), "Edm.TimeOfDay", MODEL) == value
