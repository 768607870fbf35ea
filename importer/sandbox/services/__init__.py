"""Services of the shelf: a metadata document, what is there from the beginning, and rules of the business."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from importer.odata.csdl import read_metadata
from importer.odata.edm import Model
from importer.problems import nearest
from importer.sandbox.addresses import key_of
from importer.sandbox.faults import Faults
from importer.sandbox.habits import Habits
from importer.sandbox.refusals import Refused, bad_input
from importer.sandbox.rules import Rules
from importer.sandbox.server import Sandbox
from importer.sandbox.services.timetta_rules import TimettaRules
from importer.sandbox.site import Site
from importer.sandbox.store import Entity, Store
from importer.sandbox.typed import Value, canonical, empty_value

_FOLDER = Path(__file__).parent
_RULES: Mapping[str, Callable[[Model], Rules]] = {"timetta": TimettaRules}


@dataclass(frozen=True)
class ServicePack:
    """Everything a sandbox begins with. `seed` maps set names to entities in the service's JSON."""

    document: bytes
    model: Model
    seed: Mapping[str, list[dict[str, Value]]] = field(default_factory=dict)
    make_rules: Callable[[Model], Rules] = Rules

    def store(self, folder: Path | None = None) -> Store:
        """Return a store in memory or `folder`; a new one holds the seed and what `folder/<Set>.json` holds.

        Raises:
            ValueError: a seed file is no list of entities of its set, or the folder's store cannot be used.
        """
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        store = Store(self.model, None if folder is None else folder / "store.sqlite")
        if not store.is_new:
            return store
        try:
            with store.planting():
                for name, entities in self.seed.items():
                    self._plant(store, name, entities)
                for name, path in self._files(folder):
                    self._plant_file(store, name, path)
        except ValueError:
            store.close()
            raise
        return store

    def sandbox(self, store: Store, habits: Habits, faults: Faults, root: str) -> Sandbox:
        """Return a service that answers under `root`, which ends with a slash."""
        rules = self.make_rules(self.model)
        return Sandbox(Site(self.model, self.document, store, rules, habits, faults, root))

    def _files(self, folder: Path | None) -> Iterator[tuple[str, Path]]:
        for name in self.model.sets if folder is not None else ():
            path = (folder or Path()) / f"{name}.json"
            if path.is_file():
                yield name, path

    def _plant_file(self, store: Store, name: str, path: Path) -> None:
        try:
            self._plant(store, name, _entities(path))
        except Refused as refused:
            reason = refused.body["error"]["details"][0]["message"] if refused.body else ""
            raise ValueError(f"{path.name}: {reason}") from None

    def _plant(self, store: Store, name: str, entities: list[dict[str, Value]]) -> None:
        declared = self.model.sets[name].type
        for given in entities:
            kind = str(given.get("@odata.type", declared)).lstrip("#")
            if not self.model.is_a(kind, declared):
                raise bad_input(f"{kind} is no type of {name}.")
            properties = self.model.properties_of(kind)
            unknown = [key for key in given if key not in properties and "@" not in key]
            if unknown:
                near = ", ".join(str(item) for item in nearest(unknown[0], properties))
                advice = f"; nearest: {near}" if near else ""
                raise bad_input(f'"{unknown[0]}" is no property of {kind}{advice}.')
            values = {key: empty_value(item, self.model) for key, item in properties.items()}
            known = {key: value for key, value in given.items() if "@" not in key}
            values |= {key: canonical(value, properties[key], self.model) for key, value in known.items()}
            store.plant(key_of(values, self.model.key_of(kind)), Entity(kind, values))


def load_service(name: str) -> ServicePack:
    """Return a service of the shelf: `timetta`."""
    folder = _FOLDER / name
    document = (folder / "metadata.xml").read_bytes()
    seed = json.loads((folder / "seed.json").read_text("utf-8"), parse_float=Decimal)
    return ServicePack(document, read_metadata(document, f"{name}/metadata.xml"), seed, _RULES[name])


def plain_service(document: bytes, name: str) -> ServicePack:
    """Return an empty service with these metadata and no rules but those that the metadata tell.

    Raises:
        ServiceError: the document is no OData v4 metadata.
    """
    return ServicePack(document, read_metadata(document, name))


def _entities(path: Path) -> list[dict[str, Value]]:
    try:
        value = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path.name}: {error}") from None
    found = value.get("value") if isinstance(value, dict) else value
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ValueError(f"{path.name}: not a list of entities")
    return found
