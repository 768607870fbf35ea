"""odata-importer: rows come in, become records, find their references, are compared, become a plan.

The plan is shown, then carried out. This is the face; it imports what is used:

    checked = importer.check("staff.yaml")
    planned = importer.make_plan("staff.yaml", output="staff.plan")
    applied = importer.apply_plan(planned.plan, skip_blocked=True)
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Where the names of the face live; `__init__.pyi` says the same to type checkers.
_HOMES = {
    "ImporterError": "importer.problems",
    "Plan": "importer.plan.file:PlanReader",
    "Problem": "importer.problems",
    "Recipe": "importer.recipe",
    "Service": "importer.service",
    "apply_plan": "importer.jobs.face",
    "check": "importer.jobs.face",
    "make_plan": "importer.jobs.face",
    "read_recipe": "importer.recipe",
    "show_plan": "importer.jobs.face",
}
__all__ = [
    "ImporterError",
    "Plan",
    "Problem",
    "Recipe",
    "Service",
    "apply_plan",
    "check",
    "make_plan",
    "read_recipe",
    "show_plan",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of the names above
    """Return a name of the face, importing it now."""
    if name not in _HOMES:
        raise AttributeError(f"module 'importer' has no attribute {name!r}")
    module, _, inner = _HOMES[name].partition(":")
    return getattr(import_module(module), inner or name)


def __dir__() -> list[str]:
    """Return the names of the face."""
    return [*__all__, "__version__"]
