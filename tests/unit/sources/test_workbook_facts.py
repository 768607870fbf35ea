"""The scan over the bytes and the XML parser say the same, however a sheet is written."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.sources import Cell, CellKind
from importer.sources.book import SheetPart
from importer.sources.held import HeldSheet
from importer.sources.styles import Style
from importer.sources.workbook_facts import SheetFacts, scan
from importer.sources.workbook_parsing import SharedTexts, parse

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = (Style(), Style("000"), Style("d.m.yy h:mm"), Style("0.00"))
ROWS = (
    '<row r="1" hidden="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" s="1"><v>7</v></c><c r="C1" s="2"/></row>'
    '<row r="2" hidden="0"><c r="A2"><f>1+1</f></c><c r="B2" s="3" t="str"><f>""</f><v></v></c>'
    '<c r="C2" t="inlineStr"><is><t>&lt;c t="e"&gt; t="e"</t></is></c></row>'
    '<row r="3" spans="1:2" hidden="true"><c r="A3" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    '<c r="B3" t="n"><f t="shared" si="0"/></c><c r="D3" s="2"><v>5</v></c></row>'
)
COLS = '<cols><col min="2" max="3" width="9" hidden="1"/><col min="5" max="5"/></cols>'


def usual(rows=ROWS):
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{COLS}<sheetData>{rows}</sheetData></worksheet>'


def parsed(data):
    """Let the parser go through a sheet."""
    held = HeldSheet("a.xlsx", SheetPart("S", "visible", ""))
    parse(data, held, STYLES, SharedTexts(("eins", "zwei")), since_1904=False)
    return held


def odd_of(held):
    """Return the errors and formulas without a value, by row and column."""
    grid = held.grid()
    found = {}
    for line in grid.lines.read():
        for n, raw in enumerate(line.values, start=grid.lines.left):
            if isinstance(raw, Cell) and raw.kind in (CellKind.ERROR, CellKind.FORMULA):
                found.setdefault(line.number, {})[n] = raw
    return found


def test_scan():
    """Errors, formulas without a value, codes, hidden rows and columns are found; blanks with a style are not."""
    facts = scan(usual().encode(), STYLES)

    assert {row: {n: cell.text for n, cell in cells.items()} for row, cells in facts.odd.items()} == {
        1: {0: "#N/A"},
        2: {0: ""},
        3: {0: "#DIV/0!", 1: ""},
    }
    assert facts.odd[2][0].kind is CellKind.FORMULA
    assert facts.styled == {1: {1: STYLES[1]}, 3: {3: STYLES[2]}}
    assert facts.hidden_rows == {1, 3}
    assert facts.hidden_columns == (1, 2)


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: re.sub(r"<(/?)(?=[a-z])", r"<\1x:", text.partition("?>")[2]).replace(
            "xmlns=", "xmlns:x="
        ),
        lambda text: text.replace('"', "'").replace("'1.0'", '"1.0"'),
        lambda text: re.sub(r'<c r="(\w+)" s="(\d)"', r'<c s="\2" r="\1"', text),
        lambda text: text.replace("<sheetData>", "<sheetData><!-- <c r='Z9' t=\"e\"> -->"),
        lambda text: text.replace('<row r="1"', "<row"),
        lambda text: text.replace('<c r="A1"', "<c"),
        lambda text: text.replace("<v>#N/A</v>", "<v><![CDATA[#N/A]]></v>"),
        lambda text: text.encode("utf-16"),
    ],
)
def test_unusual_writing_says_the_same(rewrite):
    """Prefixes, other quotes, order, comments and missing addresses change nothing."""
    rewritten = rewrite(usual())
    data = rewritten if isinstance(rewritten, bytes) else rewritten.encode()
    if b"\xff\xfe" not in data[:2] and b"<row h" not in data:
        assert data != usual().encode()

    assert scan(data, STYLES) is None
    held, plain = parsed(data), scan(usual().encode(), STYLES)
    assert (odd_of(held), held.hidden_rows, tuple(held.hidden_columns)) == (
        plain.odd,
        plain.hidden_rows,
        plain.hidden_columns,
    )
    for row, cells in plain.styled.items():
        assert {n: held.details().styles[row, n] for n in cells} == cells


cell_texts = st.tuples(
    st.sampled_from(["", ' s="1"', ' s="2"', ' s="3"']),
    st.sampled_from(["", ' t="e"', ' t="str"', ' t="s"', ' t="b"']),
    st.sampled_from(["", "<f>A1</f>", '<f t="shared" si="1"/>']),
    st.sampled_from(["", "<v></v>", "<v>1</v>"]),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(cell_texts, max_size=5), max_size=5))
def test_scan_agrees_with_the_parser(rows):
    """For every sheet of usual writing the fast scan and the XML parser find the same."""
    xml = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{"ABCDE"[c]}{r}"{s}{t}>{f}{v}</c>' for c, (s, t, f, v) in enumerate(cells))
        + "</row>"
        for r, cells in enumerate(rows, start=1)
    )
    fast, slow = scan(usual(xml).encode(), STYLES), parsed(usual(xml).encode())

    assert fast.odd == odd_of(slow)
    for (row, column), style in slow.details().styles.items():
        if style.says_more:
            assert column in fast.odd.get(row, {}) or fast.styled[row][column] == style


@pytest.mark.parametrize(
    ("last", "span"),
    [
        ("X9999", 24 * 9_999),
        ("Y9999", 25 * 9_999),
        ("HZ999", 234 * 999),
        ("JA1", 261 * 2),
        ("X999999", 24 * 999_999),
    ],
)
def test_span_is_counted_only_where_it_may_be_large(last, span):
    """The rectangle around the cells is bounded by their addresses, or counted from the first cell to the last."""
    bottom = int(last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    far = f'<row r="{bottom}"><c r="{last}" s="1"><v>7</v></c></row>'
    rows = f'<row r="1"><c r="A1" s="1"><v>5</v></c></row>{far}'
    if bottom == 1:
        rows = (
            f'<row r="1"><c r="{last}" s="1"><v>7</v></c></row><row r="2"><c r="A2" s="1"><v>5</v></c></row>'
        )
    facts = scan(usual(rows).encode(), STYLES)

    assert facts is not None
    assert facts.span == span
    assert sum(map(len, facts.styled.values())) == 2


def test_rows_as_libreoffice_writes_them():
    """`hidden="false"` on every row, a style on every cell, calculated formulas: nothing to say."""
    rows = "".join(
        f'<row r="{n}" customFormat="false" ht="12.8" hidden="false" outlineLevel="0">'
        f'<c r="A{n}" s="0" t="s"><v>1</v></c><c r="B{n}" s="0"><f aca="false">1+1</f><v>2</v></c>'
        f'<c r="C{n}" s="3"></c></row>\n'
        for n in range(1, 4)
    )

    assert scan(usual(rows).encode(), STYLES) == SheetFacts(hidden_columns=(1, 2), span=24 * 3)


def test_rows_in_parts_and_after_the_end():
    """A row written twice keeps what both parts say; rows after the end of the rows are for the parser."""
    rows = (
        '<row r="1"><c r="A1" s="1"><v>1</v></c></row><row r="2"><c r="A2" s="2"><v>1</v></c></row>'
        '<row r="1"><c r="B1" s="2"><v>1</v></c></row>'
    )

    facts = scan(usual(rows).encode(), STYLES)
    assert facts is not None
    assert facts.styled == {1: {0: STYLES[1], 1: STYLES[2]}, 2: {0: STYLES[2]}}
    more = usual(rows).replace("</sheetData>", "</sheetData><sheetData><row r='9'/></sheetData>")
    assert scan(more.encode(), STYLES) is None


@pytest.mark.parametrize(
    "xml",
    [
        "<a",
        "<!DOCTYPE a><worksheet/>",
        '<row r="x"/>',
        '<row r="1"><c r="AAAAA1"/></row>',
        '<row r="9999999"><c r="A9999999"/></row>',
        '<row r="1"><c r="A1" t="s"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1,5</v></c></row>',
    ],
)
def test_broken_sheets(xml):
    """A sheet that is no sheet is a ValueError, not a crash, and costs no memory."""
    with pytest.raises(ValueError, match=r"\w"):
        parsed(xml.encode() if xml.startswith(("<a", "<!")) else usual(xml).encode())


def test_details():
    """Styles and formulas stand behind the values."""
    details = parsed(usual().encode()).details()

    assert details.formulas == {(2, 0): "1+1", (2, 1): '""', (3, 0): "1/0"}
    assert details.styles[3, 3] == STYLES[2]


def test_strings_of_every_kind(raw_book, sheet_xml, opened, values):
    """Inline, rich and shared texts, booleans and ISO dates reach the table."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>Ри</t></r><r><t>ч</t></r></is></c></row>'
        '<row r="2"><c r="A2" t="b"><v>1</v></c></row><row r="3"><c r="A3" t="str"><f>x</f><v>формула</v></c></row>'
        '<row r="5"><c r="A5" t="e"><v>#REF!</v></c></row>'
    )

    table = opened(raw_book(sheet_xml(rows)), header="none")
    assert values(table) == [["Рич"], [True], ["формула"], ["#REF!"]]
    assert [row.number for row in table.sections[0].rows] == [1, 2, 3, 5]


