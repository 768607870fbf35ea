"""Mistakes in a recipe: each at its line and column, all in one run."""

import pytest

from importer.documents import parse_document
from importer.problems import ConfigurationError, Problem
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


def problems_of(text: str) -> tuple[Problem, ...]:
    """Return the problems of a recipe."""
    with pytest.raises(ConfigurationError) as caught:
        parse_recipe(parse_document(text, "r.yaml"))
    return caught.value.problems


def told(text: str) -> list[str]:
    """Return the problems of a recipe, `line:column code` each."""
    return [f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in problems_of(text)]


def with_step(lines: str) -> str:
    """Return a recipe whose step has more lines; they begin at line 8."""
    return GOOD + "".join(f"    {line}\n" for line in lines.splitlines())


def with_field(lines: str) -> str:
    """Return a recipe with more fields; they begin at line 8."""
    return GOOD + "".join(f"      {line}\n" for line in lines.splitlines())


def with_top(lines: str) -> str:
    """Return a recipe with more keys at its end; they begin at line 8."""
    return GOOD + lines + "\n"


def test_good_recipe_has_none() -> None:
    """The recipe that the others are made of has no problem."""
    assert parse_recipe(parse_document(GOOD, "r.yaml")).steps[0].to == "Users"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        # the whole
        ("", ["1:1 wrong-type"]),
        ("- a\n", ["1:1 wrong-type"]),
        ("text\n", ["1:1 wrong-type"]),
        ("recipe: 2\nsource: a.xlsx\nsteps: []\n", ["1:9 recipe-version", "3:8 wrong-type"]),
        (GOOD.replace("recipe: 1", 'recipe: "1"'), ["1:9 wrong-type"]),
        (GOOD.replace("recipe: 1", "recipe: true"), ["1:9 wrong-type"]),
        (GOOD.replace("recipe: 1\n", ""), ["1:1 missing-key"]),
        (GOOD.replace("recipe: 1\n", "") + "recipe: 1\n", ["7:1 recipe-version"]),
        ("recipe: 1\n", ["1:1 missing-key"]),
        (with_top("colour: red"), ["8:1 unknown-key"]),
        (with_top("params: {a: 1}"), []),
        (with_top("include: [a.yaml]"), ["8:11 file-missing"]),
        (with_top("include: [../../a.yaml]"), ["8:11 file-missing"]),
        (with_top("aliases: {Users: {inn: 5}}"), ["8:24 wrong-type"]),
        (with_top("aliases: {Users: {inn: {label: x}}}"), ["8:25 unknown-key"]),
        (with_top("aliases: {Users: inn}"), ["8:18 wrong-type"]),
        (with_top("filters: {f: value |}"), ["8:21 expression"]),
        (with_top("filters: {f: row.A}"), ["8:14 unknown-name"]),
        (with_top("filters: {upper: value}"), ["8:11 duplicate-key"]),
        (with_top('filters: {"a b": value}'), ["8:11 wrong-type"]),
        (with_top("filters: {f: value | g, g: value | f}"), ["8:11 expression", "8:25 expression"]),
        (with_top("limits: {update: many, creat: 5}"), ["8:18 wrong-type", "8:24 unknown-key"]),
        (with_top("limits: {create: 5%}"), ["8:18 wrong-type"]),
        (with_top("mask: {a: b}"), ["8:7 wrong-type"]),
        (with_top("params: {a: {type: colour}}"), ["8:20 wrong-type"]),
        (with_top("params: {a: {type: number, default: x}}"), ["8:37 wrong-type"]),
        (with_top("params: {a: {required: true}}"), ["8:10 missing-key"]),
        (with_top("params: {api_token: {type: text}}"), ["8:10 secret-in-recipe"]),
        (with_top("params: {a: =today}"), ["8:13 wrong-type"]),
        (with_top("service: https://host/odata"), ["8:10 wrong-type"]),
        (with_top("service:"), ["8:1 empty-value"]),
        (with_top("description: 5"), ["8:14 wrong-type"]),
        # tables
        (GOOD.replace("source: a.xlsx\n", ""), ["3:5 missing-key"]),
        (GOOD.replace("source: a.xlsx", "source: {sheet: A}"), ["4:5 missing-key"]),
        (GOOD.replace("source: a.xlsx", "source: =params.file"), ["2:17 unknown-definition"]),
        (GOOD.replace("source: a.xlsx", "source: [a.xlsx, =b]"), ["2:19 unknown-name"]),
        (GOOD.replace("source: a.xlsx", "source: =row.A"), ["2:10 unknown-name"]),
        (GOOD.replace("source: a.xlsx", "source: [a.xlsx, 5]"), ["2:18 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, header: [4, 3]}"), ["2:27 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, header: 0}"), ["2:27 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, header: true}"), ["2:27 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, locale: klingon}"), ["2:27 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, delimiter: x}"), ["2:30 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, sheet: -1}"), ["2:26 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, clean: yes}"), ["2:26 wrong-type"]),
        (GOOD.replace("source: a.xlsx", "source: {file: a, hidden: hide}"), ["2:27 wrong-type"]),
        (GOOD.replace("source: a.xlsx", 'source: {file: a, blank: ["-", 0]}'), ["2:32 wrong-type"]),
        (
            GOOD.replace(
                "source: a.xlsx", "source: {file: a, timezone: Europa/Moscow, tree: {}, unpivot: {}}"
            ),
            [
                "2:29 wrong-type",
                "2:44 missing-key",
                "2:44 missing-key",
                "2:44 missing-key",
                "2:54 missing-key",
                "2:54 missing-key",
                "2:54 missing-key",
            ],
        ),
        (
            GOOD.replace("source: a.xlsx", "source: {file: a, tree: {column: A, by: colour, parent: B}}"),
            ["2:41 wrong-type"],
        ),
        (
            GOOD.replace("source: a.xlsx", "source: {file: a, unpivot: {columns: A-B, name: x, value: y}}"),
            ["2:38 wrong-type"],
        ),
        (GOOD.replace("source: a.xlsx", "source: {file: a, when: row.A ~}"), ["2:32 expression"]),
        (with_top("tables: {t: b.xlsx}"), ["8:13 wrong-type"]),
        (with_top("tables: {t: {sheet: A, when: foo}}"), ["8:30 unknown-name"]),
        (with_step("from: 5"), ["8:11 wrong-type"]),
        (with_step("from: [a]"), ["8:11 wrong-type"]),
        (with_step("from: {sheet: A, hedaer: 3}"), ["8:22 unknown-key"]),
        # steps
        ("recipe: 1\nsource: a\nsteps:\n  - Users\n", ["4:5 wrong-type"]),
        (
            "recipe: 1\nsource: a\nsteps:\n  - name: x\n",
            ["4:5 missing-key", "4:5 missing-key", "4:5 missing-key"],
        ),
        (with_step("mode: upsrt"), ["8:11 wrong-type"]),
        (with_step("on_missing: skip"), ["4:5 key-conflict"]),
        (with_step("mode: create\non_missing: skip"), ["4:5 key-conflict"]),
        (with_step("mode: update\non_missing: blank"), ["9:17 wrong-type"]),
        (with_step("on_duplicate: any"), ["8:19 wrong-type"]),
        (with_step("when: row.A >"), ["8:18 expression"]),
        (with_step('when: ""'), ["8:11 wrong-type"]),
        (with_step("split: {column: A}"), ["8:5 missing-key"]),
        (with_step("under: A"), ["8:5 key-conflict"]),
        (GOOD.replace("to: Users", "to: People/Trips"), ["4:9 missing-key"]),
        (with_step("then: []"), ["8:11 wrong-type"]),
        (with_step("then: [{on: create}]"), ["8:12 missing-key"]),
        (with_step("then: [{call: A, on: always}]"), ["8:12 missing-key"]),
        (with_step("then: [{call: A, when: befor.x}]"), ["8:28 unknown-name"]),
        (with_step("then: [{call: A, when: before.state != after.state, with: {p: row.A}}]"), []),
        (with_step("absent: {}"), ["8:5 missing-key"]),
        (with_step("absent: {where: {a: true}}"), ["8:5 missing-key"]),
        (with_step("absent: {where: {a: true}, set: {b: false}, delete: true}"), ["8:13 key-conflict"]),
        (with_step("absent: {where: {a: =row.A}, delete: true}"), ["8:26 unknown-name"]),
        (
            with_step("expect: [rows >, {that: sum(A)}, {els: x}]"),
            ["8:20 expression", "8:33 unknown-name", "8:39 unknown-key"],
        ),
        (with_step("""expect: [rows > 0, 'sum("A") == 5', {that: 'unique("A", "B")', else: x}]"""), []),
        (with_step("limits: {update: 20%, create: 5}"), []),
        (GOOD.replace("match: email", "match: emial"), ["5:12 match-not-in-fields"]),
        (GOOD.replace("match: email", "match: [email, nmae]"), ["5:20 match-not-in-fields"]),
        (GOOD.replace("match: email", "match: {any: [email, [email, code]]}"), ["5:34 match-not-in-fields"]),
        (GOOD.replace("match: email", "match: {remember: Код}"), []),
        (GOOD.replace("match: email", "match: {any: [email, {rember: Код}]}"), ["5:27 unknown-key"]),
        (GOOD.replace("match: email", "match: {all: [email]}"), ["5:13 unknown-key"]),
        (GOOD.replace("match: email", "match: {any: email}"), ["5:12 wrong-type"]),
        (GOOD.replace("match: email", "match: {any: []}"), ["5:12 wrong-type"]),
        (GOOD.replace("match: email", "match: [email, email]"), ["5:20 wrong-type"]),
        (GOOD.replace("match: email", "match: []"), ["5:12 wrong-type"]),
        (GOOD.replace("match: email", "match:"), ["5:5 empty-value"]),
        (GOOD.replace("match: email", "match: [email, ~]"), ["5:20 empty-value"]),
        (GOOD + GOOD[GOOD.index("  - to") :], ["8:9 duplicate-key"]),
        (
            GOOD
            + GOOD[GOOD.index("  - to") :]
            .replace("to: Users", "{to: A, name: Users, match: a, fields: {a: A}}")
            .split("    match")[0],
            ["8:19 duplicate-key"],
        ),
        # fields
        (GOOD.replace("      email: E-mail\n", "      {}\n"), ["7:7 wrong-type"]),
        (with_field("name:"), ["8:7 empty-value"]),
        (with_field("name: {column: A, value: =row.B}"), ["8:13 key-conflict"]),
        (with_field("name: {optional: true}"), ["8:7 missing-key"]),
        (with_field("name: {colum: A}"), ["8:14 unknown-key"]),
        (with_field("name: {column: A, format: x}"), ["8:33 wrong-type"]),
        (with_field("name: {column: A, collection: all}"), ["8:37 wrong-type"]),
        (with_field("name: {column: A, row_of: a, by: B}"), ["8:33 unknown-definition"]),
        (with_field("name: {column: A, create: {x: B}}"), ["8:25 key-conflict"]),
        (with_field("name: {column: A, split: ''}"), ["8:32 wrong-type"]),
        (with_field("name: {column: 5}"), ["8:22 wrong-type"]),
        (with_field("name: {column: [A, 5]}"), ["8:26 wrong-type"]),
        (with_field("name: [A, {b: c}]"), ["8:18 unknown-key"]),
        (with_field("name: [A, [B]]"), ["8:17 wrong-type"]),
        (with_field("name: []"), ["8:13 wrong-type"]),
        (with_field("name: {value: Text}"), ["8:21 wrong-type"]),
        (with_field("name: {value: [1]}"), ["8:21 wrong-type"]),
        (with_field("name: {column: A, default: [1]}"), ["8:34 wrong-type"]),
        (with_field("name: {column: A, optional: maybe}"), ["8:35 wrong-type"]),
        (with_field("name: {column: A, on_blank: null_it}"), ["8:35 wrong-type"]),
        (with_field("name: {column: A, update: sometimes}"), ["8:33 wrong-type"]),
        (with_field("name: =row.A | uper"), ["8:22 unknown-name"]),
        (with_field("name: '=row.A | ''x'''"), ["8:23 expression"]),
        (with_field("name: =foo\nnick: =bar()"), ["8:14 unknown-name", "9:14 unknown-name"]),
        (with_field("name: =params.x"), ["8:21 unknown-definition"]),
        (with_field("name: =value"), ["8:14 unknown-name"]),
        (with_field("name: ="), ["8:14 expression"]),
        (with_field("name: {column: A, apply: 'title | lft(2)'}"), ["8:41 unknown-name"]),
        (with_field("name: {column: A, apply: =value | uper}"), ["8:41 unknown-name"]),
        (with_field("name: {column: A, default: =foo}"), ["8:35 unknown-name"]),
        (with_field("name: {column: A, map: billing}"), ["8:30 unknown-definition"]),
        (with_field("name: {column: A, map: maps/a.csv}"), ["8:30 unknown-definition"]),
        (with_field("name: {column: A, map: {}}"), ["8:30 wrong-type"]),
        (with_field("name: {column: A, map: {a: [1]}}"), ["8:34 wrong-type"]),
        (with_field("name: {column: A, map: {a: =foo}}"), ["8:35 unknown-name"]),
        (with_field("name: {column: A, map: {Да: 1, да : 2}}"), ["8:38 duplicate-key"]),
        (with_field("name: {column: A, by: [{initial: name}]}"), ["8:31 unknown-key"]),
        (with_field("name: {column: A, on_missing: none}"), ["8:37 wrong-type"]),
        (with_field("name: {column: A, on_ambiguous: first}"), ["8:39 wrong-type"]),
        (with_field("name: {column: A, compare: fuzzy}"), ["8:34 wrong-type"]),
        (
            with_field("name: {column: A, where: {x: =foo, y: {colum: A}, z:}}"),
            ["8:37 unknown-name", "8:46 unknown-key", "8:57 empty-value"],
        ),
        (with_field("name: {column: A, where: {x: {column: A, update: never}}}"), ["8:48 unknown-key"]),
        (with_field("name: {column: A, where: {}}"), ["8:32 wrong-type"]),
        # maps and lookups
        (with_top("maps: {a: maps/a.csv}"), ["8:11 file-missing"]),
        (with_top("maps:\n  a:\n    Ёж: 1\n    еж: 2"), ["11:5 duplicate-key"]),
        (with_top("maps: {a: {x: =foo | uper}}"), ["8:16 unknown-name", "8:22 unknown-name"]),
        (with_top("maps: {a: {x: ~}}"), ["8:12 empty-value"]),
        (with_top("lookups: {Users: {bye: name}}"), ["8:19 unknown-key"]),
        (with_top("lookups: {Users: {by: name, where: {isActive: =foo}}}"), ["8:48 unknown-name"]),
        (
            with_top("lookups: {Users: {by: name, where: {isActive: {value: true, where: {a: =foo}}}}}"),
            ["8:73 unknown-name"],
        ),
        (with_top("lookups: {Users: name}"), ["8:18 wrong-type"]),
        # credentials
        (with_top("password: hunter2"), ["8:1 secret-in-recipe"]),
        (with_top("service: https://me:hunter2@host/"), ["8:10 secret-in-recipe"]),
        (with_top("description: use Bearer abcdef0123456789"), ["8:14 secret-in-recipe"]),
        (with_top("description: Server=x;Password=hunter2;"), ["8:14 secret-in-recipe"]),
        (with_step("api_key: 0123456789abcdef"), ["8:5 secret-in-recipe"]),
        (with_field('password: ="hunter2"'), ["8:7 secret-in-recipe"]),
        (with_field('accessToken: ="hunter2"'), ["8:7 secret-in-recipe"]),
        (with_field('password: {value: ="hunter2"}'), ["8:7 secret-in-recipe"]),
        (
            with_field("code: {column: A, map: {x: eyJhbGciOiJIUzI1NiIs.eyJzdWIiOiIxMjM0}}"),
            ["8:34 secret-in-recipe"],
        ),
    ],
)
def test_problem(text: str, problems: list[str]) -> None:
    """A mistake is found at the key or value that is meant, and nothing else is."""
    if not problems:
        assert parse_recipe(parse_document(text, "r.yaml"))
        return
    assert told(text) == problems
    for problem in problems_of(text):
        assert problem.message()
        advice = problem.advice()
        for shown in ("{…}", "{Да: true, Нет: false}", "{name: maps/a.csv}", "{column: …, by: …}"):
            advice = advice.replace(shown, "")
        assert "{" not in advice


