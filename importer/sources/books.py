"""A path → a workbook: what the file really is, whatever its name says, and the reader of that format."""

import zipfile
from io import BytesIO
from pathlib import Path

from importer.problems import ConfigurationError, FilePlace, Problem
from importer.sources.book import Book
from importer.sources.compound import COMPOUND, stream_names
from importer.sources.file_problems import (
    AnotherFormat,
    BrokenWorkbook,
    DangerousWorkbook,
    EmptyFile,
    FileUnreadable,
    NotAFile,
    PasswordProtected,
    XmlSpreadsheet,
)
from importer.sources.package import Package
from importer.sources.unpacking import BAD_ZIP, check_archive

# The largest honest workbook seen has 60 MiB; all of it is held while it is read.
_MAX_FILE = 256 * 2**20
_ZIP = b"PK"
# The first record, BOF, of Excel 2 to 5 and of those who write no compound file around it ([MS-XLS] §2.4.21).
_BARE = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_SIGNS = (
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"MIME-Version:", "a web archive (MHTML)"),
)
_DOCUMENTS = (
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a presentation"),
    ("VisioDocument", "a Visio drawing"),
    ("__properties_version1.0", "an Outlook message"),
)


def is_workbook(path: Path) -> bool:
    """Whether the file at `path` begins as workbooks do: a text file does not, whatever its name."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:
        return False
    return head.startswith((_ZIP + b"\x03\x04", COMPOUND))


def open_book(path: Path, shown: str) -> Book:
    """Return the checked workbook at `path`.

    Raises:
        ConfigurationError: missing rights, empty, protected, of another kind, damaged or dangerous.
    """
    data = _read(path, shown)
    if data.startswith(_ZIP):
        return _zipped(data, shown)
    if data.startswith(COMPOUND):
        return _compound(data, shown)
    if data.startswith(_BARE):
        return _old(data, shown)
    raise ConfigurationError(_what_else(data, shown))


def _read(path: Path, shown: str) -> bytes:
    place = FilePlace(shown)
    problem: Problem
    if not path.is_file():
        raise ConfigurationError(NotAFile(place=place, found=shown))
    try:
        size = path.stat().st_size
        if size > _MAX_FILE:
            problem = DangerousWorkbook(place=place, found=shown, expected=f"{size // 2**20} MiB")
            raise ConfigurationError(problem)
        data = path.read_bytes()
    except OSError as error:
        problem = FileUnreadable(place=place, found=shown, expected=error.strerror or str(error))
        raise ConfigurationError(problem) from None
    if not data:
        raise ConfigurationError(EmptyFile(place=place, found=shown))
    return data


def _zipped(data: bytes, shown: str) -> Book:
    place = FilePlace(shown)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        kept = check_archive(archive, data, shown)
    except BAD_ZIP as error:
        problem = BrokenWorkbook(place=place, found=shown, expected=str(error) or "bad zip")
        raise ConfigurationError(problem) from None
    package = Package(shown, place, data, archive, kept)
    if package.part("content.xml") is not None or package.part("META-INF/manifest.xml") is not None:
        from importer.sources.workbook_ods import OpenDocument  # noqa: PLC0415 - only where one is read

        return OpenDocument(package)
    if package.workbook_part.endswith(".bin"):
        from importer.sources.workbook_xlsb import BinaryWorkbook  # noqa: PLC0415 - only where one is read

        return BinaryWorkbook(package)
    from importer.sources.workbook import XmlWorkbook  # noqa: PLC0415 - beside the others

    return XmlWorkbook(package)


def _compound(data: bytes, shown: str) -> Book:
    place = FilePlace(shown)
    names = stream_names(data)
    if "EncryptedPackage" in names:
        raise ConfigurationError(PasswordProtected(place=place, found=shown))
    if "Workbook" in names or "Book" in names:
        return _old(data, shown)
    looks = next((looks for name, looks in _DOCUMENTS if name in names), None)
    problem: Problem = AnotherFormat(place=place, found=shown, expected=looks or "an OLE document")
    if not names:
        problem = BrokenWorkbook(place=place, found=shown, expected="its directory cannot be read")
    raise ConfigurationError(problem)


def _old(data: bytes, shown: str) -> Book:
    from importer.sources.workbook_xls import OldWorkbook  # noqa: PLC0415 - only where one is read

    return OldWorkbook.read(data, shown)


def _what_else(data: bytes, shown: str) -> FileUnreadable:
    place = FilePlace(shown)
    whole = data[:4096]
    if whole.startswith((b"\xff\xfe", b"\xfe\xff")):
        whole = whole.decode("utf-16", "replace").encode()
    whole = whole.lstrip(b"\xef\xbb\xbf \r\n\t")
    head = whole.lower()
    if head.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head and b"<html" not in head:
            return XmlSpreadsheet(place=place, found=shown, expected="Excel 2003 XML")
        if b"urn:oasis:names:tc:opendocument" in head:
            return XmlSpreadsheet(place=place, found=shown, expected="flat OpenDocument")
    return AnotherFormat(place=place, found=shown, expected=_looks(whole, head))


def _looks(whole: bytes, head: bytes) -> str:
    if head.startswith(b"<"):
        page = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta", b"<style", b"<div")
        return "an html page" if head.startswith(page) or b"<html" in head else "an XML document"
    if found := next((looks for sign, looks in _SIGNS if whole.startswith(sign)), None):
        return found
    text = b"\0" not in head and any(sign in head for sign in (b";", b",", b"\t", b"|"))
    return "a text file with delimiters (CSV)" if text else "something else"
