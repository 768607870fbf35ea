"""Recipe × metadata × columns, once: after binding nothing is looked up by name any more. Reads no row."""

from importer.planner.binding.bound import BoundField, BoundLookup, BoundProperty, BoundStep, BoundWhere
from importer.planner.binding.steps import Binding, bind_recipe

__all__ = ["Binding", "BoundField", "BoundLookup", "BoundProperty", "BoundStep", "BoundWhere", "bind_recipe"]
