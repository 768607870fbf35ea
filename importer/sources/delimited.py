"""Text files: csv over decoded lines. Row numbers are the lines on which the records begin.

A file is read anew on each pass, so that its size costs no memory; one that changed in between is refused.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import msgspec

from importer.problems import CellPlace, ConfigurationError, FilePlace, Place, Problem
from importer.sources.delimiter import SAMPLE_LINES, guess_delimiter
from importer.sources.encoding import Encoding, find_encoding
from importer.sources.file_problems import (
    BrokenQuotes,
    EmptyFile,
    FileChanged,
    FileUnreadable,
    GuessedDelimiter,
    GuessedEncoding,
    NotAFile,
    NulByte,
    PageAsText,
    UnclosedQuote,
    UnknownDelimiter,
    WorkbookAsText,
)
from importer.sources.lines import Lines, RawLine

# A quote that swallows more than this is one that somebody forgot to close.
_MAX_RECORD_LINES = 10_000
_MAX_RECORD = 16 * 2**20
# Each costs reading a record's worth of lines again.
_MAX_BROKEN = 100
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)\b", re.IGNORECASE)
# What Excel writes before the header, to say which delimiter follows.
_SAID = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)


class TextFile(msgspec.Struct, frozen=True):
    """A text file, opened. `delimiter_how` is one of given, said (by the file's line `sep=`), guess, single (one column only)."""

    shown: str
    lines: Lines
    encoding: Encoding
    delimiter: str
    delimiter_how: str
    problems: tuple[Problem, ...]


def open_text(
    path: Path, shown: str, *, encoding: str | None, delimiter: str | None, places: "Places | None" = None
) -> TextFile:
    """Return a text file, its encoding checked to the last byte.

    Raises:
        ConfigurationError: the file cannot be read or decoded, or `encoding` or `delimiter` make no sense.
    """
    places = places or Places()
    where = FilePlace(shown)
    try:
        _refuse_other_files(path, shown)
        mark = _fingerprint(path)
        found = find_encoding(path, encoding, shown, places.encoding)
        head = _head(path, found.codec)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(FileUnreadable(place=where, found=shown, expected=reason)) from None
    problems: list[Problem] = []
    if found.how in ("guess", "pattern"):
        problems.append(GuessedEncoding(place=where, found=found.name, file=shown))
    sign, how = _checked_delimiter(delimiter, places.delimiter or where), "given"
    said = _SAID.fullmatch(head[0])
    if said is not None and sign is None:
        sign, how = said[1], "said"
    if sign is None:
        sign = guess_delimiter(head)
        how = "guess" if sign else "single"
    if how == "guess" and sign:
        problems.append(GuessedDelimiter(place=where, found=sign.replace("\t", "\\t"), file=shown))
    reader = _Reader(path, shown, found.codec, sign or ",", mark, said is not None)
    lines = Lines(book=shown, sheet=None, read=reader.read, rough=reader.read)
    return TextFile(shown, lines, found, sign or ",", how, tuple(problems))


class Places(msgspec.Struct, frozen=True):
    """Where the recipe says `encoding` and `delimiter`."""

    encoding: Place | None = None
    delimiter: Place | None = None


def _refuse_other_files(path: Path, shown: str) -> None:
    where = FilePlace(shown)
    if not path.is_file():
        raise ConfigurationError(NotAFile(place=where, found=shown))
    with path.open("rb") as stream:
        start = stream.read(512)
    if not start:
        raise ConfigurationError(EmptyFile(place=where, found=shown))
    if start.startswith(_ARCHIVES):
        raise ConfigurationError(WorkbookAsText(place=where, found=shown))
    if _PAGE.match(start):
        raise ConfigurationError(PageAsText(place=where, found=shown))


def _head(path: Path, codec: str) -> list[str]:
    with path.open(encoding=codec, newline="") as stream:
        # `readline` with a limit: a file may be one endless line.
        return [stream.readline(4096) for _ in range(SAMPLE_LINES)]


def _checked_delimiter(given: str | None, place: Place) -> str | None:
    found = "\t" if given == "\\t" else given
    if found is not None and (len(found) != 1 or found in '"\r\n\0 '):
        raise ConfigurationError(UnknownDelimiter(place=place, found=given))
    return found


def _fingerprint(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


class _Reader(msgspec.Struct, frozen=True):
    path: Path
    shown: str
    codec: str
    delimiter: str
    mark: tuple[int, int]
    said: bool

    def read(self) -> Iterator[RawLine]:
        """Yield the records of the file."""
        csv.field_size_limit(_MAX_RECORD)
        try:
            if _fingerprint(self.path) != self.mark:
                raise ConfigurationError(FileChanged(place=FilePlace(self.shown), found=self.shown))
            # `newline=""`: only \r, \n and \r\n end a line, as csv counts them; a form feed inside a value
            # does not.
            with self.path.open(encoding=self.codec, newline="") as stream:
                if stream.read(1) != "\ufeff":  # a mark that the encoding given does not know
                    stream.seek(0)
                if self.said:
                    stream.readline()
                yield from _Records(self.shown, self.delimiter, stream).read(2 if self.said else 1)
        except (OSError, UnicodeError) as error:
            problem = FileUnreadable(place=FilePlace(self.shown), found=self.shown, expected=str(error))
            raise ConfigurationError(problem) from None


@dataclass(slots=True)
class _Records:
    """Records out of lines. A quote never closed swallows its own line only: the rest is read again."""

    shown: str
    delimiter: str
    stream: TextIO
    again: deque[str] = field(default_factory=deque)
    taken: list[str] = field(default_factory=list)
    size: int = 0

    def read(self, number: int) -> Iterator[RawLine]:
        """Yield the records; the first stands on the line of this number."""
        reader = csv.reader(self._feed(), delimiter=self.delimiter, strict=True)
        broken = 0
        while True:
            self.taken.clear()
            self.size = 0
            try:
                fields = next(reader)
            except (StopIteration, csv.Error):
                if not self.taken:
                    return
                broken += 1
                if broken > _MAX_BROKEN:
                    problem = BrokenQuotes(place=FilePlace(self.shown), found=self.shown, count=_MAX_BROKEN)
                    raise ConfigurationError(problem) from None
                yield self._broken(number)
                self.again.extendleft(reversed(self.taken[1:]))
                reader = csv.reader(self._feed(), delimiter=self.delimiter, strict=True)
                number += 1
                continue
            yield self._line(number, fields)
            number += len(self.taken)

    def _feed(self) -> Iterator[str]:
        while True:
            line = self.again.popleft() if self.again else self.stream.readline(_MAX_RECORD)
            if not line:
                return
            self.taken.append(line)
            self.size += len(line)
            if len(self.taken) > _MAX_RECORD_LINES or self.size > _MAX_RECORD:
                return
            yield line

    def _broken(self, number: int) -> RawLine:
        place = CellPlace(self.shown, None, None, number)
        return RawLine(number, [self.taken[0].rstrip("\r\n")], (UnclosedQuote(place=place, line=number),))

    def _line(self, number: int, fields: list[str]) -> RawLine:
        if "\0" in (self.taken[0] if len(self.taken) == 1 else "".join(self.taken)):
            place = CellPlace(self.shown, None, None, number)
            return RawLine(
                number, [item.replace("\0", "") for item in fields], (NulByte(place=place, line=number),)
            )
        return RawLine(number, [*fields])
