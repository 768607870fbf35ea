"""What people see of the schemas in an editor: asked of the language server that editors use for YAML."""

import re
from collections.abc import Iterator

import pytest

from importer.jobs.knowing import service_schema
from importer.recipe.schema import recipe_schema
from tests.building import STAFF, TIMETTA
from tests.house.generating import ROOT, TABLES
from tests.servers.editing import Editor, editor
from tests.servers.starting import need_editor
from tests.unit.planner.test_examples import EXAMPLES, northwind, timetta
from tests.unit.recipe.recipe_texts import FLAT, WHOLE

ALONE = "# yaml-language-server: $schema=recipe-1.json\nrecipe: 1\nsource: staff.xlsx\n"
KNOWING = ALONE.replace("recipe-1", "timetta")
STEP = "steps:\n  - to: Users\n    match: email\n    fields:\n"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor in a folder with the schema of the language, and those that know a service."""
    need_editor()
    folder = tmp_path_factory.mktemp("editing")
    (folder / "recipe-1.json").write_text(recipe_schema(), "utf-8")
    for name, opened in (("timetta", timetta), ("northwind", northwind)):
        with opened() as service:
            (folder / f"{name}.json").write_text(service_schema(service), "utf-8")
    with editor(folder) as found:
        yield found


def test_completion_offers_the_keys(window: Editor) -> None:
    """On a new line of a step its keys are offered, each with its sentence; those that are there are not."""
    found = window.offered(f"{ALONE}steps:\n  - to: Users\n    |\n")

    assert {"match", "fields", "mode", "when", "on_duplicate"} <= found.keys()
    assert "to" not in found
    assert found["fields"] == "Property → rule: what to write. Every property of `match` must be among them."


def test_completion_offers_the_words(window: Editor) -> None:
    """Where few words are allowed, they are offered."""
    assert window.offered(f"{ALONE}steps:\n  - to: Users\n    mode: |\n").keys() >= {
        "upsert",
        "create",
        "update",
    }
    assert window.offered(f"{ALONE}{STEP}      name: {{column: A, on_blank: |}}\n").keys() >= {
        "keep",
        "clear",
    }


def test_completion_offers_the_keys_of_a_rule(window: Editor) -> None:
    """Under a property, on a line of its own, the keys of the long form are offered."""
    assert {"column", "value", "by", "optional"} <= window.offered(
        f"{ALONE}{STEP}      name:\n        |\n"
    ).keys()


def test_completion_offers_entity_sets(window: Editor) -> None:
    """`to` offers the service's entity sets, and the collections inside of them."""
    assert {"Users", "Departments", "Projects"} <= window.offered(f"{KNOWING}steps:\n  - to: |\n").keys()
    northwind_like = ALONE.replace("recipe-1", "northwind")
    assert {"People", "People/Trips"} <= window.offered(f"{northwind_like}steps:\n  - to: |\n").keys()


@pytest.mark.parametrize("before", ["", "      name: ФИО\n"])
def test_completion_offers_the_properties(window: Editor, before: str) -> None:
    """Inside `fields:` the properties of the set are offered, and of no other; each tells what it is."""
    found = window.offered(f"{KNOWING}{STEP}{before}      |\n")

    assert {"email", "department", "supervisor", "position"} <= found.keys()
    assert "billingType" not in found
    assert found["department"].startswith("Departments")
    assert ("name" in found) == (not before)


def test_completion_offers_properties_to_find_by(window: Editor) -> None:
    """`by` and `where` offer the properties of the set that the reference leads to, `match` and `lookups` those of theirs."""
    by = window.offered(f"{KNOWING}{STEP}      department: {{column: A, by: |}}\n")
    where = window.offered(
        f"{KNOWING}{STEP}      department:\n        column: A\n        where:\n          |\n"
    )
    match = window.offered(f"{KNOWING}steps:\n  - to: Users\n    match: |\n")
    lookups = window.offered(f"{KNOWING}lookups:\n  Departments:\n    by: |\n")

    assert {"name", "code"} <= by.keys() & where.keys() & lookups.keys()
    assert "email" not in by.keys() | where.keys() | lookups.keys()
    assert {"email", "department"} <= match.keys()


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("so|urce: a.xlsx\n", "recipe", "source"),
        ("lo|okups: {Users: {by: name}}\n", "recipe", "lookups"),
        ("source: {file: a.csv, en|coding: cp1251}\n", "table", "encoding"),
        ("steps:\n  - to: Users\n    m|atch: email\n", "step", "match"),
        ("steps:\n  - to: Users\n    mo|de: create\n", "step", "mode"),
        ("steps:\n  - to: Users\n    fie|lds: {name: A}\n", "step", "fields"),
        (f"{STEP}      name: {{col|umn: A}}\n", "field", "column"),
        (f"{STEP}      name: {{column: A, on_bl|ank: keep}}\n", "field", "on_blank"),
        (f"{STEP}      name: {{column: A, b|y: name}}\n", "lookup", "by"),
        ("limits: {up|date: 20%}\n", "limits", "update"),
    ],
)
def test_hovering_shows_the_sentence(window: Editor, text: str, name: str, key: str) -> None:
    """Over a key stands its sentence of the reference, with the service's schema as without."""
    model = TABLES[name][0]
    sentence = next(
        info.description for field, info in model.model_fields.items() if (info.alias or field) == key
    )
    assert sentence is not None

    for head in ("recipe-1", "timetta"):
        shown = window.hovering(f"# yaml-language-server: $schema={head}.json\nrecipe: 1\n{text}")
        assert _plain(sentence) in _plain(shown)


