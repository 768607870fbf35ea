"""Makes plans: binding → mapping → lookups → merging → comparing → ordering. Knows how to read a service, and nothing of writing."""

from importer.planner.binding import Binding, bind_recipe
from importer.planner.planning import make_plan

__all__ = ["Binding", "bind_recipe", "make_plan"]
