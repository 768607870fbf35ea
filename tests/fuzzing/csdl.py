"""`$metadata`, XML or JSON: any bytes are a model or a refusal that can be shown."""

from importer.odata.csdl import read_metadata
from importer.odata.edm import Model
from importer.problems import ServiceError


def one(data: bytes) -> None:
    """Read `data` as metadata and ask the model what an importer asks of it."""
    try:
        model = read_metadata(data, "$metadata")
    except ServiceError as refusal:
        for problem in refusal.problems:
            _ = (problem.message(), problem.advice(), str(problem.place))
    else:
        _ask(model)


def _ask(model: Model) -> None:
    for name in model.types:
        model.properties_of(name)
        model.key_of(name)
    for name, entity_set in model.sets.items():
        for navigation in model.navigation_of(entity_set.type):
            model.target_set(name, navigation)
