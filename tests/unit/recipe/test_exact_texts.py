"""The exact words and the exact place of every problem that reading a recipe finds: recipe-language.md §13."""

import pytest

from importer.documents import parse_document
from importer.problems import ConfigurationError
from importer.recipe.reading import parse_recipe

GOOD = """\
recipe: 1
source: a.xlsx
steps:
  - to: Users
    match: email
    fields:
      email: E-mail
"""

CODES = (
    "duplicate-key",
    "empty-value",
    "expression",
    "file-missing",
    "key-conflict",
    "match-not-in-fields",
    "missing-key",
    "recipe-version",
    "secret-in-recipe",
    "unknown-definition",
    "unknown-key",
    "unknown-name",
    "wrong-type",
    "yaml-feature",
    "yaml-syntax",
    "yaml-template",
)


def top(line: str) -> str:
    """The recipe with a key more at its end, in line 8."""
    return f"{GOOD}{line}\n"


def step(line: str) -> str:
    """The recipe with a key more in its step, in line 8."""
    return f"{GOOD}    {line}\n"


def field(line: str) -> str:
    """The recipe with a field more, in line 8."""
    return f"{GOOD}      {line}\n"


def instead(old: str, new: str) -> str:
    """The recipe with something else in one place."""
    return GOOD.replace(old, new)


