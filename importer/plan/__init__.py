"""The plan: what is to be done, as a file that survives a crash. Knows nothing of recipes, workbooks or HTTP.

It stays small: floors 0–1 and `odata.edm` only. Values in it are JSON values in the service's own notation, so that a plan
can be shown without the service and carried out without the recipe.
"""

from importer.plan.actions import WRITING, Action, State, Verb
from importer.plan.changes import Change
from importer.plan.origin import FilePrint, Origin, hash_file
from importer.plan.references import ActionReference, JsonValue, filled, references_in
from importer.plan.totals import Fate, RowFate, StepTotals, sum_totals

__all__ = [
    "WRITING",
    "Action",
    "ActionReference",
    "Change",
    "Fate",
    "FilePrint",
    "JsonValue",
    "Origin",
    "RowFate",
    "State",
    "StepTotals",
    "Verb",
    "filled",
    "hash_file",
    "references_in",
    "sum_totals",
]
