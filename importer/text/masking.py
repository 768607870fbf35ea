"""Personal data as they may be shown: the first letter and the length, `И••••• (6)`."""

import re
from collections.abc import Mapping

# A text or key in a URL or in a sentence of a service.
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_GUID = re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_MOST = 20  # items of a list and keys of an object that are shown


def masked(text: str) -> str:
    """Return the first letter of a text and its length; an empty one as it is."""
    return f"{text[0]}••••• ({len(text)})" if text else ""


def masked_literals(text: str) -> str:
    """Return a URL or sentence whose quoted texts, keys and e-mail addresses are masked."""
    text = _QUOTED.sub(lambda found: f"'{masked(found[1])}'", text)
    text = _GUID.sub(lambda found: f"{found[0][:4]}…", text)
    return _MAIL.sub(lambda found: masked(found[0]), text)


def masked_json(value: object) -> object:
    """Return a JSON value with its shape and names, its texts masked and numbers as 0; long lists and objects are cut."""
    if isinstance(value, Mapping):
        shown = list(value.items())[:_MOST]
        return {str(name): masked_json(item) for name, item in shown}
    if isinstance(value, list | tuple):
        return [masked_json(item) for item in value[:_MOST]]
    if isinstance(value, str):
        return masked(value)
    return value if isinstance(value, bool) or value is None else 0
