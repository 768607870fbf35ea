"""Resource paths: `Users(7)`, composite and text keys; keys out of `Location` headers (OData URL §4.3)."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from importer.odata.edm.model import Model
from importer.odata.edm.primitives import EdmValue
from importer.odata.url.literals import encoded, read_literal, write_literal

_PREDICATE = re.compile(r"(?:.*/)?([^/()']+)\((.*)\)$", re.DOTALL)
_WHOLE = re.compile(r"([^/()']+)\((.*)\)$", re.DOTALL)
# A query or fragment after the predicate; a question mark inside an unencoded text key is none.
_QUERY = re.compile(r"(?<=\))[?#].*", re.DOTALL)
# One `name=value` of a predicate whose values are quoted as they should be.
_PAIR = re.compile(r"\s*([\w.]+)\s*=\s*((?:[\w.]*'(?:[^']|'')*')|[^',]*)\s*(,|$)")


def entity_path(
    entity_set: str,
    key: Mapping[str, EdmValue],
    enums: Mapping[str, str] | None = None,
    *,
    alternate: bool = False,
) -> str:
    """Return the path of an entity relative to the service root, percent-encoded.

    A single key stands bare, `Users(7)`; several by name, in the order given, and so does an alternate key
    even if it is single (OData URL §4.3.2). `enums` names the enumeration type of key properties that have one.
    """
    types = enums or {}
    literals = {name: encoded(write_literal(value, types.get(name))) for name, value in key.items()}
    if len(literals) == 1 and not alternate:
        return f"{encoded(entity_set)}({next(iter(literals.values()))})"
    inner = ",".join(f"{encoded(name)}={literal}" for name, literal in literals.items())
    return f"{encoded(entity_set)}({inner})"


def parse_key_predicate(location: str, model: Model, entity_set: str) -> dict[str, EdmValue] | None:
    """Return the key in a `Location` or `OData-EntityId`, by property; None where it is not told for sure.

    Absolute or relative, encoded or not, Guids and dates in quotes, another set's name before the
    parentheses: all are seen on services (odata-protocol.md §2, §3). The body of an answer, where there is
    one, is a better source.
    """
    text = key_text(location)
    declared = model.sets.get(entity_set)
    if text is None or declared is None:
        return None
    aliases = model.key_aliases_of(declared.type)
    names = {aliases.get(path, path): path for path in model.key_of(declared.type)}
    literals = _literals(text, tuple(names))
    if literals is None:
        return None
    found: dict[str, EdmValue] = {}
    for name, path in names.items():
        value = _value(literals[name], model, declared.type, path)
        if value is None:
            return None
        found[path] = value
    return found


def parse_alternate_key(location: str, model: Model, entity_set: str) -> dict[str, EdmValue] | None:
    """Return the properties named in a predicate, `Users(email='x')`, with their values; None where one is unknown or no value.

    Meant for alternate keys (vocabulary Core, AlternateKeys), whose names need not be those of the key.
    """
    text, declared = key_text(location), model.sets.get(entity_set)
    if text is None or declared is None:
        return None
    found: dict[str, EdmValue] = {}
    for name, literal in _strictly(text, ()):
        value = _value(literal, model, declared.type, name)
        if value is None or name in found:
            return None
        found[name] = value
    return found or None


def key_text(location: str) -> str | None:
    """Return what stands between the last parentheses of a `Location`, decoded; None when there are none."""
    text = _QUERY.sub("", location.strip())
    match = _WHOLE.match(_last_segment(text)) or _PREDICATE.match(text)
    return unquote(match[2]) if match else None


def _last_segment(path: str) -> str:
    """Return what follows the last slash outside of quotes; all of it where the quotes do not close."""
    begin, inside = 0, False
    for position, sign in enumerate(path):
        if sign == "'":
            inside = not inside
        elif sign == "/" and not inside:
            begin = position + 1
    return path if inside else path[begin:]


def unquoted(predicate: str) -> str:
    """Return the value of a single-key predicate without quotes: `'a''b'` → `a'b`, `id='x'` → `x`."""
    text = predicate.strip()
    if re.match(r"\w+=", text) and "," not in text:
        text = text.partition("=")[2]
    return _bare(text)


def _literals(text: str, names: tuple[str, ...]) -> Mapping[str, str] | None:
    """Return name → literal of a predicate that holds exactly these names; `Things()` holds none."""
    if not text.strip():
        return None
    if len(names) == 1:
        prefix, equals, value = text.partition("=")
        named = bool(equals) and prefix.strip() == names[0]
        return {names[0]: value.strip() if named else text.strip()}
    for split in (_strictly, _by_names):
        pairs = tuple(split(text, names))
        if len(pairs) == len(names) and {name for name, _ in pairs} == set(names):
            return dict(pairs)
    return None


def _strictly(text: str, _names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        match = _PAIR.match(text, position)
        if match is None:
            return
        yield match[1], match[2].strip()
        position = match.end()


def _by_names(text: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Cut before each known name: CAP writes `role='dev/1'x',day='2024-01-01'` without any encoding."""
    words = "|".join(map(re.escape, names))
    cuts = list(re.finditer(rf"(?:^|,)\s*({words})\s*=", text))
    ends = [*(cut.start() for cut in cuts[1:]), len(text)]
    for cut, end in zip(cuts, ends, strict=False):
        yield cut[1], text[cut.end() : end].strip()


def _value(literal: str, model: Model, type_name: str, path: str) -> EdmValue:
    declared = model.property_at(type_name, path)
    if declared is None:
        return None
    kind = model.underlying(declared.type)
    if kind == "Edm.String":
        return _bare(literal)
    for text in (literal, _bare(literal)):
        try:
            return read_literal(text, kind)
        except ValueError:
            continue
    return None


def _bare(text: str) -> str:
    """Return a text without the quotes around it; inner ones that are not doubled are somebody's raw text."""
    if len(text) < 2 or text[0] != "'" or text[-1] != "'":
        return text
    inner = text[1:-1]
    return inner if "'" in inner.replace("''", "") else inner.replace("''", "'")
