"""The catalogue of translations: `make locale` brings it up to date with the code.

Texts come from the classes of problems (`text`, `hint`) and from `translate("…")`, `translate_plural("…", "…", n)` and
`N_("…")`. The template (`messages.pot`) is written anew, the translations (`messages.po`) keep what is translated and get
the new texts empty, and what programs read (`messages.mo`) is compiled.
"""

import contextlib
import importlib
import io
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import importer
from importer.problems import registered

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "importer" / "locale"
TEMPLATE = LOCALE / "messages.pot"
KEYWORDS = {"translate": None, "N_": None, "translate_plural": (1, 2)}
_MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def all_problems() -> tuple[type[importer.problems.Problem], ...]:
    """Return every class of problem of the whole program."""
    for module in pkgutil.walk_packages(importer.__path__, "importer."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return tuple(cls for cls in registered() if cls.__module__.startswith("importer."))


def texts() -> Iterator[tuple[str | tuple[str, str], str]]:
    """Yield (text, or singular and plural; the file it stands in), in the order of files and then of texts."""
    found: list[tuple[str, str | tuple[str, str]]] = []
    for cls in all_problems():
        where = cls.__module__.replace(".", "/") + ".py"
        found.extend((where, text) for text in (cls.text, cls.hint) if any(map(str.isalpha, _words(text))))
    with contextlib.redirect_stderr(io.StringIO()):  # babel warns of `translate(x or "")`
        extracted = list(extract_from_dir(ROOT / "importer", [("**.py", "python")], keywords=KEYWORDS))
    for name, _, message, _, _ in extracted:
        found.append((f"importer/{name}", tuple(message) if isinstance(message, tuple | list) else message))
    yield from ((text, where) for where, text in sorted(found, key=lambda item: (item[0], str(item[1]))))


def template() -> Catalog:
    """Return the template that fits the code."""
    catalogue = _empty(None, "# Made by `make locale`.")
    for text, where in texts():
        catalogue.add(text, locations=[(where, None)])
    return catalogue


def read_translations(language: str) -> Catalog:
    """Return the translations as they stand."""
    return read_po(io.BytesIO(po_path(language).read_bytes()), locale=language)


def translations(language: str) -> Catalog:
    """Return the translations, with the texts of the code: new ones empty, gone ones dropped."""
    path = po_path(language)
    catalogue = (
        read_translations(language)
        if path.exists()
        else _empty(language, "# Translations are written here; texts come by `make locale`.")
    )
    catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(written, catalogue, width=120, include_lineno=False)
    return re.sub(rb'"Generated-By: .*\n', b"", written.getvalue())  # the same whatever the version of babel


def as_mo(catalogue: Catalog) -> bytes:
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def main() -> None:
    TEMPLATE.write_bytes(as_po(template()))
    for language in ("ru",):
        catalogue = translations(language)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(catalogue))
        path.with_suffix(".mo").write_bytes(as_mo(read_translations(language)))
        empty = [message for message in catalogue if message.id and not _translated(message.string)]
        print(f"{language}: {len(catalogue)} texts, {len(empty)} without a translation")


def _words(text: str) -> Iterator[str]:
    """Yield the characters of a text that are not inside of `{variables}`."""
    depth = 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if not depth:
            yield letter


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _empty(language: str | None, comment: str) -> Catalog:
    return Catalog(
        locale=language,
        project="odata-importer",
        version="1",
        fuzzy=False,
        charset="utf-8",
        creation_date=_MOMENT,
        revision_date=_MOMENT,
        header_comment=comment,
        msgid_bugs_address="-",
        last_translator="odata-importer contributors",
        language_team=language or "-",
    )


if __name__ == "__main__":
    main()
