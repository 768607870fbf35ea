"""What all models of the language are: strict, and with their short forms in the schema."""

from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


class ShortForms:
    """Writes the short forms of a model into its schema, beside the long one."""

    def __init__(self, description: str, *forms: dict[str, Any]) -> None:
        self._description, self._forms = description, forms

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        # The long form first: of equally bad fits editors explain the first, and a wrong key is underlined itself.
        return {"description": self._description, "anyOf": [handler(core), *self._forms]}


class Strict(BaseModel):
    """A model that refuses what it does not know."""

    model_config = ConfigDict(
        extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True, defer_build=True
    )
