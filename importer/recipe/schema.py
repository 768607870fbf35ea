"""The JSON Schema of the language, made from the models."""

from importer.documents.schema import schema_of
from importer.recipe.models import RecipeModel


def recipe_schema() -> str:
    """Return the text of `schemas/recipe-1.json`: JSON Schema 2020-12 with the sentences of the reference."""
    return schema_of(RecipeModel, "odata-importer recipe, version 1")
