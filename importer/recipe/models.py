"""The language as pydantic models: the guard at the edge, and the source of the JSON Schema.

A short form is accepted wherever the language has one (recipe-language.md §6.1) and rewritten by
`normalising`; descriptions hold the sentences of the reference. Tables, fields and steps have modules of their
own; checks of single values are in `value_types`.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from importer.recipe.field_models import FieldModel, LookupModel, NarrowingModel
from importer.recipe.step_models import AbsentModel, LimitsModel, StepModel, ThenModel
from importer.recipe.strict import ShortForms, Strict
from importer.recipe.table_models import Source, SplitModel, TableModel, TreeModel, UnpivotModel
from importer.recipe.value_types import (
    TEXT_SCHEMA,
    VALUE_FORMS,
    Alias,
    Constant,
    MapSource,
    Service,
    Switch,
    Text,
    Texts,
    Version,
    long_parameter,
    one_of,
)

__all__ = ["KNOWN_KEYS", "SHARED_KEYS", "RecipeModel", "SharedModel"]


class ParameterModel(Strict):
    """A named input of the recipe."""

    type: one_of("text", "number", "date", "boolean", "guid", "path") | None = Field(  # type: ignore[valid-type]
        None,
        description="`text`, `number`, `date`, `boolean`, `guid` or `path`; by default the type of `default`.",
    )
    default: Constant | None = Field(None, description="The value used when `--set` gives none.")
    required: Switch = Field(default=False, description="`true`: `--set` must give it. `false` by default.")
    description: Text | None = Field(
        None, description="What the parameter is for, for the person who runs the recipe."
    )


Parameter = Annotated[
    ParameterModel,
    BeforeValidator(long_parameter),
    ShortForms("A default value, or a map.", TEXT_SCHEMA, *VALUE_FORMS),
]


class SharedModel(Strict):
    """What may stand in a recipe and in the files that it includes."""

    recipe: Version = Field(description="Version of the language: `1`. The first key of every recipe.")
    description: Text | None = Field(
        None, description="What this recipe is for; printed on the first page of every report."
    )
    params: dict[str, Parameter] | None = Field(
        None,
        description="Named inputs: name → default value, or a map; given with `--set`, used as `params.name` in "
        "expressions.",
    )
    tables: dict[str, TableModel] | None = Field(
        None,
        description="Named tables: name → table; needed only when two steps read the same range, or files differ.",
    )
    aliases: dict[str, dict[str, Alias]] | None = Field(
        None,
        description="Entity set → other name → property, or `{custom: label}`: human names of custom fields. "
        "Those of a profile win.",
    )
    maps: dict[str, MapSource] | None = Field(
        None,
        description="Value tables used by more than one field: name → table, or the path of a CSV or XLSX file "
        "(columns `from`, `to`) or a YAML file.",
    )
    filters: dict[str, Text] | None = Field(
        None, description="Your own filters for expressions and `apply`: name → expression over `value`."
    )
    lookups: dict[str, LookupModel] | None = Field(
        None,
        description="Entity set → how people refer to its entities, once for all steps; what a field says itself "
        "wins, key by key.",
    )
    mask: Texts | None = Field(
        None,
        description="Personal data, shown as `И••••• (6)` in reports and logs: `property`, or "
        "`EntitySet/property`.",
    )


class RecipeModel(SharedModel):
    """A recipe: which rows to read, which entities they are, how to recognise them, and what to write."""

    service: Service | None = Field(
        None,
        description="Name of a connection profile; the project's default profile if left out. Never a URL, never "
        "a secret.",
    )
    include: Texts | None = Field(
        None,
        description="Files with shared parts: any of `params`, `tables`, `aliases`, `maps`, `filters`, `lookups`, "
        "`mask`.",
    )
    source: Source | None = Field(
        None,
        description="The file (a path, or a list of paths), or a map that also holds defaults for every table.",
    )
    steps: list[StepModel] = Field(
        min_length=1,
        description="What to make of the rows: at least one step. The plan orders the work by references, "
        "whatever their order here.",
    )
    limits: LimitsModel | None = Field(
        None,
        description="How much change is still believable. A plan over a limit can be made and shown, and is not "
        "applied.",
    )


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in model.model_fields.items())


# For near misses: which keys stand where (documents.validate).
_INSIDE: Mapping[str, tuple[str, ...]] = {
    "steps": _keys(StepModel),
    "fields/": _keys(FieldModel),
    "create/": _keys(FieldModel),
    "where/": _keys(NarrowingModel),
    "with/": _keys(NarrowingModel),
    "set/": _keys(NarrowingModel),
    "under": _keys(NarrowingModel),
    "source": _keys(TableModel),
    "tables/": _keys(TableModel),
    "from": _keys(TableModel),
    "tree": _keys(TreeModel),
    "unpivot": _keys(UnpivotModel),
    "split": _keys(SplitModel),
    "lookups/": _keys(LookupModel),
    "params/": _keys(ParameterModel),
    "then": _keys(ThenModel),
    "absent": _keys(AbsentModel),
    "limits": _keys(LimitsModel),
    "expect": ("that", "else"),
    "match": ("any", "remember"),
    "by": ("initials",),
    "aliases/": ("custom",),
}
KNOWN_KEYS: Mapping[str, tuple[str, ...]] = {"": _keys(RecipeModel), **_INSIDE}
SHARED_KEYS: Mapping[str, tuple[str, ...]] = {"": _keys(SharedModel), **_INSIDE}
