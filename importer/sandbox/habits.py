"""The switches for what real servers do (odata-protocol.md §7, timetta.md §12).

The defaults are an honest, Timetta-like service.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_WORDS: Mapping[str, tuple[object, ...]] = {
    "own_keys": ("kept", "replaced", "refused"),
    "duplicate": ("500", "409", "400", "accepted"),
    "patch_missing": ("404", "204", "upsert"),
    "etag": ("off", "on", "required"),
    "in_operator": ("yes", "400", "ignored"),
    "post_answer": (201, 204),
    "batch": ("json", "none"),
}
_NUMBERS = ("batch_parts", "page_size", "top_max", "node_limit", "url_limit", "body_limit")
_FLAGS = ("batch_empty_500", "shuffle", "check_references")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the sandbox behaves.

    own_keys: keys chosen by the client are kept, replaced or refused. duplicate: status of a POST under a
    key that is there, or accepted under a new key. patch_missing: status of a PATCH of nothing: 404, 204
    (nothing written) or upsert (with replaced keys: 201 under another key, as Olingo). etag: off, on or
    required. in_operator: yes, 400 or ignored (all rows). post_answer: 201 with the entity, or 204. batch:
    json or none. batch_parts: more of them are a 500 without a body. batch_empty_500: a business error
    inside a batch is a 500 without a body. page_size: server paging with next links. top_max: a greater
    `$top` is 400. shuffle: lists without `$orderby` come in any order. email_domains: those that a user may
    have; empty, any (Timetta checks its tenant's domains).

    Raises:
        ValueError: a value that the switch does not have.
    """

    own_keys: str = "kept"
    duplicate: str = "500"
    patch_missing: str = "404"
    etag: str = "off"
    in_operator: str = "yes"
    post_answer: int = 201
    batch: str = "json"
    batch_parts: int = 100
    batch_empty_500: bool = False
    page_size: int | None = None
    top_max: int | None = None
    node_limit: int = 100
    url_limit: int = 8_192
    body_limit: int = 30_000_000
    shuffle: bool = True
    check_references: bool = True
    email_domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check every switch."""
        for name, allowed in _WORDS.items():
            if (value := getattr(self, name)) not in allowed:
                raise ValueError(f"{name}: one of {', '.join(map(repr, allowed))}, not {value!r}")
        for name in _NUMBERS:
            value = getattr(self, name)
            unlimited = value is None and name in ("page_size", "top_max")
            if not unlimited and (type(value) is not int or value < 1):
                raise ValueError(f"{name}: a number from 1, not {value!r}")
        for name in _FLAGS:
            if type(getattr(self, name)) is not bool:
                raise ValueError(f"{name}: true or false, not {getattr(self, name)!r}")
