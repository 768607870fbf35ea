"""The JSON Schema of the language, made from the models."""

import json
import re
from typing import Any

from importer.documents.schema import schema_of
from importer.recipe.models import RecipeModel


def recipe_schema() -> str:
    """Return the text of `schemas/recipe-1.json`: JSON Schema 2020-12 with the sentences of the reference.

    Its definitions are named as people would (`field`, `step`): editors show the names. Where a sentence has code in it,
    `markdownDescription` is the sentence as the reference prints it, and `description` the same without backticks.
    """
    text = schema_of(RecipeModel, "odata-importer recipe, version 1")
    named = re.sub(r'"(#/\$defs/)?(\w+)Model"', lambda found: f'"{found[1] or ""}{found[2].lower()}"', text)
    return json.dumps(_marked(json.loads(named)), ensure_ascii=False, indent=2) + "\n"


def _marked(found: Any) -> Any:  # noqa: ANN401 - any part of a schema
    if isinstance(found, list):
        return [_marked(item) for item in found]
    if not isinstance(found, dict):
        return found
    marked = {key: _marked(value) for key, value in found.items()}
    sentence = found.get("description")
    if isinstance(sentence, str) and "`" in sentence:
        marked["description"] = sentence.replace("`", "")
        marked["markdownDescription"] = sentence
    return marked