def test_styles_part(raw_book, sheet_xml, opened):
    """Built-in and own number formats are read from the styles part."""
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="0000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164">'
        '<alignment indent="2"/></xf><xf numFmtId="1"/><xf numFmtId="zz"/></cellXfs>'
    )
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="{n}"><v>1.5</v></c></row>' for n in (1, 2, 3, 4))
    table = opened(raw_book(sheet_xml(rows), styles), header="none")

    assert [row.cells[0].text for row in table.sections[0].rows] == ["0002", "2", "1.5", "1.5"]
    assert {row.cells[0].value for row in table.sections[0].rows} == {Decimal("1.5")}


def test_prefixed_sheet_is_read(raw_book, sheet_xml, opened):
    """A sheet written with prefixes shows its errors too."""
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="e"><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    (row,) = opened(raw_book(xml), header="none").sections[0].rows

    assert row.cells[0].kind is CellKind.ERROR


@pytest.mark.parametrize(("value", "code"), [("1e19", "[h]:mm"), ("-1e10", "[h]:mm")])
def test_a_duration_out_of_all_range_is_a_matter_of_its_cell(raw_book, sheet_xml, opened, value, code):
    """A duration that no calendar holds is the number that stands there; the other cells are what they are."""
    styles = (
        f'<numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="164"/></cellXfs>'
    )
    rows = "".join(
        f'<row r="{row}"><c r="C{row}" s="1"><v>{value if row == 300 else 1.25}</v></c><c r="D{row}"><v>{row}</v></c></row>'
        for row in range(1, 401)
    )
    section = opened(raw_book(sheet_xml(rows), styles), header="none").sections[0]
    found = {row.number: [cell.value for cell in row.cells] for row in section.rows}

    assert found.pop(300) == [Decimal(value), 300]
    assert found == {row: [timedelta(hours=30), row] for row in range(1, 401) if row != 300}


