"""Texts of people's locales as numbers, dates and booleans; never a guess."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from importer.text.locales import (
    ambiguous_date,
    ambiguous_number,
    is_locale,
    other_readings,
    read_boolean,
    read_date,
    read_datetime,
    read_number,
)
from importer.text.locales.known import COMMON

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)
days = st.dates(date(1951, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("text", "iso", "ru", "en"),
    [
        ("5", "5", "5", "5"),
        ("-5", "-5", "-5", "-5"),
        ("−5", "-5", "-5", "-5"),
        ("+5", "5", "5", "5"),
        (" 5 ", "5", "5", "5"),
        ("1234.5", "1234.5", None, "1234.5"),
        ("1,5", None, "1.5", None),
        ("2 720,50", None, "2720.50", None),
        ("2\u00a0720,50", None, "2720.50", None),
        ("2\u202f720", None, "2720", "2720"),
        ("1,234.56", None, None, "1234.56"),
        ("1,234", None, "1.234", "1234"),
        ("1,23,456", None, None, None),
        ("12 34", None, None, None),
        ("1 234 567", None, "1234567", "1234567"),
        ("1,234 567", None, None, None),
        ("(5)", None, "-5", "-5"),
        ("(1 000,5)", None, "-1000.5", None),
        ("5-", None, "-5", "-5"),
        ("(-5)", None, None, None),
        ("-5-", None, None, None),
        ("1e3", "1E+3", "1E+3", "1E+3"),
        (".5", "0.5", None, None),
        ("1.", "1", None, None),
        ("", None, None, None),
        ("-", None, None, None),
        ("abc", None, None, None),
        ("5 руб.", None, "5", None),
        ("٣", None, None, None),
        ("1e9999", None, None, None),
        ("9" * 65, None, None, None),
        ("12 %", None, "0.12", "0.12"),
    ],
)
def test_number(text: str, iso: str | None, ru: str | None, en: str | None) -> None:
    """A number is read exactly, or not at all; `1,5` is never a silent 15."""
    for locale, expected in zip(COMMON, (iso, ru, en), strict=True):
        assert read_number(text, locale) == (None if expected is None else Decimal(expected)), locale


@pytest.mark.parametrize(
    ("text", "iso", "ru", "en"),
    [
        ("2026-01-31", "2026-01-31", "2026-01-31", "2026-01-31"),
        ("31.12.2026", None, "2026-12-31", "2026-12-31"),
        ("31.12.26", None, "2026-12-31", "2026-12-31"),
        ("03.04.25", None, "2025-04-03", None),
        ("3.4.2025", None, "2025-04-03", None),
        ("03/04/25", None, None, "2025-03-04"),
        ("12/31/2026", None, "2026-12-31", "2026-12-31"),
        ("31/12/2026", None, "2026-12-31", None),
        ("05.05.2026", None, "2026-05-05", "2026-05-05"),
        ("31-12-2026", None, "2026-12-31", "2026-12-31"),
        ("01.01.51", None, "1951-01-01", "1951-01-01"),
        ("01.01.50", None, "2050-01-01", "2050-01-01"),
        ("31.09.2026", None, None, None),
        ("29.02.2026", None, None, None),
        ("2026-02-30", None, None, None),
        ("0000-01-01", None, None, None),
        ("31 декабря 2026 г.", None, "2026-12-31", None),
        ("5 мая 2026", None, "2026-05-05", None),
        ("1 янв. 2026", None, "2026-01-01", None),
        ("December 31, 2026", None, None, "2026-12-31"),
        ("31 Dec 2026", None, None, "2026-12-31"),
        ("31 мрт 2026", None, None, None),
        ("31.12.2026 г.", None, "2026-12-31", "2026-12-31"),
        ("31.12.2026 0:00:00", None, "2026-12-31", "2026-12-31"),
        ("2026-01-31T00:00:00", "2026-01-31", "2026-01-31", "2026-01-31"),
        ("2026-01-31T00:00:00Z", None, None, None),
        ("31.12.2026 10:30", None, None, None),
        ("31.12", None, None, None),
        ("31.12-2026", None, None, None),
        ("", None, None, None),
        ("x" * 100, None, None, None),
        ("32 декабря 2026", None, None, None),
    ],
)
def test_date(text: str, iso: str | None, ru: str | None, en: str | None) -> None:
    """A day is one day of the calendar, or none; a clock other than midnight makes it none."""
    for locale, expected in zip(COMMON, (iso, ru, en), strict=True):
        assert read_date(text, locale) == (None if expected is None else date.fromisoformat(expected)), locale


@pytest.mark.parametrize(
    ("text", "locale", "moment"),
    [
        ("2026-01-31T10:00", "iso", "2026-01-31T10:00:00"),
        ("2026-01-31 10:00:05.25", "iso", "2026-01-31T10:00:05.250000"),
        ("2026-01-31T10:00:00Z", "iso", "2026-01-31T10:00:00+00:00"),
        ("2026-01-31T10:00:00 +0300", "ru", "2026-01-31T10:00:00+03:00"),
        ("2026-01-31T10:00:00.1234567Z", "iso", None),
        ("2026-01-31T10:00:00.1234560Z", "iso", "2026-01-31T10:00:00.123456+00:00"),
        ("2026-01-31T25:00", "iso", None),
        ("2026-01-31T10:00+99:99", "iso", None),
        ("2026-01-31", "iso", "2026-01-31T00:00:00"),
        ("31.12.2026 9:05", "ru", "2026-12-31T09:05:00"),
        ("31.12.2026 25:00", "ru", None),
        ("31.12.2026 9:05", "iso", None),
        ("1/2/2026 3:04 PM", "en", "2026-01-02T15:04:00"),
        ("1/2/2026 12:04 a.m.", "en", "2026-01-02T00:04:00"),
        ("1/2/2026 13:04 PM", "en", None),
        ("nothing 10:00", "ru", None),
        ("nothing", "ru", None),
        ("x" * 100, "ru", None),
    ],
)
def test_datetime(text: str, locale: str, moment: str | None) -> None:
    """A moment has the zone that the text has; what is finer than a microsecond is not cut off."""
    assert read_datetime(text, locale) == (None if moment is None else datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("text", "iso", "ru", "en"),
    [
        ("true", True, True, True),
        ("FALSE", False, False, False),
        ("1", True, True, True),
        ("0", False, False, False),
        ("да", None, True, None),
        ("Нет", None, False, None),
        ("yes", None, None, True),
        ("N", None, None, False),
        ("+", None, True, True),
        ("-", None, False, False),
        ("−", None, False, False),
        ("✓", None, True, True),
        ("", None, None, None),
        ("возможно", None, None, None),
    ],
)
def test_boolean(text: str, iso: bool | None, ru: bool | None, en: bool | None) -> None:
    """A yes or no is one of the locale's words."""
    assert [read_boolean(text, locale) for locale in COMMON] == [iso, ru, en]


