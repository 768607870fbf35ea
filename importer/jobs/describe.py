"""`describe`: the service, or a metadata file, as an importer sees it."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import ClassVar

from importer.jobs.describing import Describer
from importer.jobs.workplace import Workplace, connected
from importer.odata.csdl import read_metadata
from importer.odata.edm import Model
from importer.odata.payload import encode
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, nearest
from importer.results.describe import Described, DescribedType, SetValues
from importer.service import Service
from importer.service.dialect import Dialect
from importer.text.folding import fold

# Entities of a set that is small enough for a value table.
_MAX_VALUES = 200
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
    values: bool = False,
) -> Described:
    """Return the model of a service, of one set or singleton, or of one property.

    search: keeps what has the text in its name, its description or its enum members.
    values: with the entities of the set that `target` names.

    Raises:
        ConfigurationError: no such set, property or file.
        ServiceError: the service or its metadata cannot be read.

    """
    if metadata is not None:
        return _described(_from_file(metadata), str(metadata), Dialect(), target, search)
    with connected(place) as (_, service):
        source = f"{service.name} · {service.url.rstrip('/')}"
        found = _described(service.model, source, service.dialect, target, search)
        name = (target or "").partition("/")[0]
        return (
            replace(found, values=_values(service, name)) if values and name in service.model.sets else found
        )


def _from_file(path: Path) -> Model:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(MetadataFileMissing(place=FilePlace(str(path)), found=str(path))) from None
    except OSError as error:
        reason = error.strerror or str(error)
        problem = MetadataFileUnreadable(place=FilePlace(str(path)), found=str(path), expected=reason)
        raise ConfigurationError(problem) from None
    return read_metadata(data, str(path))


def _described(
    model: Model, source: str, dialect: Dialect, target: str | None, search: str | None
) -> Described:
    describer = Describer(model, dialect)
    sets, singletons, types = describer.sets(), describer.singletons(), describer.types()
    if target is not None:
        chosen = _narrowed((*sets, *singletons), target)
        sets = (chosen,) if chosen.name in model.sets else ()
        singletons = () if sets else (chosen,)
        types = ()
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


def _narrowed(known: Iterable[DescribedType], target: str) -> DescribedType:
    name, _, property_name = target.partition("/")
    named = {item.name: item for item in known}
    found = named.get(name)
    if found is None:
        raise ConfigurationError(NoSuchSet(place=FilePlace(name), found=name, near=nearest(name, named)))
    if not property_name:
        return found
    properties = tuple(item for item in found.properties if item.name == property_name)
    navigation = tuple(item for item in found.navigation if item.name == property_name)
    if not properties and not navigation:
        names = [*(item.name for item in found.properties), *(item.name for item in found.navigation)]
        near = nearest(property_name, names)
        raise ConfigurationError(
            NoSuchProperty(place=FilePlace(target), found=property_name, owner=name, near=near)
        )
    return replace(found, properties=properties, navigation=navigation, actions=())


def _searched(items: Iterable[DescribedType], text: str) -> tuple[DescribedType, ...]:
    """Return what has `text` in it: a set or type as a whole, or only the properties that have it."""
    found = []
    for item in items:
        properties = tuple(
            part for part in item.properties if _says(text, part.name, part.description, *part.members)
        )
        navigation = tuple(part for part in item.navigation if _says(text, part.name, part.description))
        if _says(text, item.name, item.type.rpartition(".")[2], item.description):
            found.append(item)
        elif properties or navigation:
            found.append(replace(item, properties=properties, navigation=navigation, actions=()))
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
    table = tuple(
        (str(row[label]), str(row[key])) for row in rows if row[label] is not None and len(keys) == 1
    )
    return SetValues(set=name, label=label, key=key, rows=rows, table=table, cut=len(found) > _MAX_VALUES)
