"""What the scripts of the samples share: cells written together with the truth about them, and files with the same bytes each time.

`expected.json` is made of what a script knows that it wrote, and of what its author says a person would read there; no reader of
ours has a part in it.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

BOLD = Font(bold=True)
FILL = PatternFill("solid", fgColor="D9E2EC")
_MERGED = re.compile(rb"(?<=>)(?:<mergeCell [^>]*/>)+")
_MOMENT = (2026, 11, 1, 9, 0, 0)


class Page:
    """A sheet, or a text file: what is put into it, and what a reader should find."""

    def __init__(self, sheet=None, name=None, state="visible"):
        self.sheet = sheet
        self.truth = {
            "name": name if sheet is None else sheet.title,
            "state": state,
            "header_row": None,
            "merged": [],
            "hidden_rows": [],
            "hidden_columns": [],
            "tables": [],
            "problems": [],
            "cells": {},
        }

    def put(self, address, value, *, shown=None, reads=None):
        """Write a value under the number format `shown`; `reads` is what a person sees there, if not what was written: [type, value]."""
        if value is None or value == "":
            return None
        if isinstance(self.sheet, list):
            raise TypeError("lines are put by `line`")
        cell = self.sheet[address]
        cell.value = value
        if shown is not None:
            cell.number_format = shown
        elif isinstance(value, date):
            cell.number_format = "DD.MM.YYYY"
        self.reads(address, reads or seen(value))
        return cell

    def reads(self, address, what):
        """State what stands in a cell."""
        letters, row = re.fullmatch(r"([A-Z]+)([0-9]+)", address).groups()
        self.truth["cells"].setdefault(row, {})[letters] = what

    def row(self, number, values, first="A"):
        """Write the values of a row, None for no cell; a pair is a value and its number format."""
        start = ord(first) - 65
        for offset, item in enumerate(values, start=1):
            value, shown = item if isinstance(item, tuple) else (item, None)
            self.put(f"{get_column_letter(start + offset)}{number}", value, shown=shown)

    def head(self, number, headers, first="A"):
        """Write the row of headers."""
        self.row(number, headers, first)
        self.truth["header_row"] = number
        for cell in self.sheet[number]:
            cell.font, cell.fill = BOLD, FILL

    def merge(self, area):
        """Merge cells; the value stands in the first."""
        self.sheet.merge_cells(area)
        self.truth["merged"] = sorted([*self.truth["merged"], area])

    def hide_rows(self, *rows):
        for row in rows:
            self.sheet.row_dimensions[row].hidden = True
        self.truth["hidden_rows"] = sorted([*self.truth["hidden_rows"], *rows])

    def hide_column(self, letters):
        self.sheet.column_dimensions[letters].hidden = True
        self.truth["hidden_columns"].append(letters)

    def line(self, number, fields):
        """State what a line of a text file holds: all cells are texts."""
        for offset, text in enumerate(fields, start=1):
            if text.strip():
                self.reads(f"{get_column_letter(offset)}{number}", ["text", text])

    def says(self, code, word):
        """State what is said about the sheet as a whole, and a word that it must mention."""
        self.truth["problems"] = sorted([*self.truth["problems"], [code, word]])


class Mapped:
    """What a recipe makes of the rows: the truth about `preview`."""

    def __init__(self):
        self.steps = {}
        self.problems = []

    def step(self, name, to, properties):
        """Begin a step; a row says only the properties that are not blank."""
        self.steps[name] = {"to": to, "properties": list(properties), "rows": []}
        return Step(self, name)


class Step:
    def __init__(self, mapped, name):
        self.mapped, self.name, self.found = mapped, name, mapped.steps[name]

    def row(self, number, values=None, *, fate=None, codes=None):
        """State a row: property → text as a person would write the value, None for a blank; property → code of what is wrong."""
        codes = codes or {}
        fate = fate or ("blocked" if codes else "record")
        unknown = set(values or {}) - set(self.found["properties"])
        if unknown:
            raise ValueError(f"{self.name}: {unknown}")
        if fate in ("outside", "not_for_step") or (fate == "skip" and values is None):
            self.found["rows"].append([number, fate])
            return
        stated = {key: text for key, text in (values or {}).items() if text is not None}
        self.found["rows"].append([number, fate, stated, codes] if codes else [number, fate, stated])

    def says(self, code, place):
        """State a problem at a cell (`Сотрудники!K34`), or at a row."""
        self.mapped.problems.append([code, self.name, place])


def seen(value):
    """Return what a person sees in a cell with this value."""
    if isinstance(value, bool):
        return ["boolean", value]
    if isinstance(value, str):
        if value.startswith("="):
            return ["error", "", "formula-without-value"]
        if re.fullmatch(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)", value):
            return ["error", value, value]
        return ["text", value]
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date | time):
        return ["date" if isinstance(value, date) else "time", value.isoformat()]
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return ["duration", f"PT{minutes // 60}H{minutes % 60}M"]
    return ["number", f"{Decimal(str(value)).normalize():f}"]


def packed(book, change=None):
    """Return the bytes of a workbook: every moment the same; `change` sees each part's name and bytes, and gives its bytes."""
    raw = io.BytesIO()
    book.save(raw)
    fixed = io.BytesIO()
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(fixed, "w") as after:
        for part in before.infolist():
            data = before.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-01T09:00:00Z", data)
            data = _MERGED.sub(_sorted, data)  # openpyxl keeps them in a set
            if change is not None:
                data = change(part.filename, data)
            info = zipfile.ZipInfo(part.filename, _MOMENT)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            after.writestr(info, data)
    return fixed.getvalue()


def _sorted(merged):
    return b"".join(sorted(re.findall(rb"<mergeCell [^>]*/>", merged.group())))


def converted(content, suffix):
    """Return a workbook as LibreOffice saves it in another format: not the same bytes twice, but the same cells."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "book.xlsx"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True)
        return source.with_suffix(f".{suffix}").read_bytes()


def file_truth(kind, pages, **facts):
    """Return what `read` should say of a file."""
    return {"kind": kind, **facts, "sheets": [page.truth for page in pages]}


def expected(files, recipes):
    """Return the text of `expected.json`: a row of cells or of values on a line."""
    whole = {
        "files": files,
        "recipes": {name: {"problems": item.problems, "steps": item.steps} for name, item in recipes.items()},
    }
    return _lines(whole, 0) + "\n"


def _lines(value, depth):
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) < 100 or (depth > 5 and isinstance(value, dict)):
        return flat
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        items = [
            f"{json.dumps(key, ensure_ascii=False)}: {_lines(item, depth + 1)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(pad + item for item in items) + "\n" + " " * depth + "}"
    if isinstance(value, list) and not isinstance(value[0], int | str):
        return "[\n" + ",\n".join(pad + _lines(item, depth + 1) for item in value) + "\n" + " " * depth + "]"
    return flat


def write(script, contents):
    """Write the files beside the script, or into the folder that the command line names."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(script).parent
    for name, content in contents.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def new_book():
    """Return an empty workbook without a sheet."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "Samples"
    return book
