"""The texts of primitive values: one way out, many ways in, the same in URLs and in bodies."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.odata.edm import lexical
from importer.odata.edm.exact import ExactDuration, ExactMoment
from importer.odata.edm.primitives import PRIMITIVES
from importer.odata.url.literals import read_literal, write_literal

NINE = datetime(2026, 1, 31, 9, tzinfo=UTC)
EAST = timezone(timedelta(hours=3))
VALUES = {
    "Edm.String": st.text(),
    "Edm.Boolean": st.booleans(),
    "Edm.Byte": st.integers(0, 255),
    "Edm.SByte": st.integers(-128, 127),
    "Edm.Int16": st.integers(-32768, 32767),
    "Edm.Int32": st.integers(-(2**31), 2**31 - 1),
    "Edm.Int64": st.integers(-(2**63), 2**63 - 1),
    "Edm.Decimal": st.decimals(allow_nan=False, allow_infinity=False),
    "Edm.Single": st.floats(width=32, allow_nan=False),
    "Edm.Double": st.floats(allow_nan=False),
    "Edm.Guid": st.uuids(),
    "Edm.Date": st.dates(),
    "Edm.DateTimeOffset": st.datetimes(timezones=st.just(UTC)),
    "Edm.TimeOfDay": st.times(),
    "Edm.Duration": st.timedeltas(),
    "Edm.Binary": st.binary(),
}


@pytest.mark.parametrize("kind", VALUES)
@settings(deadline=None)
@given(data=st.data())
def test_there_and_back(kind, data):
    """A literal read is the value that was written, for every type, and null."""
    value = data.draw(VALUES[kind])

    assert read_literal(write_literal(value), kind) == value
    assert read_literal(write_literal(None), kind) is None


def test_every_primitive_has_values():
    """No primitive type is left out; a stream has no literal."""
    assert set(VALUES) == set(PRIMITIVES) - {"Edm.Stream"}


@settings(deadline=None)
@given(st.datetimes(timezones=st.timezones()), st.sampled_from([NINE, NINE.astimezone(EAST)]))
def test_instants_of_any_zone(moment, other):
    """An instant in another zone is the same instant."""
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        return
    assert lexical.read_moment(lexical.write_moment(moment)) == expected
    assert lexical.write_moment(other) == "2026-01-31T09:00:00Z"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-31T12:00:00.9999990+03:00", NINE.replace(microsecond=999999)),
        ("2026-01-31T12:00:00.9999999+03:00", ExactMoment.of(NINE.replace(microsecond=999999), "9")),
        ("2026-01-31t09:00:00z", NINE),
        ("2026-01-31", NINE.replace(hour=0)),
        ("2026-01-31T09:00", NINE),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+03:00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
        ("0001-01-01T05:06:07Z", datetime(1, 1, 1, 5, 6, 7, tzinfo=UTC)),
    ],
)
def test_instants(text, value):
    """Seven digits of a second, no zone, no clock, the least instant in any zone: all are read."""
    assert lexical.read_moment(text) == value


def test_the_edges_of_time():
    """The first and last hours can be written from zones in which they are another day."""
    assert lexical.write_moment(datetime(1, 1, 1, tzinfo=EAST)) == "0001-01-01T00:00:00+03:00"
    assert (
        lexical.write_moment(datetime(1, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC).replace(tzinfo=None))
        == "0001-01-01T00:00:00.5Z"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(), "PT0S"),
        (timedelta(days=1), "P1D"),
        (timedelta(hours=36), "P1DT12H"),
        (-timedelta(minutes=90, microseconds=500_000), "-PT1H30M0.5S"),
        (timedelta(seconds=10), "PT10S"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (timedelta(days=100, seconds=100), "P100DT1M40S"),
    ],
)
def test_durations(value, text):
    """Days, hours, minutes, seconds; nothing that is nought."""
    assert lexical.write_duration(value) == text
    assert lexical.read_duration(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+P1D", timedelta(days=1)),
        ("PT1.5S", timedelta(seconds=1.5)),
        ("P0D", timedelta()),
        ("PT90M", timedelta(hours=1.5)),
        ("PT0.1234567S", ExactDuration.of(timedelta(microseconds=123456), "7", negative=False)),
    ],
)
def test_other_durations(text, value):
    """What others write is read."""
    assert lexical.read_duration(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("1.10"), "1.10"),
        (Decimal("-0.0000001"), "-0.0000001"),
        (Decimal("1E+999999"), "1E+999999"),
        (0.1, "0.1"),
        (1e22, "1e+22"),
        (float("inf"), "INF"),
        (float("-inf"), "-INF"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers(value, text):
    """Decimals keep their digits and have no exponent, unless a monstrous one."""
    assert write_literal(value) == text
    if text != "NaN":
        assert read_literal(text, "Edm.Decimal" if isinstance(value, Decimal) else "Edm.Double") == value


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("'O''Brien'", "Edm.String", "O'Brien"),
        ("''", "Edm.String", ""),
        ("''''", "Edm.String", "'"),
        ("'null'", "Edm.String", "null"),
        ("null", "Edm.String", None),
        ("4D1A525F-3ABC-4871-A64A-349C1DD3CABF", "Edm.Guid", UUID("4d1a525f-3abc-4871-a64a-349c1dd3cabf")),
        ("duration'PT8H'", "Edm.Duration", timedelta(hours=8)),
        ("PT8H", "Edm.Duration", timedelta(hours=8)),
        ("binary'-_8='", "Edm.Binary", b"\xfb\xff"),
        ("-_8", "Edm.Binary", b"\xfb\xff"),
        ("2026-01-31", "Edm.Date", date(2026, 1, 31)),
        ("09:30", "Edm.TimeOfDay", time(9, 30)),
        ("N.Mode'Manual'", "N.Mode", "Manual"),
        ("'Manual'", "N.Mode", "Manual"),
        ("Manual", "N.Mode", "Manual"),
        ("N.Rights'Read, Write'", "N.Rights", "Read,Write"),
        ("N.Mode'1'", "N.Mode", "1"),
        ("NaN", "Edm.Double", "nan"),
        ("+5", "Edm.Int32", 5),
    ],
)
def test_literals(text, kind, value):
    """Quotes doubled and undone, prefixes that 4.01 lets go, enumerations with and without their type."""
    found = read_literal(text, kind)

    assert found == value or str(found) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("abc", "Edm.String"),
        ("'", "Edm.String"),
        ("'a'b'", "Edm.String"),
        ("'a''", "Edm.String"),
        ("True", "Edm.Boolean"),
        ("1", "Edm.Boolean"),
        ("256", "Edm.Byte"),
        ("-129", "Edm.SByte"),
        ("32768", "Edm.Int16"),
        ("2147483648", "Edm.Int32"),
        ("9223372036854775808", "Edm.Int64"),
        ("9" * 5000, "Edm.Int64"),
        ("1.0", "Edm.Int32"),
        ("", "Edm.Int32"),
        ("１", "Edm.Int32"),
        ("1_000", "Edm.Int32"),
        ("1,5", "Edm.Decimal"),
        ("NaN", "Edm.Decimal"),
        ("Infinity", "Edm.Double"),
        ("nan", "Edm.Double"),
        ("1E+9999999", "Edm.Decimal"),
        (".", "Edm.Decimal"),
        ("{4d1a525f-3abc-4871-a64a-349c1dd3cabf}", "Edm.Guid"),
        ("4d1a525f3abc4871a64a349c1dd3cabf", "Edm.Guid"),
        ("2026-02-29", "Edm.Date"),
        ("20260131", "Edm.Date"),
        ("2026-W05-6", "Edm.Date"),
        ("2026-01-31T00:00:00.1Z", "Edm.Date"),
        ("2026-01-31T24:00:00Z", "Edm.DateTimeOffset"),
        ("2026-01-31T09:00:00+99:00", "Edm.DateTimeOffset"),
        ("09:60", "Edm.TimeOfDay"),
        ("9:30", "Edm.TimeOfDay"),
        ("P", "Edm.Duration"),
        ("P1DT", "Edm.Duration"),
        ("P1Y", "Edm.Duration"),
        ("P999999999DT999999999999H", "Edm.Duration"),
        ("-P999999999DT23H59M59.9S", "Edm.Duration"),
        ("P1D" + "0" * 5000, "Edm.Duration"),
        ("binary'?'", "Edm.Binary"),
        ("a", "Edm.Binary"),
        ("a=b=", "Edm.Binary"),
        ("a b", "N.Mode"),
        ("N.Mode'a'b'", "N.Mode"),
        ("x", "Edm.Stream"),
    ],
)
def test_no_literals(text, kind):
    """What is no literal of a type is an error, never a guess and never an endless wait."""
    with pytest.raises(ValueError, match=r"."):
        read_literal(text, kind)


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from([*VALUES, "N.Mode"]))
def test_any_text(text, kind):
    """Whatever text comes: a value that can be written again, or ValueError."""
    try:
        value = read_literal(text, kind)
    except ValueError:
        return
    assert write_literal(value, "N.Mode" if kind == "N.Mode" else None)


def test_strange_values():
    """Writing what is of no EDM type is our mistake, and told as one."""
    with pytest.raises(TypeError):
        write_literal((1, 2))
    assert write_literal("Manual", "N.Mode") == "N.Mode'Manual'"
