"""The key property that goes with a navigation property: by name, else by constraint (timetta.md §7, 1)."""

from importer.odata.edm.model import Model
from importer.odata.edm.properties import NavigationProperty, Property
from importer.odata.edm.stated import CORE, is_true, may_write

_SUFFIXES = ("Id", "_id", "_ID", "ID")


def pair_of(model: Model, type_name: str, navigation: NavigationProperty) -> str | None:
    """Return the structural property that holds the target's key, or None: `@odata.bind` is the only way.

    A property `{nav}Id`, `{nav}_id`, `{nav}_ID` whose type is that of the target's single key wins;
    constraints are known to be wrong on real services (odata-protocol.md §4), names are not. A constraint
    counts only where no such property exists, its types agree, its property can be written, and no other
    navigation has a claim to it.
    """
    key = model.key_of(navigation.type)
    if navigation.collection or len(key) != 1:
        return None
    target = model.property_at(navigation.type, key[0])
    if target is None:
        return None
    own = model.properties_of(type_name)
    for suffix in _SUFFIXES:
        if _agree(model, own.get(navigation.name + suffix), target):
            return navigation.name + suffix
    constraint = next(iter(navigation.constraints), None)
    if constraint is None or len(navigation.constraints) > 1 or constraint.referenced != key[0]:
        return None
    if not _agree(model, own.get(constraint.property), target):
        return None
    candidate = own[constraint.property]
    if is_true(candidate.annotations, CORE + "Computed") or not may_write(candidate.annotations):
        return None  # Dataverse: `_primarycontactid_value` is for reading, and the navigation for binding
    rivals = (item for item in model.navigation_of(type_name).values() if item.name != navigation.name)
    # `createdBy → userId` is a lie where a navigation `user` stands beside it; and of two that claim it, one lies.
    taken = any(_claims(model, type_name, item, constraint.property) for item in rivals)
    return None if taken else constraint.property


def _agree(model: Model, candidate: Property | None, target: Property) -> bool:
    if candidate is None or candidate.collection:
        return False
    return model.underlying(candidate.type) == model.underlying(target.type)


def _claims(model: Model, type_name: str, navigation: NavigationProperty, name: str) -> bool:
    """Whether another navigation has a property of this name for its own: by its name, or by a constraint and without a better one."""
    if navigation.collection:
        return False
    if name.removeprefix(navigation.name) in _SUFFIXES:
        return True
    own = model.properties_of(type_name)
    if any(navigation.name + suffix in own for suffix in _SUFFIXES):
        return False
    return len(navigation.constraints) == 1 and navigation.constraints[0].property == name
