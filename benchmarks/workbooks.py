"""Workbooks as Excel writes them: openpyxl holds every text in its cell, Cyrillic as numeric entities, as no customer's file does."""

import re
import zipfile
from pathlib import Path

_TEXT = re.compile(r't="inlineStr"><is><t(?: xml:space="preserve")?>(.*?)</t></is></c>', re.DOTALL)
_ENTITY = re.compile(r"&#(\d+);")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def as_excel_writes(path: Path) -> None:
    """Move the texts of a workbook that openpyxl wrote into one shared table, in UTF-8."""
    texts: dict[str, int] = {}

    def shared(match: re.Match[str]) -> str:
        text = _ENTITY.sub(lambda entity: chr(int(entity[1])), match[1])
        return f't="s"><v>{texts.setdefault(text, len(texts))}</v></c>'

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = _TEXT.sub(shared, parts[name])
    items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">{items}</sst>'
    for name, closing, added in (
        (
            "[Content_Types].xml",
            "</Types>",
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_CONTENT}"/>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "</Relationships>",
            f'<Relationship Id="rIdTexts" Type="{_RELATION}" Target="sharedStrings.xml"/>',
        ),
    ):
        parts[name] = parts[name].replace(closing, added + closing)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
