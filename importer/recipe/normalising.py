"""A checked recipe → its normal form: short forms written out, tables complete, expressions parsed.

Nothing is refused here: `models` and `rules` found nothing wrong.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from importer.documents import Document, Node
from importer.documents.document import NodePath
from importer.problems import RecipePlace
from importer.recipe.expressions.checked import NAMES, STATIC_NAMES, TABLE_NAMES, Definitions, Expression
from importer.recipe.field_models import FieldModel, LookupModel, NarrowingModel
from importer.recipe.map_files import Maps
from importer.recipe.models import RecipeModel
from importer.recipe.normal import (
    Absent,
    AliasRule,
    Call,
    Columns,
    Constant,
    Expectation,
    Field,
    Limits,
    LookupRule,
    Match,
    Origin,
    Recipe,
    Remembered,
    SplitRule,
    Step,
    TableRule,
    TreeRule,
    UnpivotRule,
    ValueTable,
)
from importer.recipe.parameters import Parameters
from importer.recipe.rules import EVERYTHING_ELSE
from importer.recipe.step_models import StepModel
from importer.recipe.table_models import TableModel
from importer.recipe.unplanned import unplanned
from importer.recipe.value_types import INITIALS, CustomLabel, RememberModel
from importer.recipe.walking import AFTER_WRITING
from importer.recipe.written import Refused, read_chain, read_condition, read_value


def normalise(
    model: RecipeModel, document: Document, known: Definitions, params: Parameters, maps: Maps
) -> Recipe:
    """Return the normal form of a recipe in which nothing is wrong."""
    return _Normaliser(model, document, known, params, maps).recipe()


class _Normaliser:
    def __init__(
        self, model: RecipeModel, document: Document, known: Definitions, params: Parameters, maps: Maps
    ) -> None:
        self._model, self._document, self._root = model, document, document.root
        self._known, self._params, self._files = known, params, maps
        self._maps = {
            name: maps.tables[name]
            if name in maps.tables
            else self._value_table(self._root.at(("maps", name)))
            for name in model.maps or {}
        }

    def recipe(self) -> Recipe:
        model, document = self._model, self._document
        lookups, aliases = model.lookups or {}, model.aliases or {}
        return Recipe(
            path=document.path,
            shown=document.shown,
            version=model.recipe,
            steps=tuple(self._step(step, ("steps", number)) for number, step in enumerate(model.steps)),
            service=model.service,
            description=model.description,
            lookups={name: self._lookup(rule, ("lookups", name)) for name, rule in lookups.items()},
            lookup_places={name: self._root.key_place(("lookups", name)) for name in lookups},
            params=self._params.values,
            aliases={
                name: {
                    alias: self._alias(target, ("aliases", name, alias)) for alias, target in inner.items()
                }
                for name, inner in aliases.items()
            },
            alias_places={name: self._root.key_place(("aliases", name)) for name in aliases},
            mask=tuple((str(leaf.value), leaf.place) for leaf in _leaves(self._root.at(("mask",))))
            if model.mask
            else (),
            limits=self._limits(self._root),
            parts=(
                *((part.path, part.shown) for part in document.parts.values()),
                *self._files.files,
            ),
            other_lines={name: part.lines for name, part in document.parts.items()},
            warnings=self._files.warnings,
            unplanned=unplanned(document),
            lines=document.lines,
            fingerprint=hashlib.sha256(document.data).hexdigest(),
        )

    def _alias(self, target: object, path: NodePath) -> AliasRule:
        place = self._root.at(path).place
        if isinstance(target, CustomLabel):
            return AliasRule(place, label=target.label)
        return AliasRule(place, target=str(target))

    def _step(self, step: StepModel, path: NodePath) -> Step:
        node = self._root.at(path)
        match = node.at(("match",))
        return Step(
            place=node.place,
            places=_places(node),
            name=step.name or step.to,
            to=step.to,
            table=self._table(step, path),
            match=_match(step, match),
            fields=tuple(
                self._field(rule, name, (*path, "fields", name)) for name, rule in step.fields.items()
            ),
            description=step.description,
            split=None
            if step.split is None
            else SplitRule(node.at(("split", "column")).place, step.split.column, step.split.by),
            when=self._condition(node),
            type=step.type,
            under=None if step.under is None else self._field(step.under, "under", (*path, "under")),
            mode=step.mode,
            on_missing=step.on_missing or "error",
            on_duplicate=step.on_duplicate,
            then=tuple(self._calls(step, path)),
            absent=self._absent(step, path),
            expect=tuple(map(self._expectation, node.at(("expect",)).elements if step.expect else ())),
            limits=self._limits(node),
        )

    def _calls(self, step: StepModel, path: NodePath) -> Iterator[Call]:
        for number, call in enumerate(step.then or ()):
            here: NodePath = (*path, "then", number)
            node = self._root.at(here)
            yield Call(
                place=node.at(("call",)).place,
                places=_places(node),
                action=call.call,
                with_=self._rules(call.with_, (*here, "with"), AFTER_WRITING),
                on=call.on,
                when=self._condition(node, AFTER_WRITING),
            )

    def _absent(self, step: StepModel, path: NodePath) -> Absent | None:
        if step.absent is None:
            return None
        here: NodePath = (*path, "absent")
        return Absent(
            self._root.key_place(here),
            self._rules(step.absent.where, (*here, "where"), STATIC_NAMES),
            self._rules(step.absent.set_, (*here, "set"), STATIC_NAMES),
            bool(step.absent.delete),
        )

    def _expectation(self, node: Node) -> Expectation:
        that, told = node.get("that") or node, node.get("else")
        found = _expression(read_condition(self._document, that, TABLE_NAMES, self._known))
        return Expectation(that.place, found, None if told is None else str(told.value))

    def _limits(self, owner: Node) -> Limits | None:
        node = owner.get("limits")
        model = self._model.limits if owner is self._root else None
        if node is None:
            return None
        if model is None:
            number = next(n for n, step in enumerate(self._root.at(("steps",)).elements) if step is owner)
            model = self._model.steps[number].limits
        assert model is not None  # noqa: S101 - the node is there
        return Limits(node.place, model.update, model.create, model.delete, model.clear)

    def _rules(
        self, rules: Mapping[str, NarrowingModel] | None, path: NodePath, names: frozenset[str] = NAMES
    ) -> dict[str, Field]:
        return {name: self._field(rule, name, (*path, name), names) for name, rule in (rules or {}).items()}

    def _field(self, rule: NarrowingModel, name: str, path: NodePath, names: frozenset[str] = NAMES) -> Field:
        node = self._root.at(path)
        apply, default, table = node.get("apply"), node.get("default"), node.get("map")
        more: dict[str, Any] = {}
        if isinstance(rule, FieldModel):
            more = {
                "on_blank": rule.on_blank,
                "update": rule.update,
                "collection": rule.collection,
                "type": rule.type,
                "description": rule.description,
            }
        return Field(
            place=self._root.key_place(path),
            places=_places(node),
            property=name,
            origin=self._origin(rule, node, names),
            optional=rule.optional,
            apply=_expression(read_chain(self._document, apply, self._known)) if apply is not None else None,
            split=rule.split,
            map=self._map(table) if table is not None else None,
            format=rule.format,
            default=self._value(default, names) if default is not None else None,
            lookup=self._lookup(rule, path, names),
            **more,
        )

    def _value(self, node: Node, names: frozenset[str]) -> Constant | Expression:
        return _value(read_value(self._document, node, names, self._known))

    def _origin(self, rule: NarrowingModel, node: Node, names: frozenset[str]) -> Origin:
        if rule.column is None:
            return self._value(node.get("value") or node, names)
        headers = node.get("column") or node
        return Columns(headers.place, rule.column, tuple(leaf.place for leaf in _leaves(headers)))

    def _condition(self, owner: Node, names: frozenset[str] = NAMES) -> Expression | None:
        node = owner.get("when")
        if node is None:
            return None
        return _expression(read_condition(self._document, node, names, self._known))

    def _map(self, node: Node) -> ValueTable:
        return self._maps[node.value] if isinstance(node.value, str) else self._value_table(node)

    def _value_table(self, node: Node) -> ValueTable:
        entries = {word: self._value(item, NAMES | {"value"}) for word, item in node.items}
        default = entries.pop(EVERYTHING_ELSE, None)
        return ValueTable(node.place, tuple(entries.items()), default)

    def _lookup(self, rule: LookupModel, path: NodePath, names: frozenset[str] = NAMES) -> LookupRule:
        where = None if rule.where is None else self._rules(rule.where, (*path, "where"), names)
        create = None if rule.create is None else self._rules(rule.create, (*path, "create"), names)
        by = rule.by or ()
        return LookupRule(
            place=self._root.key_place(path),
            places=_places(self._root.at(path)),
            by=None if rule.by is None else tuple(name.removeprefix(INITIALS) for name in by),
            in_=rule.in_,
            where=where,
            row_of=rule.row_of,
            compare=rule.compare,
            on_missing=rule.on_missing,
            create=create,
            on_ambiguous=rule.on_ambiguous,
            initials=tuple(index for index, name in enumerate(by) if name.startswith(INITIALS)),
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
        nodes: dict[str, Node] = {}
        for layer, node in layers:
            for name in sorted(layer.model_fields_set - set(found)):
                found[name] = getattr(layer, name)
                nodes[name] = node.at((name,))
                places[name] = nodes[name].place
            when = when or self._condition(node)
        paths, named = self._paths(nodes["file"])
        found.update(when=when, file=paths, named=named)
        if "tree" in found:
            tree = found["tree"]
            found["tree"] = TreeRule(nodes["tree"].at(("column",)).place, tree.column, tree.by, tree.parent)
        if "unpivot" in found:
            unpivot = found["unpivot"]
            found["unpivot"] = UnpivotRule(
                nodes["unpivot"].at(("columns",)).place,
                tuple(unpivot.columns),
                isinstance(unpivot.columns, tuple),
                unpivot.name,
                unpivot.value,
            )
        folder = self._document.of(places["file"].file).path.parent
        return TableRule(place=layers[0][1].place, places=places, folder=folder, **found)

    def _paths(self, node: Node) -> tuple[tuple[str, ...], bool]:
        """Return the paths of a table, and whether the command line gave one of them."""
        found: list[str] = []
        named = False
        for leaf in _leaves(node):
            text = str(leaf.value)
            if text.startswith("="):
                path = _expression(read_condition(self._document, leaf, STATIC_NAMES, self._known))
                named = named or bool(self._params.given.intersection(path.params))
                text = static_text(path)
            found.append(text)
        return tuple(found), named

    def _chosen(self, table: TableModel, node: Node) -> tuple[TableModel, Node]:
        tables: Mapping[str, TableModel] = self._model.tables or {}
        if isinstance(node.value, str) and node.value in tables:
            return tables[node.value], self._root.at(("tables", node.value))
        return table, node


def static_text(expression: Expression) -> str:
    """Return the text of an expression that reads no row; empty where it has none."""
    from importer.recipe.expressions import (  # noqa: PLC0415 - few recipes have one
        ExpressionProblem,
        Scope,
        compile_expression,
        text_of,
    )

    try:
        return text_of(compile_expression(expression, {})(Scope("iso", datetime.now(UTC).date())))
    except ExpressionProblem:
        return ""


def _match(step: StepModel, node: Node) -> Match:
    """Return the alternatives: of properties, and of columns that are remembered."""
    remembered = tuple(
        Remembered(node.place, item.columns, position)
        for position, item in enumerate(step.match)
        if isinstance(item, RememberModel)
    )
    properties = tuple(item for item in step.match if not isinstance(item, RememberModel))
    places = {str(leaf.value): leaf.place for leaf in _leaves(node)}
    return Match(node.place, properties, places, remembered)


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
