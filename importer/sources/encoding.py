"""Which encoding a text file has, and how we know (recipe-language.md §4, `encoding`).

A file is checked once, in pieces, before it is read: a text file of any size costs little memory.
"""

import codecs
from pathlib import Path

import msgspec

from importer.problems import ConfigurationError, FilePlace, Place
from importer.sources.code_pages import PLAUSIBLE, likeliest
from importer.sources.file_problems import Undecodable, UnknownEncoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 2**18
_PIECE = 2**20


class Encoding(msgspec.Struct, frozen=True):
    """An encoding that fits the whole file.

    name: as people write it. codec: as Python opens the file (a mark at the start is not part of the text).
    how: one of given, bom, valid (strict UTF-8), pattern (UTF-16 by its zero bytes), guess.
    """

    name: str
    codec: str
    how: str


class _Misfit(msgspec.Struct, frozen=True):
    offset: int
    line: int
    wrong: bytes


def find_encoding(path: Path, given: str | None, shown: str, place: Place | None) -> Encoding:
    """Return the encoding of a text file.

    Raises:
        ConfigurationError: the encoding is unknown, or bytes do not fit it.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    found = _given(sample, given, place or FilePlace(shown)) if given is not None else _detected(path, sample)
    if misfit := _misfit(path, found.codec):
        fitting = [name for name in ("utf-8", *PLAUSIBLE) if name != found.name and not _misfit(path, name)]
        others = fitting[:1] if "utf-8" in fitting else likeliest(_telling(path), fitting)
        raise ConfigurationError(
            Undecodable(
                place=place or FilePlace(shown),
                found=misfit.wrong.hex(" "),
                expected=found.name,
                offset=misfit.offset,
                line=misfit.line,
                file=shown,
                others=", ".join(others[:4]) or "–",
            )
        ) from None
    return found


def _given(sample: bytes, given: str, place: Place) -> Encoding:
    try:
        codec = codecs.lookup(given).name
        # Refuses what is a codec, but of no text: base64, rot13.
        b"a".decode(given)
    except UnicodeDecodeError:
        pass  # half a character of UTF-16: an encoding all right
    except (LookupError, ValueError):
        raise ConfigurationError(UnknownEncoding(place=place, found=given)) from None
    marked = codec == "utf-8" and sample.startswith(codecs.BOM_UTF8)
    return Encoding(given, "utf-8-sig" if marked else codec, "given")


def _detected(path: Path, sample: bytes) -> Encoding:
    for mark, marked in _BOMS:
        if sample.startswith(mark):
            return Encoding(marked, "utf-8-sig" if marked == "utf-8" else marked, "bom")
    wide = _utf16_by_pattern(sample)
    if wide and not _misfit(path, wide):
        return Encoding(wide, wide, "pattern")
    if not _misfit(path, "utf-8"):
        return Encoding("utf-8", "utf-8", "valid")
    if _is_nearly_utf8(sample):
        # Its letters are; a few bytes are damaged, and any other reading would turn every letter into two.
        return Encoding("utf-8", "utf-8", "valid")
    name = _guess(path)
    return Encoding(name, name, "guess")


def _misfit(path: Path, codec: str) -> _Misfit | None:
    """Return the first bytes that are not of this encoding, or None."""
    decoder = codecs.getincrementaldecoder(codec)()
    fed, lines = 0, 1
    with path.open("rb") as stream:
        while True:
            piece = stream.read(_PIECE)
            fed += len(piece)
            try:
                lines += decoder.decode(piece, not piece).count("\n")
            except UnicodeDecodeError as error:
                # What the decoder kept back from the piece before stands at the start of `object`.
                offset = fed - len(error.object) + error.start
                before = error.object[: error.start].decode(codec, "replace").count("\n")
                wrong = error.object[error.start : max(error.start + 1, error.end)][:4]
                return _Misfit(offset, lines + before, wrong)
            except UnicodeError:
                # UTF-16 without its mark raises one without a position.
                return _Misfit(0, 1, piece[:2])
            if not piece:
                return None


def _utf16_by_pattern(sample: bytes) -> str | None:
    """Return UTF-16 without a mark: one byte of every two is that of a block, zero for ASCII and four for Cyrillic."""
    sample = sample[:4096]
    half = len(sample) // 2
    odd, even = (sum(map(part.count, (0, 4))) for part in (sample[1::2], sample[::2]))
    if max(odd, even) < max(2, 0.6 * half):
        return None
    if odd > 2 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 2 * odd else None


def _is_nearly_utf8(sample: bytes) -> bool:
    """Whether most of what is not ASCII are letters of UTF-8."""
    text = sample.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(sign > "\x7f" for sign in text) - wrong > 4 * wrong


def _guess(path: Path) -> str:
    import cchardet  # noqa: PLC0415 - only where a guess is needed

    sample = _telling(path)
    detected = cchardet.detect(sample).get("encoding") or "ascii"
    try:
        codec = codecs.lookup(detected).name
    except LookupError:
        codec = ""
    names = {codecs.lookup(page).name: page for page in PLAUSIBLE}
    fitting = [page for page in PLAUSIBLE if not _misfit(path, page)]
    return next(iter(likeliest(sample, fitting, names.get(codec))), "latin-1")


def _telling(path: Path) -> bytes:
    """Return the first lines that hold anything but ASCII: the rest says nothing of the code page."""
    found, size = [], 0
    with path.open("rb") as stream:
        while size < _SAMPLE and (line := stream.readline(_SAMPLE)):
            if not line.isascii():
                found.append(line)
                size += len(line)
    return b"".join(found)
