"""The JSON Schema for editors agrees with what the importer accepts, both ways."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from importer.documents import parse_document
from importer.problems import ConfigurationError
from importer.recipe.models import KNOWN_KEYS
from importer.recipe.reading import parse_recipe
from importer.recipe.schema import recipe_schema
from tests.unit.recipe.recipe_texts import FLAT, WHOLE

COMMITTED = Path(__file__).parents[3] / "schemas" / "recipe-1.json"
VALIDATOR = Draft202012Validator(json.loads(recipe_schema()))
# Codes that only the whole recipe tells: no schema can.
BEYOND_A_SCHEMA = frozenset(
    {
        "expression",
        "unknown-name",
        "unknown-definition",
        "match-not-in-fields",
        "duplicate-key",
        "secret-in-recipe",
    }
)

TOP = "recipe: 1\nsource: a.xlsx\n{more}steps:\n  - to: Users\n    match: email\n{step}    fields:\n      email: E-mail\n{field}"


def _recipe(more: str = "", step: str = "", field: str = "") -> str:
    return TOP.format(
        more=more and more + "\n",
        step=step and "    " + step + "\n",
        field=field and "      name: " + field + "\n",
    )


GOOD = [
    FLAT,
    WHOLE,
    *(
        _recipe(field=rule)
        for rule in (
            "ФИО",
            "[A, B]",
            "8",
            "1.5",
            "true",
            "2026-01-01",
            "=row.A",
            '="x"',
            "=none",
            "{column: A}",
            "{value: 8}",
            "{value: 2026-01-01}",
            "{column: A, default: x}",
            "{column: A, map: {Да: true, Нет: 1, x: y}}",
            "{column: A, by: [a, b], in: Users, compare: exact, on_missing: create, on_ambiguous: blank}",
            "{column: A, where: {x: true, y: A, z: {column: B, by: c}}}",
            "{column: A, apply: trim, optional: true, on_blank: clear, update: never, description: d}",
        )
    ),
    *(
        _recipe(step=line)
        for line in (
            "when: row.A",
            "from: Sheet",
            "from: {sheet: 2, header: none}",
            "from: {header: 3, range: B4:}",
            "mode: create",
            "on_duplicate: first",
            "name: x",
            "description: d",
            "mode: update\n    on_missing: skip",
        )
    ),
    *(
        _recipe(more=line)
        for line in (
            "service: my-profile_1",
            "tables: {t: {sheet: A, blank: [], clean: false}}",
            "maps: {m: {a: 1}}",
            "lookups: {Users: {by: name}}",
            "description: d",
            "tables: {t: {file: [a, b], encoding: cp1251, delimiter: '\\t', locale: en, hidden: skip, when: row.A}}",
        )
    ),
    _recipe().replace("match: email", "match: {any: [email, [email]]}"),
    _recipe().replace("source: a.xlsx", "source: [a.xlsx, b.xlsx]"),
]
BAD = [
    "[]",
    "recipe: 2\nsteps: []",
    _recipe().replace("recipe: 1\n", ""),
    _recipe().replace("recipe: 1", "recipe: '1'"),
    "recipe: 1\nsource: a\n",
    *(
        _recipe(field=rule)
        for rule in (
            "[]",
            "[A, A]",
            "[A, 5]",
            '""',
            "{}",
            "{column: A, value: 1}",
            "{optional: true}",
            "{column: 5}",
            "{value: Text}",
            "{colum: A}",
            "{column: A, default: [1]}",
            "{column: A, map: {}}",
            "{column: A, map: {a: [1]}}",
            "{column: A, on_blank: no}",
            "{column: A, update: x}",
            "{column: A, on_missing: x}",
            "{column: A, on_ambiguous: first}",
            "{column: A, where: {}}",
            "{column: A, where: {a: {column: A, update: never}}}",
            "{column: A, where: {a: {}}}",
            "{column: A, compare: x}",
            "{column: A, optional: 1}",
            "{column: A, apply: ''}",
            "{column: A, by: []}",
            "{column: A, create: {}}",
            "{column: A, description: 5}",
        )
    ),
    *(
        _recipe(step=line)
        for line in (
            "when: 5",
            "from: 5",
            "from: [a]",
            "from: {sheet: 0}",
            "from: {header: [4]}",
            "from: {header: x}",
            "mode: x",
            "on_missing: skip",
            "mode: create\n    on_missing: skip",
            "on_duplicate: x",
            "name: ''",
            "split: x",
            "then: []",
            "expect: []",
        )
    ),
    *(
        _recipe(more=line)
        for line in (
            "service: https://x",
            "tables: {t: a.xlsx}",
            "tables: {t: {clean: 1}}",
            "tables: {t: {locale: '1.5'}}",
            "tables: {t: {delimiter: x}}",
            "tables: {t: {blank: [5]}}",
            "maps: {m: {}}",
            "maps: {m: [a.csv]}",
            "lookups: {Users: name}",
            "lookups: {Users: {x: y}}",
            "description: ''",
            "colour: red",
        )
    ),
    *(
        _recipe().replace("match: email", line)
        for line in (
            "match: []",
            "match: {any: []}",
            "match: {any: email}",
            "match: 5",
            "match: [email, email]",
        )
    ),
    _recipe().replace("source: a.xlsx", "source: 5"),
    _recipe().replace("source: a.xlsx", "source: []"),
    _recipe().replace("to: Users", "too: Users"),
]


def _schema_accepts(text: str) -> bool:
    data = parse_document(text, "r.yaml").root.data()
    return VALIDATOR.is_valid(json.loads(json.dumps(data, default=_json)))


def _json(value: object) -> object:
    return float(str(value)) if type(value).__name__ == "Decimal" else str(value)


def _importer_accepts(text: str) -> bool:
    try:
        parse_recipe(parse_document(text, "r.yaml"))
    except ConfigurationError as error:
        return all(problem.code in BEYOND_A_SCHEMA for problem in error.problems)
    return True


@pytest.mark.parametrize("text", GOOD)
def test_both_accept(text: str) -> None:
    """What the importer reads has no red line in an editor."""
    assert _importer_accepts(text)
    assert _schema_accepts(text)


@pytest.mark.parametrize("text", BAD)
def test_both_refuse(text: str) -> None:
    """What the importer refuses for its shape has a red line in an editor."""
    assert not _importer_accepts(text)
    assert not _schema_accepts(text)


def test_committed_schema_is_the_language() -> None:
    """The committed file is what the models say; make it again when this fails."""
    assert COMMITTED.read_text(encoding="utf-8") == recipe_schema()


def test_schema_is_a_schema() -> None:
    """Editors can read it: JSON Schema 2020-12, every key with a hover text."""
    schema = json.loads(recipe_schema())
    Draft202012Validator.check_schema(schema)

    for model in ("field", "step", "table", "lookup"):
        for key, value in schema["$defs"][model]["properties"].items():
            assert value["description"], (model, key)
    assert set(schema["properties"]) == set(KNOWN_KEYS[""])
    assert '"null"' not in recipe_schema()
