"""What is wrong, as values: problems with places, their gathering, and the one tree of exceptions.

A problem is collected; an `ImporterError` leaves a command. Knows nothing of recipes, files or services.
"""

from importer.problems.collector import Collector, ProblemGroup, group
from importer.problems.errors import (
    BlockedError,
    ConfigurationError,
    ImporterError,
    Interrupted,
    RefusedError,
    ServiceError,
    UsageError,
)
from importer.problems.nearest import Near, nearest
from importer.problems.place import CellPlace, EntityPlace, FilePlace, Place, RecipePlace
from importer.problems.problem import Problem, RecordedProblem, Severity, registered

__all__ = [
    "BlockedError",
    "CellPlace",
    "Collector",
    "ConfigurationError",
    "EntityPlace",
    "FilePlace",
    "ImporterError",
    "Interrupted",
    "Near",
    "Place",
    "Problem",
    "ProblemGroup",
    "RecipePlace",
    "RecordedProblem",
    "RefusedError",
    "ServiceError",
    "Severity",
    "UsageError",
    "group",
    "nearest",
    "registered",
]
