"""What `clean` does to a text: trim, collapse spaces, drop the invisible, NFC (recipe-language.md §4)."""

import re
import unicodedata

# Zero-width characters, the soft hyphen, the byte order mark and directional marks.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# Every horizontal white space; a line break inside a text stays.
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_BREAKS = re.compile(r" *\n *")


def clean(text: str) -> str:
    """Return `text` trimmed, with single spaces, without invisible characters, in NFC; line breaks stay."""
    # Everything that would have to be dropped or collapsed is unprintable to Python, but for the plain space.
    if "  " not in text and text.isprintable():
        text = text.strip()
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _AROUND_BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def has_invisible(text: str) -> bool:
    """Whether `text` holds characters that `clean` drops without anybody seeing a difference."""
    return not text.isprintable() and _INVISIBLE.search(text) is not None
