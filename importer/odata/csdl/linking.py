"""Names with aliases → full names; annotations written elsewhere → what they target; cycles found."""

import re
from collections.abc import Iterable, Mapping

from importer.odata.edm import Annotation, Parameter

_QUALIFIED = re.compile(r"[^\s/(),@#]+")
CAPABILITIES = "Org.OData.Capabilities.V1."
_OASIS = ("Aggregation", "Authorization", "Capabilities", "Core", "JSON", "Measures", "Repeatability")
_SAP = ("Analytics", "CodeList", "Common", "Communication", "Hierarchy", "PersonalData", "Session", "UI")
_FULL = {name: f"Org.OData.{name}.V1" for name in (*_OASIS, "Temporal", "Validation")} | {
    name: f"com.sap.vocabularies.{name}.v1" for name in _SAP
}
# Vocabularies that services use without saying whose alias it is; S/4HANA writes `SAP__core`.
_WELL_KNOWN = (
    _FULL
    | {f"SAP__{name}": full for name, full in _FULL.items()}
    | {f"SAP__{name.lower()}": full for name, full in _FULL.items()}
)


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
        """Return a path with the qualified names in it in full, also those of an operation's types and of terms."""
        if "(" not in text and "@" not in text:
            return _replaced_in_path(text, self._known)
        path, at, term = text.partition("@")
        path = _QUALIFIED.sub(lambda found: _replaced(found.group(), self._known), path)
        return path + at + _QUALIFIED.sub(lambda found: _replaced(found.group(), self._vocabularies), term)


class Targets:
    """Annotations written in `Annotations Target=`, by what they target (OData CSDL XML §14.2)."""

    def __init__(self, targeted: Iterable[tuple[str, tuple[Annotation, ...]]]) -> None:
        """Keep them by the target's full path; several writings about one thing are joined."""
        self._by_path: dict[str, tuple[Annotation, ...]] = {}
        for path, annotations in targeted:
            if annotations:
                self._by_path[path] = (*self._by_path.get(path, ()), *annotations)

    @property
    def by_path(self) -> Mapping[str, tuple[Annotation, ...]]:
        """All of them, by the target's full path."""
        return self._by_path

    def on(self, *paths: str) -> tuple[Annotation, ...]:
        """Return the annotations of what has these paths, such as `WP.User/name` or `WP.Container/Users`."""
        if not self._by_path:
            return ()
        return tuple(item for path in dict.fromkeys(paths) for item in self._by_path.get(path, ()))


def overload(name: str, parameters: Iterable[Parameter], *, action: bool, bound: bool) -> str:
    """Return how a target names one overload: by its parameters' types, an action by its binding's only (§14.2.2)."""
    types = [f"Collection({item.type})" if item.collection else item.type for item in parameters]
    if action:
        types = types[:1] if bound else []
    return f"{name}({','.join(types)})"


def cycle_of(bases: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the first chain of base types that returns to itself, or an empty one. bases: type → its base."""
    sound: set[str] = set()
    for start in bases:
        chain: dict[str, None] = {}
        current: str | None = start
        while current is not None and current in bases and current not in sound:
            if current in chain:
                names = list(chain)
                return (*names[names.index(current) :], current)
            chain[current] = None
            current = bases[current]
        sound.update(chain)
    return ()


def _replaced_in_path(text: str, known: Mapping[str, str]) -> str:
    return "/".join(_replaced(part, known) if "." in part else part for part in text.split("/"))


def _replaced(name: str, known: Mapping[str, str]) -> str:
    prefix, point, last = name.rpartition(".")
    return f"{known.get(prefix, prefix)}{point}{last}"