@pytest.mark.parametrize(
    "lines",
    [
        "password: Пароль",
        "password: {column: Пароль, update: never}",
        "password: =row.Пароль",
        "token: [Токен, Token 2]",
        "description: {column: A, description: The password is given by mail}",
        "level: {column: A, map: {Basic knowledge: 1, Bearer instruments: 2}}",
        "hasToken: true",
        'code: ="Basic"',
    ],
)
def test_columns_are_no_credentials(lines: str) -> None:
    """A property called `password` may be filled from a column: no secret stands in the recipe."""
    assert parse_recipe(parse_document(with_field(lines), "r.yaml"))


@pytest.mark.parametrize(
    "text", ["service: https://me:hunter2@host/", "password: hunter2", "source: {password: hunter2, file: 5}"]
)
def test_a_credential_is_never_quoted(text: str) -> None:
    """No message repeats what looks like a credential."""
    for problem in problems_of(
        GOOD.replace("source: a.xlsx", text) if text.startswith("source") else with_top(text)
    ):
        assert "hunter2" not in problem.message() + problem.advice() + repr(problem)


def test_credential_over_several_lines_hides_what_is_in_it() -> None:
    """Problems inside of a folded text that looks like a credential are not told besides."""
    text = with_field("name: >-\n  =foo ~ bar\n  ~ 'Bearer abcdef0123456789'")

    assert told(text) == ["8:13 secret-in-recipe"]


