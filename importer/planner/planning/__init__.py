"""From a bound recipe to a sealed plan file.

`flow` is the way as a whole; `arranging` gives waves, `keying` keys, `composing` actions, `accounting` what became of each row.
"""

from importer.planner.planning.flow import make_plan

__all__ = ["make_plan"]
