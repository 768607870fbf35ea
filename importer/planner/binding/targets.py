"""`to` and `type` → what entities a step makes: of a set, or of a collection that another entity contains."""

import msgspec

from importer.planner.binding.problems import NoContained, NotDerived, UnknownEntitySet
from importer.planner.binding.properties import plain_name
from importer.problems import Problem, nearest
from importer.recipe.normal import Step
from importer.service import Service


class Target(msgspec.Struct, frozen=True):
    """The type a step makes; of a contained set the set of its owners too."""

    type: str
    owner: str | None = None


def find_target(service: Service, step: Step) -> Target | Problem:
    """Return what a step makes, or what is wrong with `to` or `type`."""
    model, place = service.model, step.places.get("to", step.place)
    head, slash, path = step.to.partition("/")
    entity_set = model.sets.get(head)
    if entity_set is None:
        near = nearest(head, model.sets)
        return UnknownEntitySet(place=place, found=head, service=service.name, near=near)
    kind = entity_set.type
    for name in path.split("/") if slash else ():
        collections = {key: item for key, item in model.navigation_of(kind).items() if item.collection}
        if name not in collections:
            near = nearest(name, collections)
            return NoContained(place=place, found=name, owner=plain_name(kind), near=near)
        kind = collections[name].type
    if step.type is not None:
        derived = {plain_name(name): name for name in (kind, *model.derived_of(kind))}
        if plain_name(step.type) not in derived:
            names = [*derived][1:]
            return NotDerived(
                place=step.places["type"],
                found=step.type,
                owner=plain_name(kind),
                expected=", ".join(names[:12]) or "–",
                near=nearest(step.type, names),
            )
        kind = derived[plain_name(step.type)]
    return Target(kind, head if slash else None)