# A row: the code, the recipe, and what is told (place, message, advice).
CASES = [
    (
        "yaml-syntax",
        field("name: Дата: начало"),
        (
            "recipe.yaml:8:17",
            "YAML cannot be read here: mapping values are not allowed here.",
            'Texts with ": " or " #" need quotes: "Дата: начало"; in {…} and […] also those with brackets, braces or commas',
        ),
    ),
    (
        "yaml-syntax",
        field("name: [ФИО"),
        (
            "recipe.yaml:8:13",
            "YAML cannot be read here: expected ',' or ']', but got '<stream end>'.",
            'Texts with ": " or " #" need quotes: "Дата: начало"; in {…} and […] also those with brackets, braces or commas',
        ),
    ),
    (
        "yaml-template",
        field("name: {{ row.ФИО }}"),
        ("recipe.yaml:8:13", "`{{ … }}` is not used in recipes.", "Write `=row.ФИО`"),
    ),
    (
        "yaml-feature",
        instead("email: E-mail", "email: &mail E-mail"),
        (
            "recipe.yaml:7:14",
            "Anchors, aliases, merge keys and tags are not used in recipes: `&mail`.",
            "Share parts with `maps`, `tables` and `lookups`; a text that begins with & * or ! needs quotes",
        ),
    ),
    (
        "yaml-feature",
        field("name: *mail"),
        (
            "recipe.yaml:8:13",
            "Anchors, aliases, merge keys and tags are not used in recipes: `*mail`.",
            "Share parts with `maps`, `tables` and `lookups`; a text that begins with & * or ! needs quotes",
        ),
    ),
    (
        "yaml-feature",
        field("name: !!str 5"),
        (
            "recipe.yaml:8:13",
            "Anchors, aliases, merge keys and tags are not used in recipes: `!!str`.",
            "Share parts with `maps`, `tables` and `lookups`; a text that begins with & * or ! needs quotes",
        ),
    ),
    (
        "yaml-feature",
        field("<<: {}"),
        (
            "recipe.yaml:8:7",
            "Anchors, aliases, merge keys and tags are not used in recipes: `<<`.",
            "Share parts with `maps`, `tables` and `lookups`; a text that begins with & * or ! needs quotes",
        ),
    ),
    (
        "duplicate-key",
        field("email: Mail"),
        ("recipe.yaml:8:7", '"email" is here twice (first at line 7).', "Remove one of them"),
    ),
    (
        "duplicate-key",
        top("maps: {yes_no: {Да: true, да : false}}"),
        (
            "recipe.yaml:8:27",
            '"да" is the same word as "Да" (line 8): case, spaces and ё/е do not count.',
            "Remove one of them",
        ),
    ),
    (
        "unknown-key",
        top("tabels: {a: {sheet: A}}"),
        ("recipe.yaml:8:1", '"tabels" is not a key of the recipe.', 'Did you mean "tables" (0.83)?'),
    ),
    (
        "unknown-key",
        step("mach: email"),
        ("recipe.yaml:8:5", '"mach" is not a key of steps[1].', 'Did you mean "match" (0.89)?'),
    ),
    (
        "unknown-key",
        field("name: {colum: ФИО}"),
        (
            "recipe.yaml:8:14",
            '"colum" is not a key of steps[1].fields.name.',
            'Did you mean "column" (0.91)?',
        ),
    ),
    ("unknown-key", top("colour: red"), ("recipe.yaml:8:1", '"colour" is not a key of the recipe.', "")),
    ("missing-key", instead("    match: email\n", ""), ("recipe.yaml:4:5", 'steps[1] needs "match".', "")),
    ("missing-key", instead("recipe: 1\n", ""), ("recipe.yaml:1:1", 'the recipe needs "recipe".', "")),
    (
        "missing-key",
        instead("source: a.xlsx\n", ""),
        (
            "recipe.yaml:3:5",
            'The step "Users" reads no file.',
            "Write `source: book.xlsx` at the top, or `file` in the table",
        ),
    ),
    (
        "missing-key",
        field("name: {optional: true}"),
        ("recipe.yaml:8:7", 'steps[1].fields.name needs "column".', ""),
    ),
    (
        "wrong-type",
        step("mode: upsrt"),
        (
            "recipe.yaml:8:11",
            '"mode" takes upsert, create, update; this is the text "upsrt".',
            'Did you mean "upsert" (0.91)?',
        ),
    ),
    (
        "wrong-type",
        field("name: 5x\n      level: {column: 5}"),
        (
            "recipe.yaml:9:23",
            '"column" takes a text or a list of texts; this is the value 5.',
            'A text that looks like a number, a date, true or false needs quotes: "5"',
        ),
    ),
    (
        "wrong-type",
        top("limits: {create: 5%}"),
        ("recipe.yaml:8:18", '"create" takes a whole number; this is the text "5%".', ""),
    ),
    (
        "key-conflict",
        field("name: {column: A, value: =row.B}"),
        ("recipe.yaml:8:13", "`column`, `value` cannot stand together: a field has one origin.", ""),
    ),
    (
        "key-conflict",
        step("on_missing: skip"),
        (
            "recipe.yaml:4:5",
            "`on_missing`, `mode: upsert` cannot stand together: `on_missing` of a step goes with `mode: update`.",
            "",
        ),
    ),
    (
        "empty-value",
        field("name:"),
        (
            "recipe.yaml:8:7",
            '"name:" has no value.',
            "Write `=none` to clear the property, or remove the line to keep it",
        ),
    ),
    (
        "recipe-version",
        instead("recipe: 1", "recipe: 2"),
        (
            "recipe.yaml:1:9",
            "This recipe speaks version 2; this importer speaks 1.",
            "Use a newer importer, or write `recipe: 1`",
        ),
    ),
    (
        "secret-in-recipe",
        top("password: hunter2"),
        (
            "recipe.yaml:8:1",
            "`password` looks like a credential.",
            "Credentials live in the environment, and the profile names them; a recipe is mailed around",
        ),
    ),
    (
        "secret-in-recipe",
        top("service: https://me:hunter2@host/"),
        (
            "recipe.yaml:8:10",
            "This text looks like a credential.",
            "Credentials live in the environment, and the profile names them; a recipe is mailed around",
        ),
    ),
    (
        "expression",
        field("name: =row.A |"),
        ("recipe.yaml:8:21", "The expression ends too early, at character 8: `row.A |`.", ""),
    ),
    (
        "unknown-name",
        field("name: =row.A | lft(2)"),
        ("recipe.yaml:8:22", '"lft" is no filter of expressions.', 'Did you mean "left" (0.86)?'),
    ),
    (
        "expression",
        field("name: =row."),
        ("recipe.yaml:8:18", "The expression ends too early, at character 5: `row.`.", ""),
    ),
    (
        "unknown-name",
        field("name: =ФИО"),
        ("recipe.yaml:8:14", '"ФИО" is not known in expressions here.', "Columns are written `row.ФИО`"),
    ),
    (
        "unknown-definition",
        field("name: =params.x"),
        ("recipe.yaml:8:21", 'There is no parameter "x" in `params`.', ""),
    ),
    (
        "unknown-definition",
        field("name: {column: A, map: billing}"),
        ("recipe.yaml:8:30", 'There is no value table "billing" in `maps`.', ""),
    ),
    (
        "unknown-definition",
        top("maps: {billing: {a: b}}").replace("E-mail", "{column: E-mail, map: biling}"),
        ("recipe.yaml:7:36", 'There is no value table "biling" in `maps`.', 'Did you mean "billing" (0.92)?'),
    ),
    (
        "unknown-definition",
        field("name: {column: A, row_of: User, by: B}"),
        ("recipe.yaml:8:33", 'There is no step "User".', 'Did you mean "Users" (0.89)?'),
    ),
    (
        "match-not-in-fields",
        instead("match: email", "match: emial"),
        ("recipe.yaml:5:12", "`match` uses emial, which is not in `fields`.", 'Nearest: "email" (0.80)'),
    ),
    (
        "file-missing",
        top("maps: {a: maps/a.csv}"),
        ("recipe.yaml:8:11", 'There is no file "maps/a.csv".', ""),
    ),
    (
        "file-missing",
        top("include: [parts.yaml]"),
        ("recipe.yaml:8:11", 'There is no file "parts.yaml".', ""),
    ),
    (
        "duplicate-key",
        top("filters: {upper: value}"),
        ("recipe.yaml:8:11", '"upper" is a filter of the language already.', "Give yours another name"),
    ),
]


@pytest.mark.parametrize(
    ("code", "text", "told"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)]
)
def test_words_and_place(code: str, text: str, told: tuple[str, str, str]) -> None:
    """Whoever makes this mistake is told where, what is wrong, and what would mend it; and nothing else."""
    with pytest.raises(ConfigurationError) as caught:
        parse_recipe(parse_document(text, "recipe.yaml"))

    assert [
        (problem.code, str(problem.place), problem.message(), problem.advice())
        for problem in caught.value.problems
    ] == [(code, *told)]


def test_every_code_has_its_words() -> None:
    """No code of the language is without an example here."""
    assert {code for code, _, _ in CASES} == set(CODES)
