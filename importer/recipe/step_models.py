"""Steps as models: what to make of the rows (recipe-language.md §5, §7, §8)."""

from pydantic import ConfigDict, Field, model_validator

from importer.documents import unexpected
from importer.recipe.field_models import FieldRule, NarrowingRule
from importer.recipe.strict import Strict
from importer.recipe.table_models import From, SplitModel
from importer.recipe.value_types import Expectation, Limit, MatchRule, Switch, Text, Whole, one_of
from importer.text.translating import N_


class LimitsModel(Strict):
    """How much change is still believable; a plan over a limit can be made and shown, and is not applied."""

    update: Limit | None = Field(
        None,
        description="The most of the matched entities of a step that may change, once 20 or more matched: a "
        "number or a percentage; `50%` by default.",
    )
    create: Whole | None = Field(
        None, description="The most entities that may be created; no limit by default."
    )
    delete: Limit | None = Field(
        None,
        description="The most entities of the scope that may be deleted: a number or a percentage; `0` by "
        "default.",
    )
    clear: Limit | None = Field(
        None,
        description="The most of the matched entities in which a filled property may become empty: a number or a "
        "percentage; `10%` by default.",
    )


class ThenModel(Strict):
    """A bound action to call after writing."""

    call: Text = Field(description="Name of a bound action of the entity's type.")
    with_: dict[str, NarrowingRule] | None = Field(
        None, alias="with", description="Parameter of the action → rule; a lookup names its target with `in`."
    )
    on: one_of("create", "change", "always") = Field(  # type: ignore[valid-type]
        "create",
        description="When it is called: `create` (the default), `change` (created or updated), or `always`, which "
        "needs `when`.",
    )
    when: Text | None = Field(
        None, description="Expression that must be true; sees `row`, `before` (`none` on create) and `after`."
    )

    @model_validator(mode="after")
    def _always_with_a_condition(self) -> "ThenModel":
        if self.on == "always" and self.when is None:
            raise unexpected("missing-key", "when")
        return self


class AbsentModel(Strict):
    """What to do with entities of a scope that no row of the step mentioned."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["set"]}, {"required": ["delete"]}],
        }
    )

    where: dict[str, NarrowingRule] = Field(
        min_length=1,
        description="The scope: property → constant or `=expression` over `params`. Entities outside of it are "
        "never touched.",
    )
    set_: dict[str, NarrowingRule] | None = Field(
        None,
        alias="set",
        min_length=1,
        description="Property → what it becomes on entities of the scope that no row mentions.",
    )
    delete: Switch | None = Field(
        None,
        description="`true`: delete the entities of the scope that no row mentions; needs `--allow-delete` as "
        "well.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> "AbsentModel":
        if self.set_ is not None and self.delete is not None:
            raise unexpected("key-conflict", N_("`absent` has one effect"), found="`set`, `delete`")
        if self.set_ is None and self.delete is None:
            raise unexpected("missing-key", "set")
        return self


class StepModel(Strict):
    """Rows of one table becoming entities of one set."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependentSchemas": {
                "on_missing": {"properties": {"mode": {"const": "update"}}, "required": ["mode"]},
            }
        }
    )

    name: Text | None = Field(
        None, description="Name of the step, unique in the recipe; the entity set's name by default."
    )
    description: Text | None = Field(None, description="What the step is for, for the reviewer.")
    from_: From | None = Field(
        None,
        alias="from",
        description="The table: one of `tables`, a sheet of the source, or a map; the source by default.",
    )
    split: SplitModel | None = Field(
        None, description='One row becomes one row per item of a cell: `{column: Участники, by: ";"}`.'
    )
    when: Text | None = Field(
        None, description="Expression; other rows are left to other steps and counted as not for this step."
    )
    to: Text = Field(
        description="Entity set whose entities the rows become; a contained collection as `People/Trips`."
    )
    type: Text | None = Field(
        None,
        description="Derived type to create, when the set holds several; the set's declared type by default.",
    )
    under: NarrowingRule | None = Field(
        None, description="Of contained collections: the rule that finds the owner."
    )
    mode: one_of("upsert", "create", "update") = Field(  # type: ignore[valid-type]
        "upsert",
        description="`upsert` (the default): change what is there, make the rest; `create`: make the missing, "
        "leave what exists; `update`: change what is there, make nothing.",
    )
    match: MatchRule = Field(
        description="How an entity already there is recognised: `email`; `[project, name]` together; `{any: "
        "[code, name]}` in turn; or `{remember: Код}`: columns kept in the id map."
    )
    on_missing: one_of("error", "skip") | None = Field(  # type: ignore[valid-type]
        None,
        description="Only with `mode: update`. A row whose entity is not there: `error` (the default, the row is "
        "blocked) or `skip`.",
    )
    on_duplicate: one_of("error", "first", "last") = Field(  # type: ignore[valid-type]
        "error",
        description="Rows of one entity that disagree: `error` (the default), or the `first` or `last` filled "
        "value of each property.",
    )
    fields: dict[str, FieldRule] = Field(
        description="Property → rule: what to write. Every property of `match` must be among them.",
        min_length=1,
    )
    then: list[ThenModel] | None = Field(
        None, min_length=1, description="Bound actions to call after writing."
    )
    absent: AbsentModel | None = Field(
        None,
        description="What to do with entities in a stated scope that no row mentions; they are kept by default.",
    )
    expect: list[Expectation] | None = Field(
        None,
        min_length=1,
        description="Expressions over the table that must be true, or `{that: …, else: text}`; a plan for which "
        "one is false cannot be applied.",
    )
    limits: LimitsModel | None = Field(
        None,
        description="How much change is still believable in this step; the recipe's `limits` by default, key by "
        "key.",
    )

    @model_validator(mode="after")
    def _missing_only_on_update(self) -> "StepModel":
        if self.on_missing is not None and self.mode != "update":
            found = f"`on_missing`, `mode: {self.mode}`"
            raise unexpected(
                "key-conflict", N_("`on_missing` of a step goes with `mode: update`"), found=found
            )
        return self
