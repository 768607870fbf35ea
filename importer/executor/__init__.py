"""Carries plans out: guard, intent, send, outcome, recover. Knows nothing of recipes and workbooks.

`recovery` is the only place that decides about sending twice; `sending` the only one that sends.
"""

from importer.executor.outcomes import Applied, FailedAction, Requests
from importer.executor.running import apply_plan
from importer.executor.settings import Options, Settings

__all__ = ["Applied", "FailedAction", "Options", "Requests", "Settings", "apply_plan"]
