"""The catalogue in which a service keeps what people call its numbered properties: `stringValue3` is «Код 1С» (timetta.md)."""

from collections.abc import Mapping

from importer.service.service import Service
from importer.text.folding import fold


class Catalogue:
    """Labels of custom fields, as the dialect says where they stand. Read whole when first asked, and once."""

    def __init__(self, service: Service) -> None:
        """Ask nothing yet; `custom_fields` of the service's dialect is not None."""
        self._service = service
        self._found: dict[str, dict[str, tuple[str, ...]]] | None = None

    def labels(self, type_name: str) -> Mapping[str, tuple[str, ...]]:
        """Return label → properties of an entity type (full name) and its bases; several, where one label is given twice.

        Raises:
            ServiceError: the catalogue cannot be read.
        """
        if self._found is None:
            self._found = self._read()
        merged: dict[str, tuple[str, ...]] = {}
        for owner in self._service.lineage(type_name):
            for label, properties in self._found.get(fold(owner), {}).items():
                merged[label] = tuple(dict.fromkeys((*merged.get(label, ()), *properties)))
        return merged

    def _read(self) -> dict[str, dict[str, tuple[str, ...]]]:
        where = self._service.dialect.custom_fields
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        if where is None:
            return found
        names = (where.type, where.label, where.property)
        for entity in self._service.entities.read_all(where.set, names):
            owner, label, name = (entity.values.get(item) for item in names)
            # An entry without one of them names nothing.
            if owner and label and name:
                labels = found.setdefault(fold(str(owner)), {})
                labels[str(label)] = (*labels.get(str(label), ()), str(name))
        return found


def catalogue_of(service: Service) -> Catalogue | None:
    """Return the service's catalogue of custom fields; None where it has none, or nobody is asked (`--offline`)."""
    where = service.dialect.custom_fields
    if where is None or service.cached or where.set not in service.model.sets:
        return None
    return Catalogue(service)