def _plain(text: str) -> str:
    """Return a text without the marks of Markdown, which the server adds to what has none."""
    return re.sub(r"[\\`]", "", text)


@pytest.mark.parametrize("rule", ["ФИО", "{column: ФИО, update: never}", "=row.ФИО", "[ФИО, Имя]"])
def test_hovering_shows_the_property(window: Editor, rule: str) -> None:
    """Over a property stands what it is, whatever its rule looks like."""
    shown = window.hovering(f"{KNOWING}{STEP}      na|me: {rule}\n")

    assert "String" in shown
    assert "required to create" in shown
    assert "Имя" in shown


@pytest.mark.parametrize("schema", ["recipe-1", "timetta"])
def test_a_wrong_key_is_underlined(window: Editor, schema: str) -> None:
    """The key itself, on its line, at every depth; nothing else."""
    found = window.underlined(
        f"# yaml-language-server: $schema={schema}.json\n"
        "recipe: 1\n"
        "source: {file: a.xlsx, sheat: A}\n"
        "colour: red\n"
        "steps:\n"
        "  - to: Users\n"
        "    match: email\n"
        "    mood: create\n"
        "    fields:\n"
        "      email: E-mail\n"
        "      name: {column: ФИО, optionl: true}\n"
        "      department: {column: A, by: name, on_mising: skip}\n"
    )

    assert sorted((line, words) for line, words, _ in found) == [
        (3, "sheat"),
        (4, "colour"),
        (8, "mood"),
        (11, "optionl"),
        (12, "on_mising"),
    ]


def test_a_wrong_first_key_is_underlined(window: Editor) -> None:
    """Also when it is the only one of its rule."""
    found = window.underlined(f"{ALONE}{STEP}      email: {{colum: E-mail}}\n")

    assert (8, "colum") in [(line, words) for line, words, _ in found]
    assert {line for line, *_ in found} == {8}


def test_a_wrong_property_is_underlined(window: Editor) -> None:
    """A property that the set does not have, a set that the service does not have, each on its line."""
    found = window.underlined(
        f"{KNOWING}steps:\n  - to: Users\n    match: email\n    fields:\n      email: E-mail\n      e_mail: E-mail\n"
        "  - to: Departmens\n    match: name\n    fields:\n      name: Отдел\n"
    )

    assert sorted({line for line, *_ in found}) == [9, 10]
    assert "Departments" in next(message for line, _, message in found if line == 10)


def test_a_wrong_word_is_underlined(window: Editor) -> None:
    """A value that is none of the allowed words, and a value of the wrong kind."""
    found = window.underlined(
        f"{ALONE}{STEP}      email: {{column: A, update: sometimes}}\n      name: {{column: 5}}\n"
    )

    assert {(line, words) for line, words, _ in found} == {(8, "sometimes"), (9, "5")}


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("recipe-1", FLAT),
        ("recipe-1", WHOLE),
        ("timetta", (ROOT / "samples" / "onboarding" / "onboarding.yaml").read_text("utf-8")),
        ("timetta", STAFF.format(**TIMETTA)),
        *(("timetta", (EXAMPLES / f"{name}.yaml").read_text("utf-8")) for name in ("flat", "accounting")),
        *(("northwind", (EXAMPLES / f"{name}.yaml").read_text("utf-8")) for name in ("northwind", "trippin")),
    ],
)
def test_nothing_is_underlined_in_a_right_recipe(window: Editor, schema: str, text: str) -> None:
    """Every recipe that `check` takes is free of red lines, short forms and long ones."""
    body = "\n".join(line for line in text.splitlines() if not line.startswith("# yaml-language-server:"))

    assert window.underlined(f"# yaml-language-server: $schema={schema}.json\n{body}\n") == []


@pytest.mark.parametrize("schema", ["recipe-1", "timetta"])
def test_short_forms_are_not_underlined(window: Editor, schema: str) -> None:
    """A header, a list of headers, an expression, constants, an alias of the recipe's own."""
    found = window.underlined(
        f"# yaml-language-server: $schema={schema}.json\n"
        "recipe: 1\nsource: [a.xlsx, b.xlsx]\naliases: {Users: {inn: stringValue3}}\n"
        "steps:\n  - from: Люди\n    to: Users\n    match: {any: [email, [name, code]]}\n    fields:\n"
        "      email: [E-mail, Почта]\n      name: =row.Фамилия ~ ' ' ~ row.Имя\n      code: 8\n      isActive: true\n"
        "      firstWorkDay: 2026-01-01\n      department: Отдел\n      supervisor: =none\n      inn: ИНН\n"
        '      position: ="Инженер"\n'
    )

    assert found == []
