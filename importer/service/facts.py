"""What can be written and what must be, per property: the metadata corrected by the dialect. The one place that answers."""

from collections.abc import Mapping

import msgspec

from importer.odata.edm import Model
from importer.odata.edm.writable import PropertyFacts, facts_of
from importer.service.dialect_model import Dialect


def plain_lineage(model: Model, type_name: str) -> tuple[str, ...]:
    """Return the plain names of a type and its bases, as dialects name types."""
    return tuple(declared.name.rpartition(".")[2] for declared in model.lineage(type_name))


def corrected_facts(
    model: Model, dialect: Dialect, set_name: str, type_name: str
) -> Mapping[str, PropertyFacts]:
    """Return the facts of each structural and single-valued navigation property of a set's entities, by name.

    `set_name` may be empty: then the type alone decides. A navigation and its pair have the same facts, whichever of them the
    dialect names.
    """
    lineage = plain_lineage(model, type_name)
    stated = facts_of(model, set_name, type_name)
    if not dialect.corrects(lineage):
        return stated
    navigation_of = {facts.pair: name for name, facts in stated.items() if facts.pair is not None}
    found: dict[str, PropertyFacts] = {}
    for name, facts in stated.items():
        names = tuple(item for item in (name, facts.pair, navigation_of.get(name)) if item is not None)
        found[name] = _corrected(facts, dialect, lineage, names)
    return found


def _corrected(
    facts: PropertyFacts, dialect: Dialect, lineage: tuple[str, ...], names: tuple[str, ...]
) -> PropertyFacts:
    if any(dialect.is_computed(lineage, name) for name in names):
        return msgspec.structs.replace(
            facts,
            on_create=False,
            on_update=False,
            computed=True,
            required=False,
            usual=False,
            reason="computed",
        )
    if any(dialect.is_optional(lineage, name) for name in names):
        facts = msgspec.structs.replace(facts, required=False, usual=False)
    if facts.on_create and any(dialect.is_required(lineage, name) for name in names):
        facts = msgspec.structs.replace(facts, required=True, usual=False)
    if any(dialect.is_immutable(lineage, name) for name in names):
        facts = msgspec.structs.replace(
            facts, on_update=False, immutable=True, reason=facts.reason or "immutable"
        )
    if any(dialect.is_renamed(lineage, name) for name in names):
        # What the service stores instead would look like a change for ever.
        facts = msgspec.structs.replace(facts, on_update=False)
    return facts
