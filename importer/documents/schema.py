"""The JSON Schema of a document's pydantic model: completion, hover texts and red lines in editors."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def schema_of(model: type[BaseModel], title: str) -> str:
    """Return JSON Schema 2020-12 with the descriptions of the model's keys, as a text that ends in a line feed."""
    return schema_text(plain_schema(model), title)


def plain_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the model's schema without what pydantic adds and no document says: nulls, titles, defaults of unset keys."""
    schema = model.model_json_schema(by_alias=True)
    _plain(schema)
    return schema


def schema_text(schema: Mapping[str, Any], title: str) -> str:
    """Return the schema's text, dialect and title first, as a text that ends in a line feed."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps({**head, **schema}, ensure_ascii=False, indent=2) + "\n"


def _plain(schema: object) -> None:
    if isinstance(schema, list):
        for item in schema:
            _plain(item)
    if not isinstance(schema, dict):
        return
    choices = schema.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        choices.remove({"type": "null"})
        if len(choices) == 1:
            schema.pop("anyOf")
            schema.update({**choices[0], **schema})
        if schema.get("default", 0) is None:
            del schema["default"]
    if isinstance(schema.get("title"), str):
        del schema["title"]
    for value in schema.values():
        _plain(value)
