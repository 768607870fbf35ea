"""Serial numbers and their formats."""

from datetime import date, datetime, time, timedelta

import pytest

from importer.sources.codes import code_text, is_code
from importer.sources.moments import Shows, from_serial, shows


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (None, Shows.NUMBER),
        ("General", Shows.NUMBER),
        ("0.00E+00", Shows.NUMBER),
        ('0" d"', Shows.NUMBER),
        ("[Red]#,##0", Shows.NUMBER),
        ("dd.mm.yyyy", Shows.DATE),
        ("[$-419]d mmm yyyy;@", Shows.DATE),
        ("mmm-yy", Shows.DATE),
        ("m/d/yy h:mm", Shows.DATETIME),
        ("h:mm AM/PM", Shows.TIME),
        ("mm:ss", Shows.TIME),
        ("[h]:mm:ss", Shows.DURATION),
        ("[mm]:ss", Shows.DURATION),
    ],
)
def test_what_a_format_shows(code, kind):
    """Quoted texts, colours and locales do not make a date."""
    assert shows(code) is kind


@pytest.mark.parametrize(
    ("number", "code", "value"),
    [
        (1, "d.m.yy", date(1900, 1, 1)),
        (59, "d.m.yy", date(1900, 2, 28)),
        (60, "d.m.yy", 60),
        (61, "d.m.yy", date(1900, 3, 1)),
        (0, "d.m.yy", 0),
        (-5, "d.m.yy", -5),
        (2_958_465, "d.m.yy", date(9999, 12, 31)),
        (2_958_466, "d.m.yy", 2_958_466),
        (46053, "d.m.yy h:mm", datetime.fromisoformat("2026-01-31T00:00")),
        (46053.99999999999, "d.m.yy h:mm", datetime.fromisoformat("2026-02-01T00:00")),
        (46053.5, "d.m.yy", datetime.fromisoformat("2026-01-31T12:00")),
        (0.5, "h:mm", time(12)),
        (1.25, "[h]:mm", timedelta(hours=30)),
        (-0.5, "[h]:mm", timedelta(hours=-12)),
        (float("inf"), "[h]:mm", float("inf")),
    ],
)
def test_moments(number, code, value):
    """Days that never were stay numbers, and so does what no calendar holds."""
    assert from_serial(number, code, since_1904=False) == value
    assert from_serial(0, "d.m.yy", since_1904=True) == date(1904, 1, 1)


@pytest.mark.parametrize(
    ("code", "digits", "text"),
    [
        ("00000", "42", "00042"),
        ('0000" "00', "1234", "0012 34"),
        ("00-00", "42", "00-42"),
        ("00-00", "12345", "123-45"),
        ('"А-"0000', "7", "А-0007"),
        ("0000\\ 00", "1234", "0012 34"),
        ("+0 (000) 000-00-00", "79261234567", "+7 (926) 123-45-67"),
        ("[$-419]0000;-0000", "7", "0007"),
    ],
)
def test_codes(code, digits, text):
    """A code reads as Excel shows it."""
    assert is_code(code)
    assert code_text(digits, code) == text


@pytest.mark.parametrize("code", ["0.00", '0" kg"', "#,##0", "0%", "General", "dd", "@", '"text"'])
def test_no_codes(code):
    """Amounts, shares and dates are no codes."""
    assert not is_code(code)
