"""Annotations in CSDL JSON → values (CSDL JSON §14): the same shapes as those of the XML form.

A dynamic expression (`$If`, `$Apply`, …) has no value before there is data: it is None, never a guess.
"""

from collections.abc import Iterator

from importer.odata.csdl.json_values import Json
from importer.odata.csdl.linking import Aliases
from importer.odata.edm import Annotation
from importer.odata.edm.annotations import AnnotationValue

_MAX_DEPTH = 30
_PATHS = ("$Path", "$AnnotationPath", "$PropertyPath", "$NavigationPropertyPath", "$ModelElementPath")


def annotations_in(found: Json, aliases: Aliases, of: str = "") -> tuple[Annotation, ...]:
    """Return the annotations of an object, or of its member `of`; those of annotations are nobody's."""
    begin = f"{of}@"
    return tuple(
        _annotation(name[len(begin) :], value, aliases)
        for name, value in found.items()
        if name.startswith(begin) and is_term(name[len(begin) :]) and "@" not in name[len(begin) :]
    )


def annotations_of_members(found: Json, aliases: Aliases) -> dict[str, tuple[Annotation, ...]]:
    """Return the annotations of an object's members, by member: `None@Core.Description` is one of `None`."""
    notes: dict[str, tuple[Annotation, ...]] = {}
    for name, value in found.items():
        member, at, term = name.partition("@")
        if member and at and is_term(term) and "@" not in term:
            notes[member] = (*notes.get(member, ()), _annotation(term, value, aliases))
    return notes


def terms_in(found: object) -> Iterator[str]:
    """Yield the term of every annotation anywhere below, as written, without qualifier."""
    waiting = [found]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            for name, value in item.items():
                # The names in `$Annotations` are targets, which may end in an annotation: "A/@Core.Computed".
                if name == "$Annotations" and isinstance(value, dict):
                    waiting.extend(value.values())
                    continue
                waiting.append(value)
                last = name.rpartition("@")
                if last[1] and is_term(last[2]):
                    yield last[2].partition("#")[0]


def is_term(text: str) -> bool:
    """Whether what follows the `@` is a term; `@odata.type` and `@type` are control information."""
    return "." in text and not text.startswith("odata.")


def _annotation(written: str, value: object, aliases: Aliases) -> Annotation:
    term, _, qualifier = written.partition("#")
    return Annotation(aliases.term(term), _value(value, 0), qualifier or None)


def _value(value: object, depth: int) -> AnnotationValue:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if depth >= _MAX_DEPTH:
        return None
    if isinstance(value, list):
        return tuple(_value(item, depth + 1) for item in value)
    if not isinstance(value, dict):
        return None
    for name in _PATHS:
        if isinstance(value.get(name), str):
            return str(value[name])
    if any(name.startswith("$") for name in value):
        return None
    return {name: _value(item, depth + 1) for name, item in value.items() if "@" not in name}