@pytest.mark.parametrize(
    ("text", "locale", "both"),
    [
        ("03/04/25", "ru", ("2025-04-03", "2025-03-04")),
        ("03.04.25", "en", ("2025-04-03", "2025-03-04")),
        ("03.04.25", "ru", None),
        ("03/04/25", "en", None),
        ("03/04/25", "iso", None),
        ("31/12/25", "ru", None),
        ("05/05/25", "ru", None),
        ("soon", "ru", None),
    ],
)
def test_ambiguous_date(text: str, locale: str, both: tuple[str, str] | None) -> None:
    """A date that could be two days is told with both."""
    expected = None if both is None else (date.fromisoformat(both[0]), date.fromisoformat(both[1]))

    assert ambiguous_date(text, locale) == expected
    assert expected is None or read_date(text, locale) is None


def test_other_readings() -> None:
    """A hint can say under which locale a text would be read, and as what."""
    assert other_readings("1,5", "number") == {"ru": Decimal("1.5")}
    assert other_readings("12/31/2026", "date") == {"ru": date(2026, 12, 31), "en": date(2026, 12, 31)}
    assert other_readings("да", "boolean") == {"ru": True}
    assert other_readings("?", "number") == {}


@given(decimals, st.sampled_from(["ru", "en"]))
def test_numbers_as_cldr_writes_them(number: Decimal, locale: str) -> None:
    """What CLDR writes in a locale is read back exactly."""
    assert read_number(format_decimal(number, locale=locale, format="#,##0.0000"), locale) == number


@given(decimals)
def test_plain_numbers(number: Decimal) -> None:
    """Plain digits with a point are read back exactly under `iso`, with a comma under `ru`."""
    assert read_number(f"{number:f}", "iso") == number
    assert read_number(f"{number:f}".replace(".", ","), "ru") == number


@given(days, st.sampled_from(["ru", "en"]), st.sampled_from(["short", "medium", "long"]))
def test_dates_as_cldr_writes_them(day: date, locale: str, style: str) -> None:
    """What CLDR writes in a locale is read back as the same day."""
    assert read_date(format_date(day, format=style, locale=locale), locale) == day


@given(days, st.times().map(lambda found: found.replace(tzinfo=None)), st.sampled_from(COMMON))
def test_iso_everywhere(day: date, clock: time, locale: str) -> None:
    """ISO dates and moments are read under every locale."""
    assert read_date(day.isoformat(), locale) == day
    assert read_datetime(datetime.combine(day, clock).isoformat(), locale) == datetime.combine(day, clock)


@given(st.text(max_size=30), st.sampled_from(COMMON))
def test_any_text(text: str, locale: str) -> None:
    """No text crashes a reader, and no reader guesses out of nothing."""
    for read in (read_number, read_date, read_datetime, read_boolean, ambiguous_date):
        found = read(text, locale)
        assert found is None or text.strip()


@given(st.integers(-(10**6), 10**6))
def test_minus_by_brackets(number: int) -> None:
    """Brackets mean minus, as accountants write."""
    assert read_number(f"({abs(number)})", "ru") == -abs(number)


