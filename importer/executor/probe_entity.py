"""The entity that a probe makes: as little as its set needs, and a name by which it is found again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from importer.executor.values import Key, plain
from importer.odata.edm import Model, Property
from importer.odata.edm.pairing import pair_of
from importer.odata.edm.writable import required_on_create, set_allows, writability
from importer.odata.payload import encode
from importer.problems import ConfigurationError, EntityPlace, Problem, Severity
from importer.service import Service
from importer.text.translating import translate

MARK = "importer-probe-"
# A day like any other: what a probe makes is gone in a moment.
_DAY = "2026-01-01"
# Where people look for an entity's name; the first that the type has and that may be written.
_NAMES = ("name", "Name", "title", "Title", "displayName", "DisplayName", "description", "Description")


class NoSpecimen(Problem):
    """No entity can be made for a probe."""

    code: ClassVar[str] = "probe-impossible"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "No entity of {found} can be made for a probe: {expected}."
    hint: ClassVar[str] = "Choose another set"


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """What a probe makes.

    naming: the property that carries `mark`; others: what else is needed, as JSON; version: the property that changes with every
    write, where the dialect names one.
    """

    set: str
    naming: str
    mark: str
    others: Mapping[str, Any]
    own_key: Key | None
    version: str | None = None

    def text(self, suffix: str = "") -> str:
        """Return the name of one of the probe's entities."""
        return f"{self.mark}{suffix}"

    def body(self, key: Key | None, suffix: str = "") -> dict[str, Any]:
        """Return the body of a create."""
        return {**(plain(key) or {}), **self.others, self.naming: self.text(suffix)}


def specimen_of(service: Service, entity_set: str, own_key: Key | None) -> Specimen:
    """Return what is to be made in a set; references lead to any entity that is there.

    Raises:
        ConfigurationError: the set takes no entities, has no text to name one by, or needs a reference to a set that is empty.
    """
    model = service.model
    if not (set_allows(model, entity_set, "Insertable") and set_allows(model, entity_set, "Deletable")):
        raise _impossible(entity_set, translate("its metadata forbid to make or to delete one"))
    kind = model.sets[entity_set].type
    declared = model.properties_of(kind)
    mark = f"{MARK}{uuid4().hex[:8]}"
    naming = _naming(model, entity_set, kind, len(mark) + len("-2"))
    if naming is None:
        raise _impossible(entity_set, translate("it has no text that may carry a name"))
    lineage = service.lineage(kind)
    needed = {item.property for item in required_on_create(model, entity_set, kind) if item.certain}
    needed |= {name for name in declared if service.dialect.is_required(lineage, name)}
    needed -= {naming, *(own_key or {})}
    others = {name: _value(service, entity_set, declared[name], mark) for name in declared if name in needed}
    version = service.dialect.concurrency_of(lineage)
    return Specimen(
        set=entity_set,
        naming=naming,
        mark=mark,
        others=others,
        own_key=own_key,
        version=version if version in declared else None,
    )


def _naming(model: Model, entity_set: str, kind: str, length: int) -> str | None:
    declared = model.properties_of(kind)

    def fits(name: str) -> bool:
        item, allowed = declared[name], writability(model, entity_set, kind, name)
        long_enough = item.max_length is None or item.max_length >= length
        return (
            model.underlying(item.type) == "Edm.String"
            and not item.collection
            and long_enough
            and allowed.on_create
            and allowed.on_update
            and name not in model.key_of(kind)
        )

    known: Iterable[str] = [name for name in _NAMES if name in declared]
    return next((name for name in (*known, *declared) if fits(name)), None)


def _value(service: Service, entity_set: str, item: Property, mark: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value for a property that is needed."""
    model, kind = service.model, service.model.sets[entity_set].type
    for navigation in model.navigation_of(kind).values():
        if pair_of(model, kind, navigation) == item.name:
            return _somebody(service, entity_set, navigation.name, item.name)
    if item.collection:
        return []
    underlying = model.underlying(item.type)
    if underlying in model.enums:
        return next(iter(model.enums[underlying].members))
    if underlying == "Edm.String":
        text = f"{mark}@example.com" if "mail" in item.name.lower() else mark
        return text if item.max_length is None else text[-item.max_length :]
    simple = {"Edm.Boolean": False, "Edm.Date": _DAY, "Edm.TimeOfDay": "00:00:00"}
    if underlying in simple:
        return simple[underlying]
    if underlying == "Edm.DateTimeOffset":
        return f"{_DAY}T00:00:00Z"
    if underlying in ("Edm.Guid", "Edm.Duration"):
        return str(uuid4()) if underlying == "Edm.Guid" else "PT0S"
    return 1


def _somebody(service: Service, entity_set: str, navigation: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the key of any entity that a reference may lead to."""
    target = service.model.target_set(entity_set, navigation)
    if target is None:
        reason = translate("it needs {property}, and the metadata do not say where that leads")
        raise _impossible(entity_set, reason.format(property=name))
    names = service.model.key_of(service.model.sets[target].type)
    page = service.entities.asker.page(target, names)
    first = next(iter(page.entities), None) if page is not None else None
    if first is None:
        reason = translate("it needs {property}, and {set} is empty")
        raise _impossible(entity_set, reason.format(property=name, set=target))
    return encode(first.key[names[0]])


def _impossible(entity_set: str, reason: str) -> ConfigurationError:
    return ConfigurationError(NoSpecimen(place=EntityPlace(entity_set), found=entity_set, expected=reason))
