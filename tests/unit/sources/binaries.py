"""Writers of the binary formats, as small as can be: compound files, BIFF (.xls) and BIFF12 (.xlsb)."""

import struct

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(**streams: bytes) -> bytes:
    """Write a compound file ([MS-CFB]); streams are filled up to 4096 bytes, so that no mini stream is needed."""
    sectors: list[bytes] = []
    fat: list[int] = []

    def chain(content: bytes) -> int:
        start = len(sectors)
        pieces = [content[n : n + 512].ljust(512, b"\0") for n in range(0, len(content), 512)]
        sectors.extend(pieces)
        fat.extend([*range(start + 1, start + len(pieces)), _END])
        return start

    entries = [_entry("Root Entry", 5, _END, 0, child=1 if streams else _FREE)]
    for n, (name, content) in enumerate(streams.items(), start=1):
        whole = content.ljust(4096, b"\0")
        right = n + 1 if n < len(streams) else _FREE
        entries.append(_entry(name, 2, chain(whole), len(whole), right=right))
    while len(entries) % 4:
        entries.append(_entry("", 0, 0, 0))
    directory = chain(b"".join(entries))
    place = len(sectors)
    fat.append(_FAT)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    assert len(table) == 512
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<I", place).ljust(436, b"\xff")
    return head + b"".join(sectors) + table


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        encoded,
        len(encoded),
        kind,
        1,
        _FREE,
        right,
        child,
        bytes(16),
        0,
        0,
        0,
        start,
        size,
    )
