"""The package that an .xlsx is: what kind of file it really is, its sheets, tables, names and styles."""

import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element, ParseError

from importer.problems import ConfigurationError, Place
from importer.sources.book import SheetPart, broken
from importer.sources.file_problems import AnotherFormat, NoSheets
from importer.sources.styles import Style, read_styles
from importer.sources.xml_names import local_name

_OTHER_KINDS = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
}
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")


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
        # Part names are equal without regard to case (OPC §6.2.2.3).
        own = self._names.get(name.casefold())
        return None if own is None else self.kept.get(own) or self.archive.read(own)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {name.casefold(): name for name in self.archive.namelist()}

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
        return broken(self.place, self.shown, reason)

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
            if kind == "officeDocument":
                return target
        # Writers have lost the first relations; the part has had this name since 2007.
        if looks is None and "xl/workbook.xml" in names:
            return "xl/workbook.xml"
        inner = next((name for name in sorted(names) if name.lower().endswith(_WORKBOOKS)), None)
        looks = looks or (f"a zip archive with {inner[:80]} inside" if inner else "a zip archive")
        raise ConfigurationError(AnotherFormat(place=self.place, found=self.shown, expected=looks))

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets in the workbook's order; charts and macros are left out."""
        root = self.xml(self.workbook_part)
        if root is None:
            raise self.broken(f"no part {self.workbook_part}")
        relations = self.relations(self.workbook_part)
        if not relations:
            raise self.broken(f"no relations of {self.workbook_part}")
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

    @cached_property
    def since_1904(self) -> bool:
        """Whether days are counted from 1904."""
        root = self.xml(self.workbook_part)
        found = [item for item in (root if root is not None else ()) if local_name(item.tag) == "workbookPr"]
        return any(item.get("date1904") in ("1", "true", "on") for item in found)

    @property
    def is_macro_enabled(self) -> bool:
        """Whether the content types call the workbook one with macros."""
        return b"macroEnabled" in (self.part("[Content_Types].xml") or b"")

    def part_of(self, kind: str) -> str | None:
        """Return the name of the workbook's part of a kind: `styles`, `sharedStrings`."""
        found = self.relations(self.workbook_part).values()
        return next((part for its, part in found if its == kind), None)

    def notes(self, sheet: SheetPart) -> tuple[str, ...]:
        """Return the addresses of the cells with notes or comments."""
        found: dict[str, None] = {}
        for kind, part in self.relations(sheet.part).values():
            if kind in ("comments", "threadedComment") and (root := self.xml(part)) is not None:
                words = (
                    item for item in root.iter() if local_name(item.tag) in ("comment", "threadedComment")
                )
                found.update(dict.fromkeys(item.get("ref", "") for item in words))
        return tuple(found)

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
        part = self.part_of("styles")
        return read_styles(self.xml(part)) if part else ()
