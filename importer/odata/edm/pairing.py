"""The key property that goes with a navigation property: by name, else by constraint (timetta.md §7, 1)."""

from importer.odata.edm.model import Model
from importer.odata.edm.properties import NavigationProperty, Property

_SUFFIXES = ("Id", "_id", "_ID", "ID")


def pair_of(model: Model, type_name: str, navigation: NavigationProperty) -> str | None:
    """Return the structural property that holds the target's key, or None: `@odata.bind` is the only way.

    A property `{nav}Id`, `{nav}_id`, `{nav}_ID` whose type is that of the target's single key wins;
    constraints are known to be wrong on real services (odata-protocol.md §4), names are not. A constraint
    counts only where no such property exists, its types agree, and its property is not by name the pair of
    another navigation.
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
    rivals = (item for item in model.navigation_of(type_name).values() if item.name != navigation.name)
    # `createdBy → userId` is a lie where a navigation `user` stands beside it.
    taken = any(_is_pair_by_name(item, constraint.property) for item in rivals)
    return None if taken else constraint.property


def _agree(model: Model, candidate: Property | None, target: Property) -> bool:
    if candidate is None or candidate.collection:
        return False
    return model.underlying(candidate.type) == model.underlying(target.type)


def _is_pair_by_name(navigation: NavigationProperty, name: str) -> bool:
    return not navigation.collection and name.removeprefix(navigation.name) in _SUFFIXES
