"""`describe`: the service, or a metadata file, as an importer sees it."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import ClassVar, TypeAlias

from importer.jobs.describing import Describer
from importer.jobs.workplace import Workplace, connected
from importer.odata.csdl import from_folder, read_metadata
from importer.odata.edm import Model
from importer.odata.payload import encode
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, nearest
from importer.results.describe import Described, DescribedType, SetValues
from importer.service import Service
from importer.service.dialect import Dialect
from importer.text.folding import fold

# Entities of a set that is small enough for a value table.
_MAX_VALUES = 200
Parts: TypeAlias = tuple[DescribedType, ...]
# By which of its properties people know an entity; the first that the type has.
_LABELS = ("name", "Name", "title", "Title", "displayName", "code", "Code", "alpha3Code")


class NoSuchSet(Problem):
    """The set asked for is not there."""

    code: ClassVar[str] = "unknown-entity-set"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no entity set or singleton "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"


class NoSuchProperty(Problem):
    """The property asked for is not there."""

    code: ClassVar[str] = "unknown-property"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{owner} has no property "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"

    owner: str


class MetadataFileMissing(Problem):
    """No such file."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no file "{found}".'
    hint: ClassVar[str] = "Save the service's $metadata to a file first"


class MetadataFileUnreadable(Problem):
    """A folder, or a file without the right to read it."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be read: {expected}.'


def describe(
    place: Workplace,
    *,
    target: str | None = None,
    metadata: Path | None = None,
    search: str | None = None,
    values: str | None = None,
) -> Described:
    """Return the model of a service, of one set, singleton or type, or of one property.

    metadata: a file instead of a service; documents that it refers to are looked for beside it.
    search: keeps what has the text in its name, its description, its labels or its enum members.
    values: with the entities of this set; without a `target`, nothing else is described.

    Raises:
        ConfigurationError: no such set, property or file.
        ServiceError: the service or its metadata cannot be read.

    """
    if metadata is not None:
        return _described(_from_file(metadata), str(metadata), Dialect(), target, search)
    with connected(place) as (_, service):
        source = f"{service.name} · {service.url.rstrip('/')}"
        found = _described(service.model, source, service.dialect, target or values, search)
        if values is None:
            return found
        if values not in service.model.sets:
            raise _no_such_set(values, service.model.sets)
        return replace(found, detail=target is not None, values=_values(service, values))


def _from_file(path: Path) -> Model:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(MetadataFileMissing(place=FilePlace(str(path)), found=str(path))) from None
    except OSError as error:
        reason = error.strerror or str(error)
        problem = MetadataFileUnreadable(place=FilePlace(str(path)), found=str(path), expected=reason)
        raise ConfigurationError(problem) from None
    return read_metadata(data, str(path), from_folder(path.parent))


def _described(
    model: Model, source: str, dialect: Dialect, target: str | None, search: str | None
) -> Described:
    describer = Describer(model, dialect)
    if target is not None:
        sets, singletons, types = _narrowed(model, describer, target)
    else:
        sets, singletons, types = describer.sets(), describer.singletons(), describer.types()
    if search is not None:
        sets, singletons, types = (_searched(items, fold(search)) for items in (sets, singletons, types))
    return Described(
        source=source,
        version=model.version,
        schemas=model.schemas,
        references=model.references,
        counts=model.counts,
        sets=sets,
        singletons=singletons,
        types=types,
        detail=target is not None or search is not None,
    )


def _narrowed(model: Model, describer: Describer, target: str) -> tuple[Parts, Parts, Parts]:
    """Return the one set, singleton or type of that name; a type may be named without its namespace."""
    name, _, property_name = target.partition("/")

    def chosen(found: Parts) -> Parts:
        return tuple(_part(item, property_name) if property_name else item for item in found)

    if name in model.sets:
        return chosen(describer.sets(name)), (), ()
    if name in model.singletons:
        return (), chosen(describer.singletons(name)), ()
    plain = {_plain(full): full for full in model.types}
    full = name if name in model.types else plain.get(name)
    if full is None:
        raise _no_such_set(name, (*model.sets, *model.singletons), plain)
    return (), (), chosen(describer.types(full))


def _part(found: DescribedType, name: str) -> DescribedType:
    properties = tuple(item for item in found.properties if item.name == name)
    navigation = tuple(item for item in found.navigation if item.name == name)
    if not properties and not navigation:
        names = [*(item.name for item in found.properties), *(item.name for item in found.navigation)]
        place, near = FilePlace(f"{found.name}/{name}"), nearest(name, names)
        raise ConfigurationError(NoSuchProperty(place=place, found=name, owner=found.name, near=near))
    return replace(found, properties=properties, navigation=navigation, actions=(), operations=(), derived=())


def _no_such_set(name: str, known: Iterable[str], types: Iterable[str] = ()) -> ConfigurationError:
    """Return the error with the nearest sets; types only where no set is near."""
    near = nearest(name, list(known)) or nearest(name, list(types))
    return ConfigurationError(NoSuchSet(place=FilePlace(name), found=name, near=near))


def _searched(items: Iterable[DescribedType], text: str) -> Parts:
    """Return what has `text` in it: a set or type as a whole, or only the parts that have it."""
    found = []
    for item in items:
        properties = tuple(
            part
            for part in item.properties
            if _says(text, part.name, part.description, *part.labels, *part.members)
        )
        navigation = tuple(
            part for part in item.navigation if _says(text, part.name, part.description, *part.labels)
        )
        operations = tuple(part for part in item.operations if _says(text, part.name, part.description))
        if _says(text, item.name, _plain(item.type), item.description, *item.labels):
            found.append(item)
        elif properties or navigation or operations:
            actions = tuple(part.name for part in operations if part.action)
            narrowed = replace(item, properties=properties, navigation=navigation, actions=actions)
            found.append(replace(narrowed, operations=operations))
    return tuple(found)


def _says(text: str, *words: str | None) -> bool:
    return any(text in fold(word) for word in words if word)


def _values(service: Service, name: str) -> SetValues:
    """Return the entities of a set with the name people know them by, as a table for a recipe."""
    kind = service.model.sets[name].type
    keys, known = service.model.key_of(kind), service.model.properties_of(kind)
    labels = [item for item in _LABELS if item in known and item not in keys]
    shown = [*keys, *labels]
    found = list(islice(service.entities.read_all(name, shown), _MAX_VALUES + 1))
    rows = tuple({item: encode(entity.values.get(item)) for item in shown} for entity in found[:_MAX_VALUES])
    label, key = (labels or keys)[0], keys[0]
    table: dict[str, str] = {}
    twins: list[tuple[str, str]] = []
    for row in rows if len(keys) == 1 else ():
        text, value = str(row[label]), str(row[key])
        if row[label] is not None and table.setdefault(text, value) != value:
            twins.append((text, value))
    cut = len(found) > _MAX_VALUES
    return SetValues(
        set=name, label=label, key=key, rows=rows, table=tuple(table.items()), twins=tuple(twins), cut=cut
    )


def _plain(name: str) -> str:
    return name.rpartition(".")[2]
