"""The JSON Schema of `importer.yaml` and `config.yaml`, made from the models: completion and red lines in editors."""

from collections.abc import Mapping
from typing import Any

from importer.documents.schema import plain_schema, schema_text
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
    schema = plain_schema(Configuration)
    for owner in schema["$defs"].values():
        for name, found in owner["properties"].items():
            found.update(_LIMITS.get(name, {}))
    schema["$defs"]["Profile"]["properties"]["auth"].pop("default", None)
    schema["$defs"]["Authentication"]["allOf"] = [_login(kind) for kind in READS]
    return schema_text(schema, "odata-importer project configuration, version 1")


def _login(kind: str) -> dict[str, Any]:
    """Return what one login reads and needs; without a `type` it is `none`."""
    this: dict[str, Any] = {"properties": {"type": {"const": kind}}}
    if kind != "none":
        this["required"] = ["type"]
    then: dict[str, Any] = {"propertyNames": {"enum": ["type", *READS[kind]]}}
    if "token_url" in READS[kind]:
        then["required"] = list(NEEDS)
    return {"if": this, "then": then}
