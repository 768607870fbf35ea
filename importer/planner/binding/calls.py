"""`then` and `absent` × metadata: actions and their parameters, scopes and what is set in them (recipe-language.md §7)."""

from collections.abc import Iterator

from importer.odata.edm import Model
from importer.odata.edm.operations import Operation, Parameter
from importer.odata.edm.primitives import PRIMITIVES
from importer.planner.binding.bound import BoundCall, BoundLookup, BoundProperty, BoundWhere
from importer.planner.binding.lookups import LookupBinder
from importer.planner.binding.problems import (
    LookupSetUnknown,
    ParameterMissing,
    UnknownAction,
    UnknownParameter,
    UnknownProperty,
)
from importer.planner.binding.properties import plain_name
from importer.problems import Collector, nearest
from importer.recipe.normal import Call, Field, Step
from importer.service import Service


def actions_of(model: Model, type_name: str) -> Iterator[Operation]:
    """Yield the actions that are bound to single entities of a type, or of its bases."""
    owners = {declared.name for declared in model.lineage(type_name)}
    for operation in model.operations:
        first = operation.parameters[0] if operation.parameters else None
        single = first is not None and not first.collection and first.type in owners
        if operation.action and operation.bound and single:
            yield operation


class CallBinder:
    """Binds what happens besides writing fields."""

    def __init__(self, service: Service, lookups: LookupBinder, problems: Collector) -> None:
        """Keep what every call needs."""
        self._service, self._lookups, self._problems = service, lookups, problems

    def calls(self, step: Step, entity_set: str, type_name: str) -> tuple[BoundCall, ...]:
        """Return the actions of a step; what is wrong with them is told."""
        found = (self._call(call, entity_set, type_name) for call in step.then)
        return tuple(call for call in found if call is not None)

    def absent(self, step: Step, entity_set: str, type_name: str) -> tuple[BoundWhere, ...]:
        """Return the scope and what is set in it."""
        if step.absent is None:
            return ()
        bound: list[BoundWhere] = []
        for rules in (step.absent.where, step.absent.set_):
            bound.extend(self._lookups.narrowings(entity_set, type_name, rules) or ())
        return tuple(bound)

    def _call(self, call: Call, entity_set: str, type_name: str) -> BoundCall | None:
        known = {plain_name(item.name): item for item in actions_of(self._service.model, type_name)}
        operation = known.get(plain_name(call.action))
        owner = plain_name(type_name)
        if operation is None:
            near = nearest(call.action, known)
            self._problems.add(UnknownAction(place=call.place, found=call.action, owner=owner, near=near))
            return None
        self._check_condition(call, type_name)
        parameters = {item.name: item for item in operation.parameters[1:]}
        bound = []
        for name, rule in call.with_.items():
            if name not in parameters:
                near = nearest(name, parameters)
                self._problems.add(
                    UnknownParameter(place=rule.place, found=name, owner=call.action, near=near)
                )
            elif (item := self._parameter(parameters[name], rule, entity_set, type_name)) is not None:
                bound.append(item)
        for name, parameter in parameters.items():
            if not parameter.nullable and name not in call.with_:
                self._problems.add(ParameterMissing(place=call.place, found=name, owner=call.action))
        return BoundCall(action=operation.name, rule=call, with_=tuple(bound))

    def _parameter(
        self, parameter: Parameter, rule: Field, entity_set: str, type_name: str
    ) -> BoundWhere | None:
        model = self._service.model
        kind = model.underlying(parameter.type)
        target = None if kind in PRIMITIVES or kind in model.enums else kind
        bound = BoundProperty(
            name=parameter.name,
            wire=parameter.name,
            type="" if target else kind,
            nullable=parameter.nullable,
            collection=parameter.collection,
            target_type=target,
        )
        said = [key for key in rule.lookup.said if key != "compare"]
        if target is None and not said:
            return BoundWhere(property=bound, rule=rule)
        if target is None and rule.lookup.in_ is None and rule.lookup.row_of is None:
            expected = ", ".join(model.sets)[:200]
            self._problems.add(LookupSetUnknown(place=rule.place, found=parameter.name, expected=expected))
            return None
        lookup: BoundLookup | None = self._lookups.bind(entity_set, type_name, bound, rule.lookup, rule.place)
        return None if lookup is None else BoundWhere(property=bound, rule=rule, lookup=lookup)

    def _check_condition(self, call: Call, type_name: str) -> None:
        if call.when is None:
            return
        model = self._service.model
        known = [*model.properties_of(type_name), *model.navigation_of(type_name)]
        for _, name in call.when.properties:
            if name not in known:
                self._problems.add(
                    UnknownProperty(
                        place=call.when.place,
                        found=name,
                        owner=plain_name(type_name),
                        near=nearest(name, known),
                    )
                )
