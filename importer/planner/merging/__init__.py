"""Rows that are the same entity become one node with their fields united (recipe-language.md §5, `on_duplicate`, *match*)."""

from importer.planner.merging.grouping import group_all
from importer.planner.merging.uniting import MergedField, Node, Value, merge

__all__ = ["MergedField", "Node", "Value", "group_all", "merge"]
