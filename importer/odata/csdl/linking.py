"""Names with aliases → full names; annotations written elsewhere → what they target; cycles found."""

from collections.abc import Iterable, Mapping

from importer.odata.edm import Annotation, StructuredType

# Vocabularies that services use without saying whose alias it is.
_WELL_KNOWN = {
    "Core": "Org.OData.Core.V1",
    "Capabilities": "Org.OData.Capabilities.V1",
    "Validation": "Org.OData.Validation.V1",
    "Measures": "Org.OData.Measures.V1",
    "Common": "com.sap.vocabularies.Common.v1",
    "UI": "com.sap.vocabularies.UI.v1",
    "SAP__core": "Org.OData.Core.V1",
    "SAP__capabilities": "Org.OData.Capabilities.V1",
    "SAP__common": "com.sap.vocabularies.Common.v1",
}


class Aliases:
    """Schema and vocabulary aliases of one document; `namespaces` are the schemas that it holds."""

    def __init__(self, known: Mapping[str, str], namespaces: Iterable[str] = ()) -> None:
        """Keep alias → namespace."""
        self._known = dict(known)
        # A schema may well be called "Common" itself.
        taken = {*namespaces, *known}
        unclaimed = {alias: full for alias, full in _WELL_KNOWN.items() if alias not in taken}
        self._vocabularies = unclaimed | self._known

    def full(self, name: str) -> str:
        """Return a qualified name with its namespace in full: `Self.User` → `WP.User`."""
        return _replaced(name, self._known)

    def term(self, name: str) -> str:
        """Return a term's name, or an enumeration member's, in full: `SAP__core.Computed`."""
        return _replaced_in_path(name, self._vocabularies)

    def type(self, text: str) -> tuple[str, bool]:
        """Return (full name of the type or of its items, whether it is a collection)."""
        if text.startswith("Collection(") and text.endswith(")"):
            return self.full(text[11:-1]), True
        return self.full(text), False

    def path(self, text: str) -> str:
        """Return a path with the qualified names in it in full."""
        return _replaced_in_path(text, self._known)


class Targets:
    """Annotations written in `Annotations Target=`, by what they target (OData CSDL XML §14.2)."""

    def __init__(self, targeted: Iterable[tuple[str, tuple[Annotation, ...]]]) -> None:
        """Keep them by the target's full path; several writings about one thing are joined."""
        self._by_path: dict[str, tuple[Annotation, ...]] = {}
        for path, annotations in targeted:
            self._by_path[path] = (*self._by_path.get(path, ()), *annotations)

    def on(self, *paths: str) -> tuple[Annotation, ...]:
        """Return the annotations of what has these paths, such as `WP.User/name` or `WP.Container/Users`."""
        return tuple(item for path in dict.fromkeys(paths) for item in self._by_path.get(path, ()))


def cycle_of(types: Mapping[str, StructuredType]) -> tuple[str, ...]:
    """Return the first chain of base types that returns to itself, or an empty one."""
    sound: set[str] = set()
    for start in types:
        chain: dict[str, None] = {}
        current: str | None = start
        while current is not None and current in types and current not in sound:
            if current in chain:
                names = list(chain)
                return (*names[names.index(current) :], current)
            chain[current] = None
            current = types[current].base
        sound.update(chain)
    return ()


def _replaced_in_path(text: str, known: Mapping[str, str]) -> str:
    return "/".join(_replaced(part, known) if "." in part else part for part in text.split("/"))


def _replaced(name: str, known: Mapping[str, str]) -> str:
    prefix, point, last = name.rpartition(".")
    return f"{known.get(prefix, prefix)}{point}{last}"
