"""The JSON Schema of `importer.yaml` and `config.yaml`, made from the models: completion and red lines in editors."""

import json
from collections.abc import Mapping
from typing import Any

from importer.project.configuration import NEEDS, READS, Configuration

# What the validators of the models say in code.
_ADDRESS = {"pattern": "^https?://[^/?#]+[^?#]*$"}
_ABOVE_ZERO = {"exclusiveMinimum": 0}
_COUNT = {"minimum": 1, "maximum": 10_000}
_PLACE = {"pattern": r"^(\$\{[A-Za-z_][A-Za-z0-9_]*\}|keyring)$"}
_LIMITS: Mapping[str, Mapping[str, object]] = {
    "url": _ADDRESS,
    "token_url": _ADDRESS,
    "batch_size": _COUNT,
    "concurrency": _COUNT,
    "requests_per_second": _ABOVE_ZERO,
    "timeout": _ABOVE_ZERO,
    "settle": _ABOVE_ZERO,
    "password": _PLACE,
    "token": _PLACE,
    "client_secret": _PLACE,
    "refresh_token": _PLACE,
}


def project_schema() -> str:
    """Return the text of `schemas/project-1.json`: JSON Schema 2020-12."""
    schema = Configuration.model_json_schema()
    _plain(schema)
    for owner in schema["$defs"].values():
        for name, found in owner["properties"].items():
            found.update(_LIMITS.get(name, {}))
    schema["$defs"]["Profile"]["properties"]["auth"].pop("default", None)
    schema["$defs"]["Authentication"]["allOf"] = [_login(kind) for kind in READS]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "odata-importer project configuration, version 1",
    }
    return json.dumps({**head, **schema}, ensure_ascii=False, indent=2) + "\n"


def _login(kind: str) -> dict[str, Any]:
    """Return what one login reads and needs; without a `type` it is `none`."""
    this: dict[str, Any] = {"properties": {"type": {"const": kind}}}
    if kind != "none":
        this["required"] = ["type"]
    then: dict[str, Any] = {"propertyNames": {"enum": ["type", *READS[kind]]}}
    if "token_url" in READS[kind]:
        then["required"] = list(NEEDS)
    return {"if": this, "then": then}


def _plain(schema: object) -> None:
    """Take away what pydantic adds and no configuration says: nulls, titles, defaults of unset keys."""
    if isinstance(schema, list):
        for item in schema:
            _plain(item)
    if not isinstance(schema, dict):
        return
    choices = schema.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        choices.remove({"type": "null"})
        schema.update(choices[0])
        del schema["anyOf"], schema["default"]
    if isinstance(schema.get("title"), str):
        del schema["title"]
    for value in schema.values():
        _plain(value)
