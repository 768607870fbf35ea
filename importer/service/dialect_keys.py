"""The parts of a dialect, as pydantic models: what may be written under `limits`, `sets`, `errors`, … (docs/reference/dialect.md)."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from importer.documents import unexpected
from importer.text.translating import N_


class Strict(BaseModel):
    """A map whose keys are all known, and whose values are of their kind without being bent to it."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, hide_input_in_errors=True, defer_build=True
    )


def _count(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise unexpected("wrong-type", N_("a whole number from 1"))


def _name(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value
    raise unexpected("wrong-type", N_("a text"))


def _alternatives(value: object) -> object:
    """Return `[code, [project, name]]` as lists of properties; a text alone is an alternative of one property."""
    if isinstance(value, str) and value.strip():
        return [[value]]
    if not isinstance(value, list) or not value:
        raise unexpected("wrong-type", N_("a text or a list of texts"))
    found = []
    for number, item in enumerate(value):
        names = item if isinstance(item, list) and item else [item]
        for name in names:
            if not isinstance(name, str) or not name.strip():
                raise unexpected("wrong-type", N_("a text or a list of texts"), at=(number,))
        found.append(names)
    return found


def _constant(value: object) -> object:
    if isinstance(value, str | int):
        return value
    raise unexpected("wrong-type", N_("a text, a whole number, true or false"))


_TEXT: dict[str, Any] = {"type": "string", "pattern": r"\S"}
Count = Annotated[int, BeforeValidator(_count), WithJsonSchema({"type": "integer", "minimum": 1})]
Name = Annotated[str, BeforeValidator(_name), WithJsonSchema(_TEXT)]
Constant = Annotated[
    Any,
    BeforeValidator(_constant),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}),
]
Names = list[Name]
ByType = dict[str, Names]
Alternatives = Annotated[
    list[Names],
    BeforeValidator(_alternatives),
    WithJsonSchema(
        {
            "anyOf": [
                _TEXT,
                {
                    "type": "array",
                    "minItems": 1,
                    "items": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
                },
            ]
        }
    ),
]


class Words(Strict):
    """What people call something, by language."""

    en: Name | None = Field(None, description="English.")
    ru: Name | None = Field(None, description="Russian.")

    def as_map(self) -> dict[str, str]:
        """Return language → text, of the languages that are told."""
        return {language: text for language, text in (("en", self.en), ("ru", self.ru)) if text}


class Limits(Strict):
    """How much a service bears. What is not told is found out, or does not matter."""

    top: Count | None = Field(None, description="Greatest `$top` that the service takes.")
    page: Count | None = Field(
        None, description="Greatest number of entities that the service puts on a page."
    )
    batch: Count | None = Field(None, description="Greatest number of operations in one `$batch`.")
    requests_per_hour: Count | None = Field(None, description="Requests that one user may send in an hour.")


class Concurrency(Strict):
    """How a service notices that two people changed one entity."""

    property: Name | None = Field(
        None, description="Property that changes with every write and may be sent back in the body."
    )
    types: Names = Field(
        default_factory=list,
        description="Entity types that have the property; without it all that declare it.",
    )
    if_match: Literal["never", "optional", "required"] = Field(
        "optional", description="Whether a change needs `If-Match` with the entity's ETag."
    )


class Errors(Strict):
    """What a refusal of the service's own rules looks like: final, never to be repeated."""

    business: list[int] = Field(
        default_factory=list, description="Statuses of a business error beside 400 and 422: `[500]`."
    )
    message: Name = Field("error.message", description="Where the message stands in the body.")
    code: Name = Field("error.code", description="Where the code stands in the body.")
    conflict: Names = Field(
        default_factory=list, description="Codes that mean: somebody else changed the entity meanwhile."
    )


class Write(Strict):
    """How a set or a property is written where POST and PATCH are not the way."""

    action: Name = Field(description="Name of the action, without its namespace.")
    parameter: Name = Field(description="Parameter that takes the value, the rows, or the whole collection.")
    bound: bool = Field(
        default=True, description="true: called on the entity (`Users(7)/UpdateUserRoles`); false: by itself."
    )
    whole: bool = Field(
        default=False,
        description="true: the parameter takes the whole collection; what is left out is removed.",
    )
    with_: dict[str, Constant] = Field(
        default_factory=dict, alias="with", description="Other parameters of the action, and their values."
    )
    owner: Name | None = Field(
        None, description="Navigation property to the entity that the action is called on: `user` of a role."
    )
    by: Name | None = Field(
        None, description="Property of the target that `transitions` name states by: `code`."
    )
    initial: Name | None = Field(None, description="State of a new entity.")
    transitions: dict[str, Names] = Field(
        default_factory=dict, description="State → states that it may change to at once."
    )
    protected: Names = Field(
        default_factory=list, description="States in which an entity can no longer be changed."
    )

    def path(self, start: str, end: str) -> tuple[str, ...] | None:
        """Return the states to go through from `start` to `end`, the last one included; shortest; None: there is no way."""
        ways: dict[str, tuple[str, ...]] = {start: ()}
        open_ends = [start]
        while open_ends and end not in ways:
            state = open_ends.pop(0)
            for following in self.transitions.get(state, ()):
                if following not in ways:
                    ways[following] = (*ways[state], following)
                    open_ends.append(following)
        return ways.get(end)


class Tree(Strict):
    """A set whose entities form trees, of which the service makes the root."""

    parent: Name = Field(description="Navigation property to the parent; a blank one means the root.")
    root_of: Name = Field(description="Navigation property to the entity that each tree belongs to.")
    number: Name | None = Field(None, description="Property that holds the place among siblings.")
    first: int = Field(0, description="The first of these places.")


class SetHabits(Strict):
    """How entities of a set, or of a collection inside another entity (`Schedules/patternDays`), are written."""

    nested: bool = Field(
        default=False, description="true: only inside the body of the entity they belong to."
    )
    write: Write | None = Field(None, description="The action that writes them.")
    tree: Tree | None = Field(None, description="They form a tree.")


class PropertyHabits(Strict):
    """How one property is written."""

    write: Write = Field(description="The action that writes it.")


class CustomFields(Strict):
    """Where the service keeps the human names of numbered properties (`stringValue3` is «Код 1С»)."""

    set: Name = Field(description="Entity set of the catalogue.")
    type: Name = Field(description="Its property that names the entity type, without namespace.")
    label: Name = Field(description="Its property that holds the human name.")
    property: Name = Field(description="Its property that names the numbered property.")
    kind: Name | None = Field(None, description="Its property that says which kind of value it is.")
    directory: Name | None = Field(None, description="Its property with the key of the directory of values.")
    entries: Name | None = Field(None, description="Entity set that holds the values of directories.")
    types: Names = Field(default_factory=list, description="Entity types that have such properties.")


class CustomName(Strict):
    """A property that is found by its human name in the catalogue of custom fields."""

    custom: Name = Field(description="Its human name.")


def _kind_of_alias(value: object) -> str:
    return "custom" if isinstance(value, dict) else "name"


Alias = Annotated[
    Annotated[Name, Tag("name")] | Annotated[CustomName, Tag("custom")], Discriminator(_kind_of_alias)
]
