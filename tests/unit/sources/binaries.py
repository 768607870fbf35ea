"""Writers of the binary formats, as small as can be: compound files, BIFF (.xls) and BIFF12 (.xlsb)."""

import io
import struct
import zipfile

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


def record(number: int, content: bytes = b"") -> bytes:
    """Write a record of BIFF12 ([MS-XLSB] §2.1.4)."""
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    length, size = len(content), b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + content


def wide(text: str) -> bytes:
    """Write a text with its length before it."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def rk(value: int) -> bytes:
    """Write a whole number in four bytes."""
    return struct.pack("<i", value << 2 | 2)


def at(column: int, style: int = 0) -> bytes:
    """Write the head of a cell."""
    return struct.pack("<II", column, style)


def row(number: int, *, hidden: bool = False, outline: int = 0) -> bytes:
    """Write the head of a row, from 1."""
    flags = outline | (0x10 if hidden else 0)
    return record(0, struct.pack("<IIHBBBI", number - 1, 0, 300, 0, flags, 0, 0))


_MAIN = "http://schemas.openxmlformats.org"
_RELATION = f"{_MAIN}/officeDocument/2006/relationships"


def xlsb(
    sheet: bytes,
    *,
    name: str = "Лист",
    formats: tuple[str, ...] = (),
    texts: tuple[str, ...] = (),
    since_1904: bool = False,
    names: bytes = b"",
    **parts: bytes,
) -> bytes:
    """Write a binary workbook of one sheet, of which the records of rows are given; style 1 has the first format."""
    styles = record(278) + record(615, struct.pack("<I", len(formats)))
    styles += b"".join(record(44, struct.pack("<H", 164 + n) + wide(code)) for n, code in enumerate(formats))
    styles += record(616) + record(611, struct.pack("<I", 2))
    styles += b"".join(_font(struck) for struck in (False, True)) + record(612)
    styles += record(617, struct.pack("<I", len(formats) + 2))
    keys = [0, *range(164, 164 + len(formats)), 0]
    styles += b"".join(
        record(47, struct.pack("<HHHHHBBHH", 0, key, n == len(keys) - 1, 0, 0, 0, 0, 0, 0))
        for n, key in enumerate(keys)
    )
    styles += record(618) + record(279)
    workbook = record(131) + record(153, struct.pack("<II", since_1904, 0) + wide("")) + record(143)
    workbook += (
        record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(name)) + record(144) + names + record(132)
    )
    shared = record(159, struct.pack("<II", len(texts), len(texts)))
    shared += b"".join(record(19, b"\0" + wide(text)) for text in texts) + record(160)
    head = record(129) + record(148, struct.pack("<4I", 0, 99, 0, 25))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _types())
        archive.writestr("_rels/.rels", _relations(("rId1", "officeDocument", "xl/workbook.bin")))
        related = (
            ("rId1", "worksheet", "worksheets/sheet1.bin"),
            ("rId2", "styles", "styles.bin"),
            ("rId3", "sharedStrings", "sharedStrings.bin"),
        )
        archive.writestr("xl/_rels/workbook.bin.rels", _relations(*related))
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/sharedStrings.bin", shared)
        archive.writestr("xl/worksheets/sheet1.bin", head + sheet + record(130))
        for part, content in parts.items():
            archive.writestr(f"xl/{part}.bin", content)
        if parts:
            others = ((f"rId{n}", kind, f"../{kind}.bin") for n, kind in enumerate(parts))
            archive.writestr("xl/worksheets/_rels/sheet1.bin.rels", _relations(*others))
    return out.getvalue()


def _font(struck: bool) -> bytes:
    return record(
        43, struct.pack("<HHHHBBBB8sB", 220, 8 * struck, 400, 0, 0, 2, 0, 0, bytes(8), 0) + wide("Arial")
    )


def _relations(*items: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{i}" Type="{_RELATION}/{kind}" Target="{part}"/>' for i, kind, part in items
    )
    return f'<Relationships xmlns="{_MAIN}/package/2006/relationships">{inner}</Relationships>'


def _types() -> str:
    kinds = {
        "xl/workbook.bin": "sheet.binary.macroEnabled.main",
        "xl/worksheets/sheet1.bin": "worksheet",
        "xl/styles.bin": "styles",
        "xl/sharedStrings.bin": "sharedStrings",
    }
    inner = "".join(
        f'<Override PartName="/{part}" ContentType="application/vnd.ms-excel.{kind}"/>'
        for part, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_MAIN}/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{inner}</Types>'
    )


def biff(number: int, content: bytes = b"") -> bytes:
    """Write a record of BIFF ([MS-XLS] §2.1.4)."""
    return struct.pack("<HH", number, len(content)) + content


def biff5(
    cells: bytes, *, since_1904: bool = False, formats: tuple[str, ...] = (), protected: bool = False
) -> bytes:
    """Write the stream of an Excel 5 workbook with one sheet in cp1251; style 1 has the first format."""
    start = biff(0x809, struct.pack("<HHHH", 0x500, 5, 0x1234, 1993))
    if protected:
        start += biff(0x2F, struct.pack("<HH", 0x1234, 0x5678))
    start += biff(0x42, struct.pack("<H", 1251)) + biff(0x22, struct.pack("<H", since_1904))
    start += biff(0x31, struct.pack("<HHHHHBBBx", 200, 0, 0x7FFF, 400, 0, 0, 0, 204) + b"\x05Arial") * 4
    for n, code in enumerate(formats):
        start += biff(0x41E, struct.pack("<HB", 164 + n, len(code)) + code.encode("cp1251"))
    for key in (0, *range(164, 164 + len(formats))):
        start += biff(0xE0, struct.pack("<HHHHHHHH", 0, key, 1, 0x20, 0, 0, 0, 0))
    title = "Лист".encode("cp1251")
    length = len(start) + 4 + 7 + len(title) + 4
    start += biff(0x85, struct.pack("<IHB", length, 0, len(title)) + title) + biff(0x0A)
    sheet = biff(0x809, struct.pack("<HHHH", 0x500, 0x10, 0x1234, 1993))
    return start + sheet + cells + biff(0x0A)
