"""Records of the binary parts of an .xlsb ([MS-XLSB] §2.1.4): a number, a length, and so many bytes."""

import struct
from collections.abc import Iterator


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each record.

    Raises:
        ValueError: a record is cut.
    """
    position, end = 0, len(data)
    while position < end:
        number = data[position]
        position += 1
        if number & 0x80 and position < end:
            number = number & 0x7F | (data[position] & 0x7F) << 7
            position += 1
        length = shift = 0
        while position < end and shift < 28:
            byte = data[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        content = data[position : position + length]
        if len(content) < length:
            raise ValueError(f"record {number} is cut")
        yield number, content
        position += length


def wide_text(content: bytes, start: int) -> tuple[str, int]:
    """Return a text and where it ends; a missing one is empty ([MS-XLSB] §2.5.169, XLNullableWideString).

    Raises:
        ValueError: it is cut.
    """
    (count,) = struct.unpack_from("<I", content, start)
    if count == 0xFFFFFFFF:
        return "", start + 4
    end = start + 4 + 2 * count
    if end > len(content):
        raise ValueError("a text is cut")
    return content[start + 4 : end].decode("utf-16-le", "replace"), end
