"""A checked recipe → its normal form: short forms written out, tables complete, expressions parsed.

Nothing is refused here: `models` and `rules` found nothing wrong.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from importer.documents import Document, Node
from importer.documents.document import NodePath
from importer.problems import RecipePlace
from importer.recipe.expressions.parsing import Expression
from importer.recipe.models import FieldModel, LookupModel, NarrowingModel, RecipeModel, StepModel, TableModel
from importer.recipe.normal import (
    Columns,
    Constant,
    Field,
    LookupRule,
    Match,
    Origin,
    Recipe,
    Step,
    TableRule,
    ValueTable,
)
from importer.recipe.rules import EVERYTHING_ELSE
from importer.recipe.written import WITH_VALUE, Refused, read_chain, read_condition, read_value


def normalise(model: RecipeModel, document: Document) -> Recipe:
    """Return the normal form of a recipe in which nothing is wrong."""
    return _Normaliser(model, document).recipe()


class _Normaliser:
    def __init__(self, model: RecipeModel, document: Document) -> None:
        self._model, self._document, self._root = model, document, document.root
        self._maps = {name: self._value_table(self._root.at(("maps", name))) for name in model.maps or {}}

    def recipe(self) -> Recipe:
        model, document = self._model, self._document
        lookups = model.lookups or {}
        return Recipe(
            path=document.path,
            shown=document.shown,
            version=model.recipe,
            steps=tuple(self._step(step, ("steps", number)) for number, step in enumerate(model.steps)),
            service=model.service,
            description=model.description,
            lookups={name: self._lookup(rule, ("lookups", name)) for name, rule in lookups.items()},
            lookup_places={name: self._root.key_place(("lookups", name)) for name in lookups},
            lines=document.lines,
            fingerprint=hashlib.sha256(document.data).hexdigest(),
        )

    def _step(self, step: StepModel, path: NodePath) -> Step:
        node = self._root.at(path)
        match = node.at(("match",))
        return Step(
            place=node.place,
            places=_places(node),
            name=step.name or step.to,
            to=step.to,
            table=self._table(step, path),
            match=Match(match.place, step.match, {str(leaf.value): leaf.place for leaf in _leaves(match)}),
            fields=tuple(
                self._field(rule, name, (*path, "fields", name)) for name, rule in step.fields.items()
            ),
            description=step.description,
            when=self._condition(node),
            mode=step.mode,
            on_missing=step.on_missing or "error",
            on_duplicate=step.on_duplicate,
        )

    def _field(self, rule: NarrowingModel, name: str, path: NodePath) -> Field:
        node = self._root.at(path)
        apply, default, table = node.get("apply"), node.get("default"), node.get("map")
        more: dict[str, Any] = {}
        if isinstance(rule, FieldModel):
            more = {"on_blank": rule.on_blank, "update": rule.update, "description": rule.description}
        return Field(
            place=self._root.key_place(path),
            places=_places(node),
            property=name,
            origin=self._origin(rule, node),
            optional=rule.optional,
            apply=_expression(read_chain(self._document, apply)) if apply is not None else None,
            map=self._map(table) if table is not None else None,
            default=_value(read_value(self._document, default)) if default is not None else None,
            lookup=self._lookup(rule, path),
            **more,
        )

    def _origin(self, rule: NarrowingModel, node: Node) -> Origin:
        if rule.column is None:
            return _value(read_value(self._document, node.get("value") or node))
        headers = node.get("column") or node
        return Columns(headers.place, rule.column, tuple(leaf.place for leaf in _leaves(headers)))

    def _condition(self, owner: Node) -> Expression | None:
        node = owner.get("when")
        return _expression(read_condition(self._document, node)) if node is not None else None

    def _map(self, node: Node) -> ValueTable:
        return self._maps[node.value] if isinstance(node.value, str) else self._value_table(node)

    def _value_table(self, node: Node) -> ValueTable:
        entries = {word: _value(read_value(self._document, item, WITH_VALUE)) for word, item in node.items}
        default = entries.pop(EVERYTHING_ELSE, None)
        return ValueTable(node.place, tuple(entries.items()), default)

    def _lookup(self, rule: LookupModel, path: NodePath) -> LookupRule:
        where = None
        if rule.where is not None:
            where = {
                name: self._field(inner, name, (*path, "where", name)) for name, inner in rule.where.items()
            }
        return LookupRule(
            place=self._root.key_place(path),
            places=_places(self._root.at(path)),
            by=rule.by,
            in_=rule.in_,
            where=where,
            compare=rule.compare,
            on_missing=rule.on_missing,
            on_ambiguous=rule.on_ambiguous,
        )

    def _table(self, step: StepModel, path: NodePath) -> TableRule:
        """Return the step's table, complete: from ← tables.X ← source."""
        layers: list[tuple[TableModel, Node]] = []
        if step.from_ is not None:
            layers.append(self._chosen(step.from_, self._root.at((*path, "from"))))
        if self._model.source is not None:
            layers.append((self._model.source, self._root.at(("source",))))
        found: dict[str, Any] = {}
        places: dict[str, RecipePlace] = {}
        when = None
        for layer, node in layers:
            for name in sorted(layer.model_fields_set - set(found)):
                found[name] = getattr(layer, name)
                places[name] = node.at((name,)).place
            when = when or self._condition(node)
        found.update(when=when, file=tuple(found["file"]))
        return TableRule(place=layers[0][1].place, places=places, **found)

    def _chosen(self, table: TableModel, node: Node) -> tuple[TableModel, Node]:
        tables: Mapping[str, TableModel] = self._model.tables or {}
        if isinstance(node.value, str) and node.value in tables:
            return tables[node.value], self._root.at(("tables", node.value))
        return table, node


def _expression(found: Expression | Refused) -> Expression:
    assert isinstance(found, Expression), found  # noqa: S101 - the rules let no other pass
    return found


def _value(found: Constant | Expression | Refused) -> Constant | Expression:
    assert not isinstance(found, tuple), found  # noqa: S101 - the rules let no other pass
    return found


def _places(node: Node) -> dict[str, RecipePlace]:
    """Return where each key has its value."""
    return {name: inner.place for name, inner in node.items}


def _leaves(node: Node) -> list[Node]:
    """Return the scalars under a node, in the order written."""
    inside = [*(inner for _, inner in node.items), *node.elements]
    return [leaf for inner in inside for leaf in _leaves(inner)] if inside else [node]