def test_two_digit_years_have_a_century() -> None:
    """Every two-digit year is one of a hundred consecutive ones."""
    years = [read_date(f"01.02.{number:02}", "ru") for number in range(100)]

    assert {found.year for found in years if found} == set(range(1951, 2051))
    assert timedelta(0) == years[0] - date(2000, 2, 1)


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        ("1\u00a0234,56", "ru", "1234.56"),
        ("1\u2009234,5", "ru", "1234.5"),
        ("1.234,56", "ru", "1234.56"),
        ("1.234.567", "ru", "1234567"),
        ("1.234.567", "en", None),
        ("1.450,00", "ru", "1450.00"),
        ("1'234,5", "ru", "1234.5"),
        ("1'234.56", "de-CH", "1234.56"),
        ("1’234.56", "de_CH", "1234.56"),
        ("12,34,567.8", "en-IN", "1234567.8"),
        ("1.234,56", "de", "1234.56"),
        ("2 900 ₽", "ru", "2900"),
        ("2500р", "ru", "2500"),
        ("1 250 000,00 руб.", "ru", "1250000.00"),
        ("RUB 5", "ru", "5"),
        ("(2 900 ₽)", "ru", "-2900"),
        ("-2 900 ₽", "ru", "-2900"),
        ("2 900 €", "ru", None),  # an amount in another currency is no number of this column
        ("2 900 €", "de", "2900"),
        ("$1,234.50", "en", "1234.50"),
        ("12 %", "ru", "0.12"),
        ("0,5%", "ru", "0.005"),
        ("0", "ru", "0"),
        ("0,00", "ru", "0.00"),
        ("12 % %", "ru", None),
        ("₽", "ru", None),
        ("%", "ru", None),
        ("1,2E3", "ru", "1.2E+3"),
    ],
)
def test_numbers_as_people_write_them(text: str, locale: str, number: str | None) -> None:
    """Groups, percent signs and the country's own currency are understood; anything else is no number."""
    found = read_number(text, locale)

    assert (None if found is None else str(found)) == number


@pytest.mark.parametrize(
    ("text", "locale", "both"),
    [
        ("1.234", "ru", ("1234", "1.234")),
        ("1,234", "iso", ("1234", "1.234")),
        ("1.234", "iso", None),
        ("1.234", "de", None),
        ("1.23", "ru", None),
        ("1.234.567", "ru", None),
    ],
)
def test_ambiguous_number(text: str, locale: str, both: tuple[str, str] | None) -> None:
    """A sign that may group or part is told with both readings."""
    found = ambiguous_number(text, locale)

    assert (None if found is None else tuple(map(str, found))) == both


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("31.12.26", "de", "2026-12-31"),
        ("31/12/2026", "en-GB", "2026-12-31"),
        ("03/04/2026", "en-GB", "2026-04-03"),
        ("03/04/2026", "en", "2026-03-04"),
        ("03/04/2026", "ru", None),
        ("2026-12-31", "sv", "2026-12-31"),
        ("2026.12.31", "ru", "2026-12-31"),
        ("31. 12. 2026", "cs", "2026-12-31"),
        ("31 дек 2026 г.", "ru", "2026-12-31"),
        ("чт, 31 декабря 2026", "ru", "2026-12-31"),
        ("31-дек-2026", "ru", "2026-12-31"),
        ("31 de diciembre de 2026", "es", "2026-12-31"),
        ("31. Dezember 2026", "de", "2026-12-31"),
        ("31 желтоқсан 2026", "kk", "2026-12-31"),
        ("2026/02/30", "ru", None),
        ("2 кв. 2026", "ru", None),
        ("бессрочно", "ru", None),
    ],
)
def test_dates_as_people_write_them(text: str, locale: str, day: str | None) -> None:
    """Orders, signs and names of months are CLDR's; a day that is not in the calendar is none."""
    found = read_date(text, locale)

    assert (None if found is None else found.isoformat()) == day


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("iso", True),
        ("ru", True),
        ("de-CH", True),
        ("en_GB", True),
        ("xx", False),
        ("../ru", False),
        ("", False),
    ],
)
def test_locales(name: str, known: bool) -> None:
    """Every locale of CLDR can be named, and nothing else."""
    assert is_locale(name) is known


@pytest.mark.parametrize("locale", ["ru", "en", "de", "de-CH", "fr", "sv", "kk", "hi", "ar", "ja", "fa"])
@given(st.text(alphabet="0123456789.,'-+() %₽$€рубx\u00a0\u202f", max_size=20))
def test_no_locale_fails(locale: str, text: str) -> None:
    """Whatever stands in a cell, every reader answers, and a number is one that Decimal holds."""
    number = read_number(text, locale)

    assert number is None or number.is_finite()
    read_date(text, locale)
    read_datetime(text, locale)
    ambiguous_date(text, locale)
    ambiguous_number(text, locale)
    read_boolean(text, locale)
