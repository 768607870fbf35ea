"""The switches for what real servers do (odata-protocol.md §7, timetta.md §12; docs/reference/sandbox.md).

The defaults are an honest, Timetta-like service.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

# Switch → the words it takes.
WORDS: Mapping[str, tuple[object, ...]] = {
    "own_keys": ("kept", "replaced", "refused"),
    "duplicate": ("500", "409", "400", "accepted"),
    "patch_missing": ("404", "204", "201", "upsert"),
    "put": ("replaces", "405"),
    "if_none_match": ("ignored", "honoured"),
    "etag": ("off", "on", "required"),
    "in_operator": ("yes", "400", "501", "500", "ignored"),
    "unknown_in_filter": ("400", "nobody"),
    "unknown_property": ("typed", "refused", "dropped"),
    "post_answer": (201, 204),
    "location": ("absolute", "relative", "unencoded", "absent"),
    "batch": ("both", "json", "multipart", "none"),
    "batch_refused": ("500", "400", "413", "429"),
    "batch_order": ("kept", "reversed"),
    "groups": ("separate", "atomic", "atomic-lying"),
    "on_error": ("continue", "stop", "stop-always", "by-format"),
    "depends_on": ("ignored", "evaluated"),
    "paging": ("offset", "keyset"),
    "next_link": ("absolute", "root", "request", "foreign", "loop", "absent"),
    "next_link_name": ("@odata.nextLink", "@nextLink"),
    "count": ("right", "refused", "absent", "wrong"),
    "names": ("any-case", "exact"),
    "error_form": ("timetta", "odata", "text", "html", "empty"),
    "row_version": ("checked", "required", "ignored"),
    "conflict": ("500", "409", "412"),
    "auth": ("off", "on"),
    "refresh": ("rotating", "reusable"),
    "throttle_status": (403, 429),
}
_NUMBERS = (
    "batch_parts",
    "page_size",
    "top_max",
    "node_limit",
    "url_limit",
    "body_limit",
    "throttle",
    "retry_after",
    "rate_limit",
    "token_seconds",
    "token_requests",
)
_ABSENT = ("page_size", "top_max", "throttle", "retry_after", "rate_limit", "token_requests")
_FLAGS = (
    "batch_empty_500",
    "batch_ids",
    "content_ids",
    "entity_id",
    "body_cut",
    "shuffle",
    "check_references",
    "unique_names",
    "seven_digits",
    "dynamic_properties",
    "task_tree",
    "lifecycles",
)
_LISTS = ("top_max_sets", "coerces", "renamed", "numbered", "email_domains")
COERCIONS = ("days", "rounding", "trimming", "computed", "lengths")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the sandbox behaves; docs/reference/sandbox.md says what each switch does.

    Raises:
        ValueError: a value that the switch does not have.
    """

    # What is written, and how that is answered.
    own_keys: str = "kept"
    duplicate: str = "500"
    patch_missing: str = "404"
    put: str = "replaces"
    if_none_match: str = "ignored"
    etag: str = "off"
    row_version: str = "checked"
    conflict: str = "500"
    post_answer: int = 201
    location: str = "absolute"
    entity_id: bool = True
    unknown_property: str = "typed"
    coerces: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    error_form: str = "timetta"
    # What is asked.
    in_operator: str = "yes"
    unknown_in_filter: str = "400"
    paging: str = "offset"
    page_size: int | None = None
    next_link: str = "absolute"
    next_link_name: str = "@odata.nextLink"
    count: str = "right"
    top_max: int | None = None
    top_max_sets: tuple[str, ...] = ()
    node_limit: int = 100
    url_limit: int = 8_192
    body_limit: int = 30_000_000
    body_cut: bool = False
    names: str = "any-case"
    shuffle: bool = True
    seven_digits: bool = True
    dynamic_properties: bool = True
    # Batches.
    batch: str = "both"
    batch_parts: int = 100
    batch_refused: str = "500"
    batch_empty_500: bool = False
    batch_ids: bool = True
    content_ids: bool = False
    batch_order: str = "kept"
    groups: str = "separate"
    on_error: str = "continue"
    depends_on: str = "ignored"
    # Who may ask, and how often.
    auth: str = "off"
    token_seconds: int = 3_600
    token_requests: int | None = None
    refresh: str = "rotating"
    throttle: int | None = None
    throttle_status: int = 403
    retry_after: int | None = None
    rate_limit: int | None = None
    # The business behind the service.
    check_references: bool = True
    email_domains: tuple[str, ...] = ()
    unique_names: bool = False
    task_tree: bool = True
    lifecycles: bool = True

    def __post_init__(self) -> None:
        """Check every switch."""
        for item in fields(self):
            value = getattr(self, item.name)
            if (expected := expected_of(item.name, value)) is not None:
                raise ValueError(f"{item.name}: {expected}, not {value!r}")


def expected_of(name: str, value: object) -> str | None:
    """Return what a switch takes, as it is written in JSON, if `value` is none of that; None: it is right."""
    if name in WORDS:
        right = any(value == word and type(value) is type(word) for word in WORDS[name])
        return None if right else " | ".join(map(json.dumps, WORDS[name]))
    if name in _NUMBERS:
        right = (value is None and name in _ABSENT) or (type(value) is int and value >= 1)
        return None if right else "1, 2, …" + (" | null" if name in _ABSENT else "")
    if name in _LISTS:
        listed = isinstance(value, tuple | list) and all(isinstance(item, str) for item in value)
        if listed and name == "coerces" and not set(value) <= set(COERCIONS):  # type: ignore[call-overload]
            return json.dumps(COERCIONS)
        return None if listed else '["…"]'
    return None if type(value) is bool else "true | false"
