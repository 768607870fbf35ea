"""The plan file, `NAME.plan`: an SQLite database. The only place of this floor that knows SQL."""

from importer.plan.file.journal import Intent, Journal, Outcome
from importer.plan.file.reading import PlanReader
from importer.plan.file.writing import PlanWriter

__all__ = ["Intent", "Journal", "Outcome", "PlanReader", "PlanWriter"]
