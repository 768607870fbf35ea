"""Files that are no workbook, or one made to harm: one clear problem each."""

import random
import struct
import zipfile
import zlib

import pytest
from unit.sources.binaries import compound

from importer.problems import ConfigurationError
from importer.sources.inspection import inspect

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (compound(EncryptedPackage=b"x" * 5000), "password-protected"),
        (compound(WordDocument=b"x" * 5000), "a Word document"),
        (compound(Workbook=b"x" * 5000), "damaged"),
        (OLE, "damaged"),
        (b"\xef\xbb\xbf<html><body>", "html page"),
        (b"<?xml version='1.0'?><html>", "html page"),
        (b"<?xml version='1.0'?><a/>", "XML document"),
        ("ФИО;Код\nИванов;1\n".encode("cp1251"), "CSV"),
        (b'{"a": 1}', "JSON"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"Rar!\x1a", "RAR"),
        (b"{\\rtf1", "RTF"),
        (b"MIME-Version: 1.0\r\n", "web archive"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            "Excel 2003 XML",
        ),
        (
            "\ufeff<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>".encode(
                "utf-16-le"
            ),
            "Excel 2003 XML",
        ),
        (
            b"<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'>",
            "flat OpenDocument",
        ),
        (b"<table><tr><td>", "html page"),
        (b"\x01\x02", "something else"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_other_files_under_a_workbooks_name(tmp_path, refused, content, words):
    """What a file really is, is said."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    problem = refused(path)
    assert problem.code == "file-unreadable"
    assert words in problem.message()


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "presentation"),
        ("content.xml", "OpenDocument"),
        ("a.txt", "zip archive"),
    ],
)
def test_other_archives(tmp_path, refused, part, words):
    """Documents of other programs are zip files too."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "<a/>")

    assert words in refused(path).message()


def test_missing_file_and_folder(tmp_path, book, refused):
    """A missing file is said with the nearest name; a folder is not a file."""
    book([["ФИО"]], name="staff.xlsx")
    problem = refused(tmp_path / "staf.xlsx")

    assert problem.code == "file-missing"
    assert "staff.xlsx" in problem.advice()
    assert refused(tmp_path / "no" / "such.xlsx").code == "file-missing"
    assert refused(tmp_path / ("a" * 300 + ".xlsx")).code == "file-missing"
    (tmp_path / "folder.xlsx").mkdir()
    assert "not a file" in refused(tmp_path / "folder.xlsx").message()
    (tmp_path / "folder.csv").mkdir()
    assert "not a file" in refused(tmp_path / "folder.csv").message()


def test_empty_sheet(book, refused):
    """An empty sheet ends in one clear message."""
    assert refused(book([])).code == "empty-table"
    assert refused(book([]), header="none").code == "empty-table"


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"../../etc/passwd": b"x"}, "out of the file"),
        ({"/etc/passwd": b"x"}, "out of the file"),
        ({"c:/x": b"x"}, "out of the file"),
        ({"XL/Workbook.xml": b"x"}, "two parts of one name"),
        (
            {"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'},
            "DOCTYPE",
        ),
        ({"xl/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}, "DOCTYPE"),
        ({f"x{n}": b"" for n in range(10_001)}, "parts"),
        ({"xl/media/bomb.png": bytes(2**26 + 1)}, "unpacks to"),
    ],
)
def test_dangerous_packages(raw_book, sheet_xml, refused, extra, words):
    """Bombs, paths that leave the file, entities and doubled parts are refused before anything opens them."""
    problem = refused(raw_book(sheet_xml(""), extra=extra))

    assert problem.code == "file-unreadable"
    assert words in problem.message()


def test_a_picture_may_hold_anything(raw_book, sheet_xml, opened):
    """An SVG with a DOCTYPE among the pictures does no harm; nobody reads it."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'

    assert opened(raw_book(sheet_xml(rows), extra={"xl/media/a.svg": b"<!DOCTYPE svg><svg/>"})).outside == 0


def test_a_part_longer_than_it_says_is_refused(raw_book, sheet_xml, refused):
    """A directory that lies about sizes, even with a fitting checksum, does not get past the check."""
    path = raw_book(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
        content = archive.read(entry)
    data = bytearray(path.read_bytes())
    start = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<L", data, start + 16, zlib.crc32(content[:20]))
    struct.pack_into("<L", data, start + 24, 20)
    path.write_bytes(data)

    assert "not as long as it says" in refused(path).message()


def test_encrypted_and_unusual_entries(raw_book, sheet_xml, refused, tmp_path):
    """Zip encryption is a password; packing that Excel never uses is refused."""
    path = raw_book(sheet_xml(""))
    data = bytearray(path.read_bytes())
    data[data.rindex(b"xl/worksheets/sheet1.xml") - 46 + 8] |= 1
    path.write_bytes(data)
    assert "password" in refused(path).message()

    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert "unusual" in refused(path).message()


def test_the_content_counts_not_the_name(tmp_path, book, opened, values):
    """A workbook under any other name is read as what it is."""
    original = book([["ФИО"], ["Иванов"]])
    for name in ("a.csv", "a.xls", "a.ods", "a.xlsb", "a"):
        (tmp_path / name).write_bytes(original.read_bytes())

        assert values(opened(tmp_path / name)) == [["Иванов"]]
        assert inspect(tmp_path / name).kind == "xlsx"


@pytest.mark.parametrize("seed", range(300))
def test_damage_never_gets_past_a_problem(book, tmp_path, seed):
    """Whatever is cut or changed in a workbook, it is read or refused with a problem, never a traceback."""
    random_ = random.Random(seed)
    original = book([["ФИО", "Код"], ["Иванов", 1], [True, "=1+1"]], lambda sheet: sheet.merge_cells("A2:A3"))
    path = tmp_path / "damaged.xlsx"
    if seed % 3 == 0:
        data = bytearray(original.read_bytes())
        for _ in range(random_.randint(1, 8)):
            data[random_.randrange(len(data))] = random_.randrange(256)
        path.write_bytes(data[: random_.randrange(len(data))] if seed % 2 else data)
    else:
        damaged = random_.choice(
            ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
        )
        with zipfile.ZipFile(original) as before, zipfile.ZipFile(path, "w") as after:
            for entry in before.infolist():
                part = bytearray(before.read(entry))
                if entry.filename == damaged:
                    for _ in range(random_.randint(1, 5)):
                        place = random_.randrange(len(part))
                        part[place : place + random_.randint(0, 4)] = random_.choice(
                            [b"", b"9", b"<", b">", b'"', b"A", b"-"]
                        )
                after.writestr(entry.filename, bytes(part))
    said = ""
    try:
        said = inspect(path).kind
    except ConfigurationError as error:
        said = error.problems[0].message()
    assert said


def test_an_archive_of_64_bit_sizes(book, opened, values, tmp_path):
    """Writers that stream note sizes for archives over 4 GiB; a small workbook of theirs is read like any other."""
    path = book([["ФИО"], ["Анна"]])
    wide = tmp_path / "wide.xlsx"
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(wide, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            with after.open(name, "w", force_zip64=True) as part:
                part.write(before.read(name))

    assert values(opened(wide, [["ФИО"]])) == [["Анна"]]


def test_a_workbook_inside_an_archive(book, refused, tmp_path):
    """An archive that holds a workbook is told with the workbook's name, to be unpacked first."""
    outer = tmp_path / "mail.xlsx"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(book([["ФИО"], ["Анна"]]), "отчёты/book.xlsx")

    problem = refused(outer)
    assert problem.code == "file-unreadable"
    assert "a zip archive with отчёты/book.xlsx inside" in problem.message()
