"""The package that an .xlsx is: what kind of file it really is, its sheets, tables, names and styles."""

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import msgspec

from importer.problems import ConfigurationError, FilePlace, Place
from importer.sources.file_problems import (
    AnotherFormat,
    BinaryWorkbook,
    BrokenWorkbook,
    DangerousWorkbook,
    EmptyFile,
    FileUnreadable,
    NoSheets,
    NotAFile,
    OldWorkbook,
    PasswordProtected,
)
from importer.sources.styles import Style, read_styles
from importer.sources.unpacking import BAD_ZIP, check_archive
from importer.sources.xml_names import local_name

_MAX_FILE = 512 * 2**20
_OTHER_KINDS = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "content.xml": "an OpenDocument file",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class SheetPart(msgspec.Struct, frozen=True):
    """A sheet as the workbook part lists it. `state` is one of visible, hidden, very_hidden."""

    name: str
    state: str
    part: str


@dataclass(frozen=True)
class Package:
    """A checked package: the file's bytes, and its parts unpacked on demand."""

    shown: str
    place: Place
    data: bytes
    archive: zipfile.ZipFile = field(repr=False)
    # Parts unpacked while they were checked, as long as they are small enough to keep.
    kept: Mapping[str, bytes] = field(repr=False, default_factory=dict)

    def part(self, name: str) -> bytes | None:
        """Return a part's bytes, or None when there is none."""
        try:
            return self.kept.get(name) or self.archive.read(name)
        except KeyError:
            return None

    def xml(self, name: str) -> Element | None:
        """Return the root element of a small part, or None when there is none.

        Raises:
            ConfigurationError: the part is not well formed.
        """
        from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - only for workbooks

        data = self.part(name)
        if data is None:
            return None
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except (ParseError, ValueError, LookupError) as error:
            raise self.broken(f"{name}: {error}") from None
        return root

    def broken(self, reason: str) -> ConfigurationError:
        """Return the error to raise when the package turns out to be damaged."""
        return ConfigurationError(BrokenWorkbook(place=self.place, found=self.shown, expected=reason))

    def relations(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Return the relations of a part: id → (kind, target part)."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for item in root if root is not None else ():
            if item.get("TargetMode") == "External":
                continue
            target = item.get("Target", "")
            path = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            found[item.get("Id", "")] = (item.get("Type", "").rpartition("/")[2], path)
        return found

    @cached_property
    def workbook_part(self) -> str:
        """Return the name of the workbook part.

        Raises:
            ConfigurationError: there is none; the zip is something else.
        """
        names = set(self.archive.namelist())
        looks = next((kind for name, kind in _OTHER_KINDS.items() if name in names), None)
        for kind, target in self.relations("").values() if looks is None else ():
            if kind == "officeDocument" and target.endswith(".bin"):
                raise ConfigurationError(BinaryWorkbook(place=self.place, found=self.shown))
            if kind == "officeDocument":
                return target
        looks = looks or "a zip archive"
        raise ConfigurationError(AnotherFormat(place=self.place, found=self.shown, expected=looks))

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets in the workbook's order; charts and macros are left out."""
        root = self.xml(self.workbook_part)
        if root is None:
            raise self.broken(f"no part {self.workbook_part}")
        relations = self.relations(self.workbook_part)
        found = []
        for item in root.iter():
            if local_name(item.tag) != "sheet":
                continue
            relation = next(
                (
                    value
                    for name, value in item.attrib.items()
                    if local_name(name) == "id" and name != "sheetId"
                ),
                "",
            )
            kind, part = relations.get(relation, ("", ""))
            if kind == "worksheet":
                state = {"hidden": "hidden", "veryHidden": "very_hidden"}.get(
                    item.get("state", ""), "visible"
                )
                found.append(SheetPart(item.get("name", ""), state, part))
        if not found:
            raise ConfigurationError(NoSheets(place=self.place, found=self.shown))
        return tuple(found)

    @cached_property
    def defined_names(self) -> Mapping[str, str]:
        """Return defined names → what they refer to, as written: `Sheet1!$A$1:$B$9`."""
        root = self.xml(self.workbook_part)
        return {
            item.get("name", ""): (item.text or "").strip()
            for item in (root.iter() if root is not None else ())
            if local_name(item.tag) == "definedName"
        }

    def tables(self, sheet: SheetPart) -> Mapping[str, str]:
        """Return the Excel tables of a sheet: name → range."""
        found: dict[str, str] = {}
        for kind, part in self.relations(sheet.part).values():
            if kind == "table" and (root := self.xml(part)) is not None:
                found[root.get("displayName") or root.get("name") or ""] = root.get("ref") or ""
        return found

    @cached_property
    def styles(self) -> tuple[Style, ...]:
        """Return the cell styles, by the index that cells name."""
        part = next(
            (part for kind, part in self.relations(self.workbook_part).values() if kind == "styles"), None
        )
        return read_styles(self.xml(part)) if part else ()


def open_package(path: Path, shown: str) -> Package:
    """Return the checked package at `path`.

    Raises:
        ConfigurationError: missing rights, empty, protected, of another kind, damaged or dangerous.
    """
    place = FilePlace(shown)
    if not path.is_file():
        raise ConfigurationError(NotAFile(place=place, found=shown))
    try:
        size = path.stat().st_size
        if size > _MAX_FILE:
            raise ConfigurationError(
                DangerousWorkbook(place=place, found=shown, expected=f"{size // 2**20} MiB")
            )
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            FileUnreadable(place=place, found=shown, expected=error.strerror or str(error))
        ) from None
    if not data:
        raise ConfigurationError(EmptyFile(place=place, found=shown))
    if not data.startswith(b"PK"):
        raise ConfigurationError(_what_else(data, shown, place))
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        kept = check_archive(archive, data, shown)
    except BAD_ZIP as error:
        raise ConfigurationError(
            BrokenWorkbook(place=place, found=shown, expected=str(error) or "bad zip")
        ) from None
    return Package(shown, place, data, archive, kept)


def _what_else(data: bytes, shown: str, place: Place) -> FileUnreadable:
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        return (PasswordProtected if encrypted else OldWorkbook)(place=place, found=shown)
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head")):
        looks = "an html page"
    elif head.startswith(b"<"):
        looks = "an html page" if b"<html" in head else "an XML document"
    elif head.startswith(b"%pdf"):
        looks = "a PDF"
    elif head.startswith((b"{", b"[")):
        looks = "JSON"
    elif b"\0" not in head and any(sign in head for sign in (b";", b",", b"\t")):
        looks = "a text file with delimiters (CSV)"
    else:
        looks = "something else"
    return AnotherFormat(place=place, found=shown, expected=looks)
