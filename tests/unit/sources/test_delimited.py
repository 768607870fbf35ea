"""Text files: encodings, delimiters, quotes; records know the line they begin on."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.problems import CellPlace
from importer.sources.inspection import inspect

RUSSIAN = (
    "ФИО;Должность;Ставка\nИванов Иван Иванович;ведущий консультант;2 720,50\n"
    "Соколова Мария Викторовна;руководитель проектов;3 100,00\nГусев Пётр Петрович;разработчик;1 450,00\n"
)


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8-sig", None),
        ("utf-8", None),
        ("utf-16", None),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1251", "cp1251"),
        ("cp866", "cp866"),
        ("koi8-r", "koi8-r"),
        ("mac-cyrillic", "mac-cyrillic"),
    ],
)
def test_encoding_is_found(text, opened, values, codec, name):
    """BOM and valid UTF-8 are sure; everything else is a guess that is said."""
    table = opened(text(RUSSIAN, codec), [["фио"]], delimiter=";")

    assert values(table)[2] == ["Гусев Пётр Петрович", "разработчик", "1 450,00"]
    assert [problem.found for problem in table.problems] == ([name] if name else [])


@pytest.mark.parametrize("codec", ["cp1251", "windows-1251", "UTF-8", "utf-16-le", "utf8"])
def test_encoding_given(text, opened, values, codec):
    """A given encoding, under any of its names, is taken without a warning."""
    table = opened(
        text("\ufeff" + RUSSIAN if "16" in codec or "8" in codec else RUSSIAN, codec),
        encoding=codec,
        delimiter=";",
    )

    assert values(table)[0][0] == "Иванов Иван Иванович"
    assert table.sections[0].columns[0].header == "ФИО"
    assert table.problems == ()


@pytest.mark.parametrize("name", ["cp125", "base64", "rot13", "a\0b", "undefined"])
def test_unknown_encoding(text, refused, name):
    """A name that is no encoding of text is one clear problem."""
    assert refused(text("a;b"), encoding=name).code == "wrong-type"


def test_undecodable(text, refused):
    """Bytes that do not fit are said with offset, line, themselves, and what would read them."""
    problem = refused(text("Name\nИван\n".encode("cp1251")), encoding="utf-8")

    assert (problem.code, problem.offset, problem.line, problem.found) == ("undecodable", 5, 2, "c8")
    assert "cp1251" in problem.advice()
    assert refused(text(b"\xff\xfea"), encoding=None).code == "undecodable"
    assert refused(text(b"ab\ncd"), encoding="utf-16").code == "undecodable"
    far = refused(text(b"x" * (2**20 - 1) + "я".encode() + b"\n\xff"), encoding="utf-8")
    assert (far.offset, far.line) == (2**20 + 2, 2)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimiter_is_guessed(text, opened, values, sign):
    """Decimal commas and Cyrillic do not mislead the guess, which is said."""
    content = RUSSIAN.replace(",", ".").replace(";", sign) if sign == "," else RUSSIAN.replace(";", sign)
    table = opened(text(content))

    assert len(values(table)[0]) == 3
    assert [problem.code for problem in table.problems] == ["guessed-delimiter"]


def test_delimiter_given(text, opened, values, refused):
    """A delimiter is one character; a tab may be written `\\t`."""
    path = text("a\tb\n1\t2\n")

    assert values(opened(path, delimiter="\\t")) == values(opened(path, delimiter="\t")) == [["1", "2"]]
    for wrong in (";;", "", '"', "\n"):
        assert refused(path, delimiter=wrong).code == "wrong-type"


def test_one_column_needs_no_delimiter(text, opened, values):
    """A list of one column is read without a guess."""
    table = opened(text("ФИО\nИванов\nПетров\n"))

    assert (values(table), table.problems) == ([["Иванов"], ["Петров"]], ())


def test_quotes_and_line_numbers(text, opened, values):
    """Quoted breaks and doubled quotes belong to the value; a row's number is the line on which it begins."""
    table = opened(text('ФИО;Прим.\r\n"а\r\nб";"""в"""\r\n\r\nг;д\u2028е\n'), delimiter=";")

    assert values(table) == [["а\nб", '"в"'], ["г", "д е"]]
    assert [row.number for row in table.sections[0].rows] == [2, 5]
    assert table.outside == 1


def test_ragged_rows_are_blocked(text, opened, values):
    """A row of another width than the header is blocked at its line; blanks at the end are no matter."""
    table = opened(text("А;Б;В\n1;2;3\n1;2\n1;2;3;4\n1;2;3;\n1;2;;\n;;;;\n"), delimiter=";")
    rows = list(table.sections[0].rows)

    assert [[problem.code for problem in row.problems] for row in rows] == [
        [],
        ["ragged-row"],
        ["ragged-row"],
        [],
        [],
    ]
    assert rows[1].problems[0].message() == "Line 3 has 2 cells, the header has 3."
    assert rows[1].problems[0].place == rows[1].place() == CellPlace("file.csv", None, None, 3)


def test_a_line_above_the_header_does_not_count(text, opened, values):
    """A title line above the header is outside, whatever its width."""
    table = opened(text("Табель за март 2026\n\nФИО;Часы\nИванов;8\n"), [["ФИО"], ["Часы"]], delimiter=";")

    assert (values(table), table.outside, table.sections[0].header_row) == ([["Иванов", "8"]], 2, 3)


def test_broken_lines_lose_only_themselves(text, opened):
    """An open quote or a NUL byte blocks its line; the lines after it are rows."""
    table = opened(text('А;Б\n"x;1\ny;2\n"z"z;3\nn\0;4\nw;5\n'), header=1, delimiter=";")
    rows = {row.number: [problem.code for problem in row.problems] for row in table.sections[0].rows}

    assert rows == {2: ["unclosed-quote"], 3: [], 4: ["unclosed-quote"], 5: ["nul-byte"], 6: []}


