"""Human names of numbered properties, where the service keeps a catalogue of them (dialect, `custom_fields`)."""

from collections.abc import Mapping

from importer.problems import ServiceError
from importer.service import Service

_MOST = 2_000


def custom_names(service: Service, entity_set: str, *, reads: bool) -> Mapping[str, str]:
    """Return numbered property → its name on the service; nothing where there is no catalogue, or it may not be read."""
    catalogue = service.dialect.custom_fields
    if not reads or catalogue is None or catalogue.set not in service.model.sets:
        return {}
    kind = service.model.sets[entity_set].type
    lineage = service.lineage(kind)
    known = service.model.properties_of(kind)
    select = (catalogue.type, catalogue.label, catalogue.property)
    try:
        if (service.entities.count(catalogue.set) or 0) > _MOST:
            return {}
        rows = [item.values for item in service.entities.read_all(catalogue.set, select)]
    except ServiceError:
        return {}
    found = {}
    for row in rows:
        owner, label, name = (str(row.get(key) or "") for key in select)
        if owner.rpartition(".")[2] in lineage and label and name[:1].lower() + name[1:] in known:
            found[name[:1].lower() + name[1:]] = label
    return found
