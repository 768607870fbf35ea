"""One frozen type per job: what it returns and what reports render.

Knows nothing of how it came to be, or how it looks.
"""

from importer.results.apply import Applied
from importer.results.check import Checked, CheckedField, CheckedStep
from importer.results.common import ServiceLine
from importer.results.describe import Described
from importer.results.plan import Planned
from importer.results.read import ReadFile
from importer.results.show import Shown, ShownAction

__all__ = [
    "Applied",
    "Checked",
    "CheckedField",
    "CheckedStep",
    "Described",
    "Planned",
    "ReadFile",
    "ServiceLine",
    "Shown",
    "ShownAction",
]
