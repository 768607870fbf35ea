"""Makes plans: binding → mapping → lookups → merging → comparing → ordering. Knows how to read a service, and nothing of writing.

Only `plan` loads what makes plans; `check` and `preview` bind.
"""

from typing import TYPE_CHECKING, Any

from importer.planner.binding import Binding, bind_recipe

if TYPE_CHECKING:
    from importer.planner.planning import make_plan

__all__ = ["Binding", "bind_recipe", "make_plan"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checker sees the import above
    """Return `make_plan`, importing it now."""
    if name != "make_plan":
        raise AttributeError(f"module 'importer.planner' has no attribute {name!r}")
    from importer.planner.planning import make_plan as found  # noqa: PLC0415 - see above

    return found
