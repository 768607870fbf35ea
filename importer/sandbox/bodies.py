"""Bodies of requests → values of a type, as they are stored: names, types, links; what is unknown."""

from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec

from importer.odata.edm import Model
from importer.sandbox.coercing import coerced, is_dropped
from importer.sandbox.habits import Habits
from importer.sandbox.refusals import bad_input
from importer.sandbox.rules import Rules
from importer.sandbox.typed import Value, Values, canonical

_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def read_object(body: bytes) -> dict[str, Value]:
    """Return a JSON object.

    Raises:
        Refused: it is none.
    """
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad_input("The body is no JSON.") from None
    if not isinstance(value, dict):
        raise bad_input("The body is no JSON object.")
    return value


def stated_type(given: Values, declared: str, model: Model) -> str:
    """Return the type that a body says it is of, else the declared one.

    Raises:
        Refused: there is no such type below the declared one, or it is abstract.
    """
    stated = str(given.get("@odata.type", given.get("@type", declared))).lstrip("#")
    if stated not in model.types or not model.is_a(stated, declared):
        raise bad_input(f"A type named '{stated}' could not be resolved.")
    if model.types[stated].abstract:
        raise bad_input(f"An instance of the abstract type '{stated}' cannot be made.")
    return stated


def read_values(given: Values, kind: str, rules: Rules, habits: Habits) -> dict[str, Value]:
    """Return the declared properties that a body sets, canonical.

    Raises:
        Refused: a name or value is wrong, by these habits.
    """
    model = rules.model
    properties, navigation = model.properties_of(kind), model.navigation_of(kind)
    spelled = _spelling((*properties, *navigation), habits)
    values: dict[str, Value] = {}
    for written, value in given.items():
        name = spelled(written)
        if written.endswith("@odata.bind"):
            link = spelled(written.removesuffix("@odata.bind"))
            values.update(rules.bound(kind, link, str(value)))
        elif "@" in name or name in navigation:
            continue  # "accepted, dropped": nested entities need code of the application (protocol §2)
        elif name not in properties:
            if habits.unknown_property == "refused" or (
                habits.unknown_property == "typed" and not model.is_open(kind)
            ):
                raise bad_input(f"The property '{name}' does not exist on type '{kind}'.")
        elif not is_dropped(properties[name], habits.coerces):
            taken = coerced(value, properties[name], model, habits.coerces)
            values[name] = canonical(taken, properties[name], model)
    return values


def _spelling(names: tuple[str, ...], habits: Habits) -> Callable[[str], str]:
    """Return how a written name is read: ASP.NET takes any case, others only the exact one."""
    if habits.names == "exact":
        return lambda written: written
    folded: Mapping[str, str] = {name.lower(): name for name in reversed(names)}
    return lambda written: written if written in names else folded.get(written.lower(), written)
