"""Objects of a CSDL JSON schema → named types and operations (CSDL JSON §6–§12). Absent `$Nullable` is false."""

from collections.abc import Iterator

from importer.odata.csdl.json_annotations import annotations_in, annotations_of_members
from importer.odata.csdl.json_values import (
    Json,
    default,
    facet,
    flag,
    named,
    number,
    objects,
    scale,
    symbol_or_facet,
    text,
)
from importer.odata.csdl.linking import Aliases, Targets, overload
from importer.odata.edm import (
    Annotation,
    Constraint,
    EnumType,
    NavigationProperty,
    Operation,
    Parameter,
    Property,
    StructuredType,
    TypeDefinition,
    TypeKind,
)

_NAVIGATION = "NavigationProperty"


class JsonTypes:
    """Reads types with the document's aliases, and what is annotated elsewhere."""

    def __init__(self, aliases: Aliases, targets: Targets) -> None:
        """Keep both."""
        self._aliases, self._targets = aliases, targets

    def structured(self, found: Json, name: str, type_kind: TypeKind) -> StructuredType:
        """Return an entity or complex type."""
        base = text(found, "$BaseType")
        key = dict(_key(found.get("$Key")))
        members = [(own, item) for own, item in named(found) if isinstance(item, dict)]
        return StructuredType(
            name=name,
            kind=type_kind,
            base=self._aliases.full(base) if base else None,
            abstract=flag(found, "$Abstract"),
            open=flag(found, "$OpenType"),
            key=tuple(key),
            properties={own: self._property(item, name, own) for own, item in members if is_property(item)},
            navigation={
                own: self._navigation(item, name, own) for own, item in members if is_navigation(item)
            },
            annotations=self._annotations(found, name),
            key_aliases={path: alias for path, alias in key.items() if alias},
            has_stream=flag(found, "$HasStream"),
        )

    def enum(self, found: Json, name: str) -> EnumType:
        """Return an enumeration."""
        members: dict[str, int] = {}
        following = 0
        for own, value in named(found):
            written = number(value)
            members[own] = following if written is None else written
            following = members[own] + 1
        notes = annotations_of_members(found, self._aliases)
        both = {own: (*notes.get(own, ()), *self._targets.on(f"{name}/{own}")) for own in members}
        return EnumType(
            name,
            members,
            text(found, "$UnderlyingType") or "Edm.Int32",
            flag(found, "$IsFlags"),
            self._annotations(found, name),
            {own: annotations for own, annotations in both.items() if annotations},
        )

    def definition(self, found: Json, name: str) -> TypeDefinition:
        """Return a type definition."""
        underlying = self._aliases.full(text(found, "$UnderlyingType") or "Edm.String")
        return TypeDefinition(
            name,
            underlying,
            facet(found, "$MaxLength"),
            facet(found, "$Precision"),
            scale(found, underlying),
            self._annotations(found, name),
            _unicode(found),
            symbol_or_facet(found, "$SRID"),
        )

    def operation(self, found: Json, name: str) -> Operation:
        """Return one overload of an action or function."""
        action, bound = text(found, "$Kind") == "Action", flag(found, "$IsBound")
        parameters = tuple(self._parameters(found.get("$Parameter"), name))
        returned = found.get("$ReturnType")
        returns = self._type(returned) if isinstance(returned, dict) else None
        return Operation(
            name,
            action,
            bound,
            parameters,
            returns,
            isinstance(returned, dict) and flag(returned, "$Collection"),
            self._annotations(found, name, overload(name, parameters, action=action, bound=bound)),
            not isinstance(returned, dict) or flag(returned, "$Nullable"),
            flag(found, "$IsComposable"),
            text(found, "$EntitySetPath"),
        )

    def _parameters(self, found: object, operation: str) -> Iterator[Parameter]:
        for item in objects(found):
            if own := text(item, "$Name"):
                declared = self._type(item)
                yield Parameter(
                    own,
                    declared,
                    flag(item, "$Collection"),
                    flag(item, "$Nullable"),
                    facet(item, "$MaxLength"),
                    facet(item, "$Precision"),
                    scale(item, declared),
                    self._annotations(item, f"{operation}/{own}"),
                )

    def _property(self, found: Json, owner: str, name: str) -> Property:
        declared = self._type(found)
        return Property(
            name=name,
            type=declared,
            nullable=flag(found, "$Nullable"),
            collection=flag(found, "$Collection"),
            max_length=facet(found, "$MaxLength"),
            precision=facet(found, "$Precision"),
            scale=scale(found, declared),
            unicode=_unicode(found),
            default=default(found),
            annotations=self._annotations(found, f"{owner}/{name}"),
            srid=symbol_or_facet(found, "$SRID"),
        )

    def _navigation(self, found: Json, owner: str, name: str) -> NavigationProperty:
        constraints = found.get("$ReferentialConstraint")
        return NavigationProperty(
            name=name,
            type=self._aliases.full(text(found, "$Type") or ""),
            # Of many there is no null: XML writes nothing for it, which is its default, true.
            nullable=flag(found, "$Nullable") or flag(found, "$Collection"),
            collection=flag(found, "$Collection"),
            contains_target=flag(found, "$ContainsTarget"),
            partner=text(found, "$Partner"),
            constraints=tuple(constraints_in(constraints)),
            on_delete=text(found, "$OnDelete"),
            annotations=self._annotations(found, f"{owner}/{name}"),
        )

    def _type(self, found: Json) -> str:
        return self._aliases.full(text(found, "$Type") or "Edm.String")

    def _annotations(self, found: Json, *paths: str) -> tuple[Annotation, ...]:
        return (*annotations_in(found, self._aliases), *self._targets.on(*paths))


def is_property(found: object) -> bool:
    """Whether a member of a type is a structural property: it may leave its kind out (CSDL JSON §7)."""
    return isinstance(found, dict) and found.get("$Kind", "Property") == "Property"


def is_navigation(found: object) -> bool:
    """Whether a member of a type is a navigation property."""
    return isinstance(found, dict) and found.get("$Kind") == _NAVIGATION


def constraints_in(found: object) -> Iterator[Constraint]:
    """Yield the constraints of `$ReferentialConstraint`."""
    if isinstance(found, dict):
        yield from (Constraint(own, value) for own, value in named(found) if isinstance(value, str))


def _key(found: object) -> Iterator[tuple[str, str | None]]:
    """Yield (path, alias) of the key's properties (CSDL JSON §6.5)."""
    for item in found if isinstance(found, list) else ():
        if isinstance(item, str):
            yield item, None
        elif isinstance(item, dict):
            yield from ((path, alias) for alias, path in named(item) if isinstance(path, str))


def _unicode(found: Json) -> bool | None:
    value = found.get("$Unicode")
    return value if isinstance(value, bool) else None
