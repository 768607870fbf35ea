"""A workbook and a service → a drafted recipe. The one place of the importer that guesses; what it wrote, a person owns."""

from importer.drafting.asking import Asked
from importer.drafting.drafting import draft

__all__ = ["Asked", "draft"]
