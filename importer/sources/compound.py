"""The compound file that an .xls is (and a protected .xlsx): the names of its streams ([MS-CFB])."""

import struct

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # this and above are no sectors
_MAX_ENTRIES = 10_000


def stream_names(data: bytes) -> frozenset[str]:
    """Return the names of all streams and storages; empty when the directory cannot be read."""
    try:
        return _names(data)
    except struct.error:
        return frozenset()


def _names(data: bytes) -> frozenset[str]:
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        return frozenset()
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", data, 48)
    fat = _Fat(data, size)
    found: set[str] = set()
    seen: set[int] = set()
    while sector < _END and sector not in seen and len(seen) * (size // 128) < _MAX_ENTRIES:
        seen.add(sector)
        start = (sector + 1) * size
        for entry in range(start, start + size, 128):
            name, length = struct.unpack_from("<64sH", data, entry)
            if 2 <= length <= 64:
                found.add(name[: length - 2].decode("utf-16-le", "replace"))
        sector = fat.after(sector)
    return frozenset(found)


class _Fat:
    """Which sector follows which; the table's own first 109 sectors are named in the header (§2.2)."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size
        self._sectors = struct.unpack_from("<109I", data, 76)

    def after(self, sector: int) -> int:
        table, position = divmod(sector, self._size // 4)
        if table >= len(self._sectors) or self._sectors[table] >= _END:
            return _END
        start = (self._sectors[table] + 1) * self._size
        found: tuple[int] = struct.unpack_from("<I", self._data, start + position * 4)
        return found[0]
