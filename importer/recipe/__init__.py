"""What the consultant wrote, normalised. Knows nothing of services, entities or columns' contents."""

from importer.recipe.normal import Recipe
from importer.recipe.parameters import read_settings
from importer.recipe.reading import read_recipe

__all__ = ["Recipe", "read_recipe", "read_settings"]
