"""The zip of a workbook, checked before anything else opens it.

Refused: several entries of one name, paths that leave the package, parts that grow out of proportion (bombs),
a DOCTYPE in any part. Sizes are not believed but counted: every part is unpacked once, and must be exactly as
long as the directory says and end where its data end, so that no other reader finds more in the same bytes.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from importer.problems import ConfigurationError, FilePlace, Problem
from importer.sources.file_problems import DangerousWorkbook, PasswordProtected

# What Python's zipfile and zlib raise over damaged archives.
BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
_MAX_UNPACKED = 768 * 2**20  # a million rows of twelve cells are some 600 MiB
_FREE_UNPACKED = 64 * 2**20  # below this no ratio is suspicious: an honest empty sheet shrinks a thousandfold
_MAX_RATIO = 200
_MAX_ENTRIES = 10_000
_MAX_KEPT = 128 * 2**20
_PIECE = 2**20
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


def check_archive(archive: zipfile.ZipFile, data: bytes, shown: str) -> dict[str, bytes]:
    """Return the parts unpacked on the way, as long as they are small enough to keep.

    Raises:
        ConfigurationError: the archive is encrypted or looks made to harm.
        zipfile.BadZipFile: it is damaged; also the other exceptions of `BAD_ZIP`.
    """
    place = FilePlace(shown)
    entries = archive.infolist()
    problem: Problem | None = None
    if reason := _suspicious(entries, len(data)):
        problem = DangerousWorkbook(place=place, found=shown, expected=reason)
    elif any(entry.flag_bits & 0x1 for entry in entries):
        problem = PasswordProtected(place=place, found=shown)
    if problem:
        raise ConfigurationError(problem)
    kept: dict[str, bytes] = {}
    room = _MAX_KEPT
    for entry in entries:
        pieces = _checked(data, entry)
        # Pictures may hold anything, and nobody here reads them.
        if entry.filename.startswith("xl/media/") or entry.file_size > room:
            typed = _skim(pieces, markup=not entry.filename.startswith("xl/media/"))
        else:
            room -= entry.file_size
            kept[entry.filename] = b"".join(pieces)
            typed = _has_doctype(kept[entry.filename])
        if typed:
            reason = f"{entry.filename} holds a DOCTYPE"
            raise ConfigurationError(DangerousWorkbook(place=place, found=shown, expected=reason))
    return kept


def _suspicious(entries: list[zipfile.ZipInfo], size: int) -> str | None:
    if len(entries) > _MAX_ENTRIES:
        return f"it has {len(entries)} parts"
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        return "it holds two parts of one name"
    for name in names:
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
            return f"the part {name} points out of the file"
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > _MAX_UNPACKED or (unpacked > _FREE_UNPACKED and unpacked > _MAX_RATIO * size):
        return f"it unpacks to {unpacked // 2**20} MiB"
    return None


def _skim(pieces: Iterator[bytes], *, markup: bool) -> bool:
    """Read a part to its end; return whether it is markup that declares a document type."""
    tail, found = b"", False
    for piece in pieces:
        found = found or (markup and _has_doctype(tail + piece))
        tail = piece[-32:]
    return found


def _has_doctype(data: bytes) -> bool:
    # A part in UTF-16 has zero bytes from its first sign on.
    signs = _DOCTYPES if b"\0" in data[:64] else _DOCTYPES[:1]
    return any(re.search(sign, data) for sign in signs)


def _checked(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    checksum = 0
    for piece in _unpacked(data, entry):
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != entry.CRC:
        raise zipfile.BadZipFile(f"{entry.filename} does not fit its checksum")


def _unpacked(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part in pieces.

    Not `ZipFile.read`: it stops at the length that the directory says, where another reader goes on to the
    data's end.
    """
    signature, names, extra = struct.unpack_from("<4s22xHH", data, entry.header_offset)
    start = entry.header_offset + 30 + names + extra
    packed = memoryview(data)[start : start + entry.compress_size]
    if signature != b"PK\x03\x04" or len(packed) < entry.compress_size:
        raise zipfile.BadZipFile(f"{entry.filename} is cut")
    if entry.compress_type == zipfile.ZIP_STORED:
        pieces: Iterator[bytes] = iter([bytes(packed)])
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        pieces = _inflated(packed, entry.filename)
    else:
        raise zipfile.BadZipFile(f"{entry.filename} is packed in an unusual way")
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > entry.file_size:
            break
        yield piece
    if length != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.filename} is not as long as it says")


def _inflated(packed: memoryview, name: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    while not inflater.eof:
        piece = inflater.decompress(rest, _PIECE)
        rest = inflater.unconsumed_tail
        if not piece and not inflater.eof and not rest:
            raise zipfile.BadZipFile(f"{name} is cut")
        yield piece
    if inflater.unused_data:
        raise zipfile.BadZipFile(f"{name} holds more than it says")
