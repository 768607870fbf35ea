"""The other side of the wire: a local OData v4 service made from any `$metadata`.

It shares only `odata.edm` and `odata.csdl` with the client: both sides cannot agree on a mistake. URLs,
literals and payloads are read here by code of its own. It knows nothing of recipes, plans and terminals.
"""

from importer.sandbox.faults import Faults
from importer.sandbox.habits import Habits
from importer.sandbox.running import Running, running, serve
from importer.sandbox.services import ServicePack, load_service, plain_service
from importer.sandbox.store import Store
from importer.sandbox.switches import WrongSwitches, read_faults

__all__ = [
    "Faults",
    "Habits",
    "Running",
    "ServicePack",
    "Store",
    "WrongSwitches",
    "load_service",
    "plain_service",
    "read_faults",
    "running",
    "serve",
]
