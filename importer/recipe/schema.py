"""The JSON Schema of the language, made from the models: completion, hover texts and red lines in editors."""

import json

from importer.recipe.models import RecipeModel


def recipe_schema() -> str:
    """Return the text of `schemas/recipe-1.json`: JSON Schema 2020-12 with the sentences of the reference."""
    schema = RecipeModel.model_json_schema(by_alias=True)
    _plain(schema)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "odata-importer recipe, version 1",
    }
    return json.dumps({**head, **schema}, ensure_ascii=False, indent=2) + "\n"


def _plain(schema: object) -> None:
    """Take away what pydantic adds and a recipe never says: nulls, titles, defaults of unset keys."""
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
