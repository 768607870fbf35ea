"""OpenDocument spreadsheets (.ods): one walk through `content.xml` (ODF 1.3 part 3, §9)."""

import re
from collections.abc import Mapping
from functools import cached_property

from importer.problems import ConfigurationError, Place
from importer.sources.book import Grid, SheetPart
from importer.sources.file_problems import AnotherFormat, NoSheets, PasswordProtected
from importer.sources.held import HeldSheet
from importer.sources.lines import Details
from importer.sources.ods_content import Content
from importer.sources.ods_styles import OdsStyles
from importer.sources.package import Package
from importer.sources.workbook_parsing import run

# `$Лист.$A$1:.$C$4`, `'O''Neil'.A1`
_ADDRESS = re.compile(
    r"\$?(?P<sheet>'(?:[^']|'')*'|[^.':]+)\.(?P<first>\$?[A-Z]{1,3}\$?[0-9]{1,7})"
    r"(?::(?:\$?(?:'(?:[^']|'')*'|[^.':]+))?\.(?P<last>\$?[A-Z]{1,3}\$?[0-9]{1,7}))?"
)


class OpenDocument:
    """An .ods as a `Book`. All of its sheets are in one part, and are read together."""

    kind = "ods"

    def __init__(self, package: Package) -> None:
        """`package` has a manifest or a content part."""
        self.shown: str = package.shown
        self.place: Place = package.place
        self._package = package
        # LibreOffice encrypts the parts, or puts an encrypted package into the package; the manifest says so.
        if b"encryption-data" in (package.part("META-INF/manifest.xml") or b""):
            raise ConfigurationError(PasswordProtected(place=self.place, found=self.shown))

    @property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets."""
        return tuple(self._content.sheets)

    @cached_property
    def defined_names(self) -> Mapping[str, str]:
        """Return named ranges → the cells they refer to."""
        return {name: _reference(text) for name, text in self._content.names.items()}

    def tables(self, sheet: SheetPart) -> Mapping[str, str]:
        """Return the database ranges on a sheet: name → range."""
        found = {}
        for name, text in self._content.tables.items():
            owner, _, cells = _reference(text).rpartition("!")
            if owner.strip("'").replace("''", "'") == sheet.name:
                found[name] = cells.replace("$", "")
        return found

    def grid(self, sheet: SheetPart) -> Grid:
        """Return a sheet, read."""
        return self._held(sheet).grid()

    def details(self, sheet: SheetPart) -> Details:
        """Return styles, formulas and outlines."""
        return self._held(sheet).details()

    def _held(self, sheet: SheetPart) -> HeldSheet:
        return self._content.held[int(sheet.part)]

    @cached_property
    def _content(self) -> Content:
        styles = OdsStyles()
        content = Content(self.shown, styles)
        part = ""
        try:
            if data := self._package.part(part := "styles.xml"):
                run(data, styles.start, styles.end, styles.characters)
            if data := self._package.part(part := "content.xml"):
                run(data, content.start, content.end, content.characters)
        except ValueError as error:
            raise self._package.broken(f"{part}: {error}") from None
        if not content.is_spreadsheet:
            looks = "an OpenDocument file that is no spreadsheet"
            raise ConfigurationError(AnotherFormat(place=self.place, found=self.shown, expected=looks))
        if not content.sheets:
            raise ConfigurationError(NoSheets(place=self.place, found=self.shown))
        return content


def _reference(text: str) -> str:
    """Return an address as Excel writes it, or as it stands when it is no rectangle."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return text
    owner = match["sheet"] if match["sheet"].startswith("'") else f"'{match['sheet']}'"
    return f"{owner}!{match['first']}:{match['last'] or match['first']}"
