"""One property, before → after, as the plan shows it."""

import msgspec

from importer.plan.references import JsonValue


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What an action does to one property.

    `property` is the recipe's (the navigation property, not its pair). `before` and `after` are JSON values in the service's notation;
    of a reference its key, or the marker of the action that makes it. `before_text`, `after_text` are what people call a referenced entity.
    """

    property: str
    before: JsonValue = None
    after: JsonValue = None
    before_text: str | None = None
    after_text: str | None = None