def test_everything_at_once() -> None:
    """Mistakes of the shape, of names and of expressions are told in one run, in the order of the file."""
    text = """\
recipe: 1
servce: x
source: {file: a.xlsx, locale: klingon}
tables:
  t: {when: foo}
steps:
  - to: Users
    match: emal
    fields:
      email: {colum: A}
      name: =row.A | uper
      kind: {column: A, map: nothing}
  - to: Users
    mode: updat
    match: a
    fields: {a: "=row.A ~ foo"}
"""

    assert told(text) == [
        "2:1 unknown-key",
        "3:32 wrong-type",
        "5:13 unknown-name",
        "8:12 match-not-in-fields",
        "10:15 unknown-key",
        "11:22 unknown-name",
        "12:30 unknown-definition",
        "13:9 duplicate-key",
        "14:11 wrong-type",
        "16:27 unknown-name",
    ]


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        (with_top("servise: x"), '"servise" is not a key of the recipe.', 'Did you mean "service" (0.86)?'),
        (
            with_step("spilt: {column: A, by: ','}"),
            '"spilt" is not a key of steps[1].',
            'Did you mean "split" (0.80)?',
        ),
        (
            with_field("name: {column: A, updat: x}"),
            '"updat" is not a key of steps[1].fields.name.',
            'Did you mean "update" (0.91)?',
        ),
        (
            with_field("name:"),
            '"name:" has no value.',
            "Write `=none` to clear the property, or remove the line to keep it",
        ),
        (
            with_field("name: {column: 2026}"),
            '"column" takes a text or a list of texts; this is the value 2026.',
            'A text that looks like a number, a date, true or false needs quotes: "2026"',
        ),
        (
            with_top("service: http://x"),
            '"service" takes the name of a profile of importer.yaml, never a URL; this is the text "http://x".',
            "",
        ),
        (
            GOOD.replace("recipe: 1", "recipe: 9"),
            "This recipe speaks version 9; this importer speaks 1.",
            "Use a newer importer, or write `recipe: 1`",
        ),
        (
            with_field("name: {column: A, value: 1}"),
            "`column`, `value` cannot stand together: a field has one origin.",
            "",
        ),
        (
            GOOD.replace("match: email", "match: emal"),
            "`match` uses emal, which is not in `fields`.",
            'Nearest: "email" (0.89)',
        ),
        (with_field("name: {column: A, locale: ru}"), '"locale" is not a key of steps[1].fields.name.', ""),
    ],
)
def test_message(text: str, message: str, advice: str) -> None:
    """A problem is said in words, with the nearest fix."""
    problem = problems_of(text)[0]

    assert (problem.message(), problem.advice()) == (message, advice)
