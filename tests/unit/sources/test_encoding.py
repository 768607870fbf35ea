"""Which encoding a text file has, found from its bytes alone."""

from pathlib import Path

import pytest

from importer.problems import ConfigurationError
from importer.sources.encoding import find_encoding

RUSSIAN = "ФИО;Отдел;Дата\nИванов Иван Иванович;Отдел продаж;01.02.2026\nООО «Ромашка» — № 5;Склад;\n"
CAPITALS = "ИВАНОВ;МОСКВА\nПЕТРОВА;СПБ\n"
CODES = "Код;Наименование\n1;Ромашка\n2;Вектор\n"
UKRAINIAN = "Прізвище;Відділ\nЇжак Євген Ґалаґан;Відділ продажів і маркетингу\n"
KAZAKH = "Аты;Бөлім\nӘлия Нұрланқызы;Қаржы бөлімі\nӨмірбек Ғалымұлы;Сату бөлімі\n"
FRENCH = "Nom;Prénom\nLefèvre;Élodie\nGarçon;Noël\n"
GERMAN = "Name;Straße\nMüller;Königsstraße 5\nJäger;Ötztal\n"
POLISH = "Imię;Nazwisko\nŁukasz;Świątek\nZażółć;Gęślą\n"
EUROS = "Name,Price\nWidget,5 €\nGadget – large,7 €\n"

CYRILLIC_PAGES = ("cp1251", "cp866", "koi8-r", "mac-cyrillic", "iso8859-5")
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


def found(folder: Path, data: bytes) -> tuple[str, str]:
    path = folder / "a.csv"
    path.write_bytes(data)
    encoding = find_encoding(path, None, "a.csv", None)
    return data.decode(encoding.codec), encoding.how


@pytest.mark.parametrize(
    ("text", "page"),
    [
        *((text, page) for text in (CAPITALS, CODES) for page in (*CYRILLIC_PAGES, *UNICODE)),
        *((RUSSIAN, page) for page in ("cp1251", "mac-cyrillic", *UNICODE)),
        *((UKRAINIAN, page) for page in ("cp1251", "koi8-u", "mac-cyrillic", "utf-8")),
        *((KAZAKH, page) for page in ("kz1048", "ptcp154", "utf-8", "utf-16-le")),
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (EUROS, "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
    ],
)
def test_the_letters_come_out_right(text: str, page: str, tmp_path: Path) -> None:
    """A file of an old code page, even a short one, is read with the letters that were written."""
    assert found(tmp_path, text.encode(page))[0].lstrip("\ufeff") == text


def test_a_name_far_down(tmp_path: Path) -> None:
    """The only foreign letters may stand a megabyte below the header."""
    text = "id;name\n" + "1;John\n" * 200_000 + "2;Иванов Пётр\n"

    assert found(tmp_path, text.encode("cp1251")) == (text, "guess")


@pytest.mark.parametrize("page", ["utf-16-le", "utf-16-be"])
def test_two_letters_of_utf_16(page: str, tmp_path: Path) -> None:
    """Two letters are enough to see that every second byte is no letter."""
    assert found(tmp_path, "Да\n".encode(page)) == ("Да\n", "pattern")


def test_damaged_utf_8_is_not_guessed_to_be_something_else(tmp_path: Path) -> None:
    """A few wrong bytes do not turn every letter of the file into two: they are named instead."""
    path = tmp_path / "a.csv"
    path.write_bytes("Имя;Код\nИванов Иван;1\n".encode() + b"\xff;2\n")

    with pytest.raises(ConfigurationError) as caught:
        find_encoding(path, None, "a.csv", None)

    assert caught.value.problems[0].message() == "Byte 38, line 3 of a.csv is not utf-8: `ff`."


def test_bytes_of_no_encoding_are_named(tmp_path: Path) -> None:
    """Byte, line and the bytes themselves are told, with what would read them."""
    path = tmp_path / "a.csv"
    path.write_bytes("a;b\nИванов;Пётр\n".encode("cp1251"))

    with pytest.raises(ConfigurationError) as caught:
        find_encoding(path, "utf-8", "a.csv", None)

    assert caught.value.problems[0].message() == "Byte 4, line 2 of a.csv is not utf-8: `c8`."
    assert "cp1251" in caught.value.problems[0].advice()


def test_the_likeliest_pages_are_named_first(text, refused):
    """Where bytes do not fit, the hint names the pages under which the file reads as words, the likeliest first."""
    problem = refused(text("Имя;Город\nИванов;Москва\n", encoding="cp866"), encoding="utf-8")

    assert problem.message().startswith("Byte 0, line 1")
    assert problem.advice().startswith("Readable as: cp866, ")