def test_an_open_quote_does_not_swallow_a_large_file(text, opened, refused):
    """A quote that is never closed costs a part of the file at most; hundreds of them are another delimiter."""
    table = opened(text('А\n"x\n' + "y\n" * 30_000), delimiter=";")

    assert table.rows == 30_001
    assert "delimiter" in refused(text("А\n" + '"x\n' * 300), delimiter=";").advice()


def test_empty_text_files(text, refused):
    """No bytes, or nothing but blanks, is one clear message."""
    assert refused(text("")).code == "file-unreadable"
    assert refused(text(" \n;\n")).code == "empty-table"


def test_range_of_a_text_file(text, opened, values, refused):
    """Lines and columns are cut like cells; names mean nothing there."""
    path = text("x,x,x\nx,А,Б\nx,1,2\n")

    assert values(opened(path, range="B2:C3", delimiter=",")) == [["1", "2"]]
    assert refused(path, range="Имя").code == "unknown-range"


def test_header_none_of_a_text_file(text, opened, values):
    """Without a header the longest line says how many columns there are."""
    table = opened(text("1,2\n3\n4,5,6\n"), header="none", delimiter=",")

    assert values(table) == [["1", "2", None], ["3", None, None], ["4", "5", "6"]]


def test_a_file_that_changes_is_refused(text, opened):
    """Rows are never mixed from two states of a file."""
    path = text("А\n1\n")
    (section,) = opened(path).sections
    path.write_text("А\n1\n2\n")

    with pytest.raises(Exception, match="changed while it was read"):
        list(section.rows)


def test_several_files_and_patterns(text, opened, tmp_path):
    """Files are read one after another and rows know theirs; Excel's lock files are not data."""
    from importer.sources import TableSpec, files_of, open_table

    (tmp_path / "in").mkdir()
    for name in ("in/b.csv", "in/a.csv", "in/~$c.csv", "in/no.txt"):
        text(f"А\n{name}\n", name=name)
    text("А\nx\n", name="[1].csv")
    spec = TableSpec(files=(tmp_path / "in" / "*.csv", tmp_path / "[1].csv"), shown=("in/*.csv", "[1].csv"))

    rows = [row for section in open_table(spec).sections for row in section.rows]
    assert [row.book for row in rows] == ["in/a.csv", "in/b.csv", "[1].csv"]
    assert rows[0].place("A") == CellPlace("in/a.csv", None, "A", 2)
    assert [shown for _, shown in files_of(spec)] == ["in/a.csv", "in/b.csv", "[1].csv"]


values_ = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(values_, min_size=2, max_size=2), max_size=6), sign=st.sampled_from(",;\t|"))
def test_what_csv_writes_is_read_again(text, opened, values, rows, sign):
    """Whatever Python's csv writes comes back, blanks and all."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=sign).writerows([["А", "Б"], *rows])
    table = opened(text(stream.getvalue()), delimiter=sign, encoding="utf-8", header=1, clean=False)

    expected = [[item or None for item in row] for row in rows if any(row) and row != ["А", "Б"]]
    assert values(table) == expected


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(text, opened, content):
    """Whatever a text file holds, it is a table or a problem."""
    from importer.problems import ConfigurationError

    said = ""
    try:
        table = opened(text(content))
        said = f"{table.rows} rows" if table.rows == len(list(table.sections[0].rows)) else ""
    except ConfigurationError as error:
        said = error.problems[0].message()
    assert said


def test_delimiter_when_the_judge_is_undecided(text, opened, values):
    """The steadiest of the delimiters that are there is taken where nothing else speaks."""
    from importer.sources.delimiter import guess_delimiter

    assert guess_delimiter(["1;2,5\n", "3;4,5\n"]) in {";", ","}
    assert guess_delimiter(["a;b\n", "1,5;2\n", "1;2\n"]) == ";"
    assert guess_delimiter(["\n", ""]) is None


def test_clevercsv_is_quick_on_nasty_samples():
    """A sample full of quotes and signs does not hang the guess."""
    from importer.sources.delimiter import guess_delimiter

    assert guess_delimiter(['";,|\t"a' * 40 + "\n"] * 50) in {";", ",", "|", "\t", None}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_line_that_says_the_delimiter(text, opened, values, mark):
    """`sep=;`, which Excel writes first, is no row, and rows keep the numbers of their lines."""
    table = opened(text(f"{mark}sep=;\r\nИмя;Сумма\r\nИванов;1,5\r\n"), ["Имя"])

    assert values(table) == [["Иванов", "1,5"]]
    assert [row.number for row in table.sections[0].rows] == [3]


@pytest.mark.parametrize("page", ["<!DOCTYPE html><title>Login</title>", "\n <HTML><body>", "\ufeff<html>"])
def test_a_web_page_is_no_table(text, refused, page):
    """A login page that was saved instead of the export is told to be one."""
    assert "is a web page" in refused(text(page)).message()


def test_read_says_who_said_the_delimiter(text):
    """`read` tells that the file's own line says the delimiter, and that one of the recipe goes before it."""
    path = text("sep=|\nИмя|Сумма\nИванов|1;5\n")

    assert (inspect(path).delimiter, inspect(path).delimiter_how) == ("|", "said")
    assert (inspect(path, delimiter=";").delimiter, inspect(path, delimiter=";").delimiter_how) == (
        ";",
        "given",
    )
    assert [problem.code for problem in inspect(path).problems] == []