@pytest.mark.parametrize("style", [0, 1])
def test_numbers_that_are_none(raw_book, sheet_xml, opened, style):
    """Infinity and NaN, which a program may write, are errors and never numbers."""
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="1"/></cellXfs>'
    rows = f'<row r="1"><c r="A1" s="{style}"><v>NaN</v></c><c r="B1" s="{style}"><v>inf</v></c></row>'
    (row,) = opened(raw_book(sheet_xml(rows), styles), header="none").sections[0].rows

    assert [cell.kind for cell in row.cells] == [CellKind.ERROR] * 2


def moment(raw):
    """Return what both readers mean by a moment: one may put it into a cell already."""
    return raw.value if isinstance(raw, Cell) and raw.kind is CellKind.DATETIME else raw


def test_both_readers_agree():
    """Cell by cell the parser finds what calamine and the scan find."""
    from importer.sources.books import open_book
    from importer.sources.workbook import XmlWorkbook

    path = Path(__file__).parent / "files" / "libreoffice.xlsx"
    book = open_book(path, path.name)
    assert isinstance(book, XmlWorkbook)
    for part in book.sheets:
        fast, slow = book.grid(part), book._held(part, book._data(part)).grid()
        assert slow.lines.hidden == fast.lines.hidden
        assert (slow.rows, slow.columns, slow.lines.merged) == (fast.rows, fast.columns, fast.lines.merged)
        assert (slow.notes, slow.struck) == (fast.notes, fast.struck)
        left = fast.lines.left
        for quick, careful in zip(fast.lines.read(), slow.lines.read(), strict=True):
            mine = [*[""] * (slow.lines.left - left), *careful.values]
            mine += [""] * (len(quick.values) - len(mine))
            assert list(map(moment, mine)) == list(map(moment, quick.values))


STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_texts_are_what_people_see(raw_book, prefix, opened, values):
    """Runs are joined, what is spoken is left out, escapes are undone, kept spaces are kept; with any prefix."""
    shared = (
        '<si><r><t>Ри</t></r><r><t xml:space="preserve">ч </t></r><rPh sb="0" eb="1"><t>нет</t></rPh></si>'
        "<si><t>а_x000D_б _x005F_x0041_</t></si>"
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><r><t>и</t></r><rPh sb="0" eb="1"><t>нет</t></rPh></is></c>'
        '<c r="B2" t="str"><f>A1</f><v>в_x0009_г</v></c></row>'
    )
    named = re.sub(
        r"<(/?)(?=[a-zA-Z])", rf"<\1{prefix}", f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    )
    colon = f":{prefix[:-1]}" if prefix else ""
    named = named.replace(f"<{prefix}worksheet>", f'<{prefix}worksheet xmlns{colon}="{MAIN}">')
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    parts = {
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>'.encode(),
        "xl/_rels/workbook.xml.rels": relations.encode(),
    }

    assert values(opened(raw_book(named, extra=parts), header="none", clean=False)) == [
        ["Рич ", "а\rб _x0041_"],
        ["и", "в\tг"],
    ]


@pytest.mark.parametrize("unusual", ["", "<!-- -->"])
def test_strict_dates_and_wrong_styles(raw_book, opened, values, unusual):
    """ISO dates of strict workbooks are dates, and a style that is not there changes nothing."""
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/></cellXfs>'
    rows = (
        '<row r="1"><c r="A1" s="1" t="d"><v>2026-01-31</v></c><c r="B1" s="2" t="d"><v>2026-01-31T10:00:00</v></c>'
        '<c r="C1" s="3" t="d"><v>10:00:00</v></c><c r="D1" s="99"><v>5</v></c><c r="E1" s="2"><v>46053</v></c></row>'
    )
    sheet = f'<worksheet xmlns="{STRICT}"><sheetData>{unusual}{rows}</sheetData></worksheet>'
    day = date(2026, 1, 31)

    assert values(opened(raw_book(sheet, styles), header="none")) == [
        [day, datetime.combine(day, time(10)), time(10), Decimal(5), datetime.combine(day, time())]
    ]


def test_rows_in_any_order(raw_book, sheet_xml, opened, values):
    """Cells without addresses follow each other; unsorted rows stand where they say; a repeated row adds its cells."""
    loose = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert values(opened(raw_book(sheet_xml(loose)), header="none")) == [[1, 2], [3, None]]
    mixed = (
        '<row r="3"><c r="B3"><v>3</v></c><c r="A3"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1"><c r="B1"><v>5</v></c></row>'
    )
    for before in ("", "<!-- -->"):
        assert values(opened(raw_book(sheet_xml(before + mixed)), header="none")) == [[1, 5], [2, 3]]


def test_a_text_that_is_not_there(raw_book, sheet_xml, refused):
    """A cell that points at no shared text is named."""
    path = raw_book(sheet_xml('<row r="2"><c r="B2" t="s"><v>7</v></c></row>'))

    assert "B2 names text 7 of 0" in refused(path, header="none").message()
