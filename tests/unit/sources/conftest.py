"""Makers of workbooks and text files, by openpyxl and by hand."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from importer.problems import ConfigurationError, Problem
from importer.sources import Row, Section, Table, TableSpec, open_table

Rows = Sequence[Sequence[object]]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook: `book(rows)`, or `book(rows, change)` where `change(sheet)` does the rest."""

    def make(
        rows: Rows, change: Callable | None = None, name: str = "book.xlsx", title: str = "Лист"
    ) -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = title
        for number, row in enumerate(rows, start=1):
            for position, value in enumerate(row, start=1):
                if value is not None:
                    sheet.cell(number, position).value = value
        if change:
            change(sheet)
        workbook.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def text(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file."""

    def make(content: str | bytes, encoding: str = "utf-8", name: str = "file.csv") -> Path:
        data = content if isinstance(content, bytes) else content.encode(encoding)
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return make


@pytest.fixture
def raw_book(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook whose sheet XML is given: what no library would write."""

    def make(
        sheet: str | bytes, styles: str = "", extra: dict[str, bytes] | None = None, **entries: bytes
    ) -> Path:
        content = sheet if isinstance(sheet, bytes) else sheet.encode()
        parts = {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": RELS.format("officeDocument", "xl/workbook.xml").encode(),
            "xl/workbook.xml": WORKBOOK.encode(),
            "xl/_rels/workbook.xml.rels": RELS.format("worksheet", "worksheets/sheet1.xml").encode(),
            "xl/worksheets/sheet1.xml": content,
        }
        if styles:
            parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode()
            rels = parts["xl/_rels/workbook.xml.rels"].decode()
            style = f'<Relationship Id="rId9" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
            parts["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", style).encode()
        path = tmp_path / "raw.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in {**parts, **(extra or {})}.items():
                archive.writestr(name, data)
        return path

    return make


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/{{}}" Target="{{}}"/></Relationships>'
)
WORKBOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'


@pytest.fixture
def sheet_xml() -> Callable[[str], str]:
    """Wrap rows of XML into a sheet."""
    return lambda rows, before="": (
        f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'
    )


@pytest.fixture
def opened() -> Callable[..., Table]:
    """Open the table of one file: `opened(path, [["ФИО"]], sheet=2)`."""

    def make(path: Path, needed: Sequence[Sequence[str]] = (), **keys: object) -> Table:
        return open_table(TableSpec(files=(path,), shown=(path.name,), **keys), needed)

    return make


@pytest.fixture
def refused(opened) -> Callable[..., Problem]:
    """Return the one problem for which a file is refused."""

    def make(path: Path, *needed: Sequence[str], **keys: object) -> Problem:
        with pytest.raises(ConfigurationError) as caught:
            opened(path, needed, **keys)
        (problem,) = caught.value.problems
        assert problem.message()
        return problem

    return make


@pytest.fixture
def values() -> Callable[[Table | Section], list]:
    """Return the values of all rows."""

    def make(table: Table | Section) -> list[list[object]]:
        sections = table.sections if isinstance(table, Table) else (table,)
        return [[cell.value for cell in row.cells] for section in sections for row in _rows(section)]

    return make


def _rows(section: Section) -> list[Row]:
    rows = list(section.rows)
    assert len(section.rows) == len(rows)
    assert list(section.rows) == rows  # they may be read again
    return rows
