"""A dialect: habits of a service that its metadata do not tell. Facts in YAML, no code (architecture.md §4, *Rules as data*)."""

from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from importer.documents import read_document, validate
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, nearest

_FOLDER = Path(__file__).parent / "dialects"


class UnknownDialect(Problem):
    """No such dialect."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no dialect "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"


class Dialect(BaseModel):
    """What is known of a service besides its metadata.

    required: entity type (without namespace) → properties needed on create. computed: properties the service fills
    or renames, by type; `*` is every
    type. concurrency: the property that changes with every write, where there is one. max_length: assumed lengths by property name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    dialect: str = "plain"
    required: dict[str, list[str]] = Field(default_factory=dict)
    computed: dict[str, list[str]] = Field(default_factory=dict)
    concurrency: str | None = None
    max_length: dict[str, int] = Field(default_factory=dict)

    def is_required(self, lineage: tuple[str, ...], name: str) -> bool:
        """Whether the property is needed to create an entity of a type with these ancestors (plain names)."""
        return any(name in self.required.get(owner, ()) for owner in lineage)

    def is_computed(self, lineage: tuple[str, ...], name: str) -> bool:
        """Whether the service makes the property's value itself."""
        return any(name in self.computed.get(owner, ()) for owner in (*lineage, "*"))


def read_dialect(name: str | None) -> Dialect:
    """Return a shipped dialect by name; None is a plain service.

    Raises:
        ConfigurationError: there is none of that name.
    """
    if name is None:
        return Dialect()
    path = _FOLDER / f"{name}.yaml"
    known = sorted(item.stem for item in _FOLDER.glob("*.yaml"))
    if name not in known:
        raise ConfigurationError(
            UnknownDialect(place=FilePlace("importer.yaml"), found=name, near=nearest(name, known))
        )
    document = read_document(path, f"{name}.yaml")
    return validate(Dialect, document, owner=f"{name}.yaml", known={"": tuple(Dialect.model_fields)})
