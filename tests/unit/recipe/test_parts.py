"""What a recipe is put together of: parameters, shared parts, value tables in files, filters of its own."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.documents import parse_document
from importer.problems import ConfigurationError
from importer.recipe import Recipe, read_recipe, read_settings
from importer.recipe.normal import Constant
from importer.recipe.reading import parse_recipe

RECIPE = """\
recipe: 1
{head}
steps:
  - to: Users
    match: email
    fields:
      email: E-mail
{fields}"""


def write(folder: Path, head: str = "source: a.xlsx", fields: str = "", name: str = "r.yaml") -> Path:
    """Write a recipe."""
    path = folder / name
    path.write_text(RECIPE.format(head=head, fields=fields and f"      {fields}\n"), "utf-8")
    return path


def told(path: Path, *settings: str) -> list[str]:
    """Return the problems of a recipe, `file:line:column code` each."""
    with pytest.raises(ConfigurationError) as caught:
        read_recipe(path, "r.yaml", given=read_settings(settings))
    return [f"{item.place} {item.code}" for item in caught.value.problems]


def read(path: Path, *settings: str) -> Recipe:
    """Return a recipe."""
    return read_recipe(path, "r.yaml", given=read_settings(settings))


def test_included_parts(tmp_path: Path) -> None:
    """Tables, maps, filters, parameters and masks may stand in a file of their own."""
    (tmp_path / "common").mkdir()
    part = "recipe: 1\nparams: {who: Anna}\ntables: {staff: {sheet: Люди}}\nmaps: {yes: {Да: true}}\nfilters: {up: value | upper}\nmask: [Users/email]\n"
    (tmp_path / "common" / "people.yaml").write_text(part, "utf-8")
    found = read(
        write(
            tmp_path,
            "source: a.xlsx\ninclude: [common/people.yaml]\nmask: [Users/name]",
            "name: {column: A, apply: up, map: yes, default: =params.who}",
        )
    )

    assert found.params == {"who": "Anna"}
    assert [text for text, _ in found.mask] == ["Users/name", "Users/email"]
    assert [shown for _, shown in found.parts] == ["common/people.yaml"]


@pytest.mark.parametrize(
    ("part", "problems"),
    [
        ("recipe: 1\nmaps: {a: {x: =foo}}\n", ["p.yaml:2:16 unknown-name"]),
        ("recipe: 1\nsteps: []\n", ["p.yaml:2:1 unknown-key"]),
        ("recipe: 1\nservice: x\n", ["p.yaml:2:1 unknown-key"]),
        ("maps: {a: {x: 1}}\n", ["p.yaml:1:1 missing-key"]),
        ("[]\n", ["p.yaml:1:1 wrong-type"]),
        ("recipe: 1\nmaps: {mine: {x: 1}}\n", ["p.yaml:2:8 duplicate-key"]),
        ("recipe: 1\nparams: {x: 1\n", ["p.yaml:2:9 yaml-syntax"]),
        ("recipe: 1\ntables: {t: {hedaer: 3}}\n", ["p.yaml:2:14 unknown-key"]),
    ],
)
def test_mistakes_of_a_part(tmp_path: Path, part: str, problems: list[str]) -> None:
    """A mistake in an included file is told at its line of that file."""
    (tmp_path / "p.yaml").write_text(part, "utf-8")

    assert told(write(tmp_path, "source: a.xlsx\ninclude: p.yaml\nmaps: {mine: {x: 2}}")) == problems


def test_one_name_in_two_places_names_both(tmp_path: Path) -> None:
    """The message says where the other one is."""
    (tmp_path / "p.yaml").write_text("recipe: 1\nmaps: {m: {x: 1}}\n", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read(write(tmp_path, "source: a.xlsx\ninclude: p.yaml\nmaps: {m: {x: 2}}"))

    (problem,) = caught.value.problems
    assert problem.message() == '"m" stands in `maps` here and at r.yaml:4:8.'
    assert str(problem.place) == "p.yaml:2:8"


def test_paths_stay_inside(tmp_path: Path) -> None:
    """Neither parts nor value tables come from outside the recipe's folder and the project."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "p.yaml").write_text("recipe: 1\n", "utf-8")
    path = write(tmp_path / "inner", "source: a.xlsx\ninclude: ../p.yaml\nmaps: {m: ../m.csv}")

    assert told(path) == ["r.yaml:3:10 file-missing", "r.yaml:4:11 file-missing"]
    (tmp_path / "m.csv").write_text("from;to\nДа;1\n", "utf-8")
    assert read_recipe(path, "r.yaml", project=tmp_path).parts[0][1] == "../p.yaml"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("n=5", 5),
        ("n=2.50", 2.5),
        ("d=2026-02-01", date(2026, 2, 1)),
        ("b=true", True),
        ("t=a=b", "a=b"),
    ],
)
def test_parameters_have_types(tmp_path: Path, setting: str, value: object) -> None:
    """The type comes from the default; `--set` gives a value of it."""
    path = write(tmp_path, "params: {n: 1, d: 2026-01-01, b: false, t: x}\nsource: a.xlsx")

    assert read(path, setting).params[setting[0]] == value


@pytest.mark.parametrize(
    ("setting", "code"),
    [("n=five", "wrong-type"), ("m=5", "unknown-definition"), ("d=31.01.2026", "wrong-type")],
)
def test_wrong_settings(tmp_path: Path, setting: str, code: str) -> None:
    """A value of another kind, or a name that the recipe does not know, stops everything."""
    path = write(tmp_path, "params: {n: 1, d: 2026-01-01}\nsource: a.xlsx")

    assert told(path, setting) == [f"None {code}"]


def test_required_parameter(tmp_path: Path) -> None:
    """What is required must be given, in the command line or a file of it."""
    path = write(tmp_path, "params: {who: {type: text, required: true}}\nsource: =params.who")
    given = tmp_path / "customer.yaml"
    given.write_text("who: b.xlsx\n", "utf-8")

    assert told(path) == ["r.yaml:2:10 missing-key"]
    assert read(path, f"@{given}").steps[0].table.file == ("b.xlsx",)


@pytest.mark.parametrize(
    ("name", "text"),
    [("m.csv", "from;to\nДа;x\n*;y\n"), ("m.yaml", "Да: x\n'*': y\n"), ("m.csv", "to,from\nx,Да\ny,*\n")],
)
def test_value_tables_in_files(tmp_path: Path, name: str, text: str) -> None:
    """A CSV file with the columns from and to, or a YAML file, is a value table."""
    (tmp_path / name).write_text(text, "utf-8")
    found = read(write(tmp_path, f"source: a.xlsx\nmaps: {{m: {name}}}", "name: {column: A, map: m}"))
    table = found.steps[0].fields[1].map

    assert table is not None
    assert [(word, value.value) for word, value in table.entries if isinstance(value, Constant)] == [
        ("Да", "x")
    ]
    assert isinstance(table.default, Constant)
    assert table.default.value == "y"
    assert [shown for _, shown in found.parts] == [name]


@pytest.mark.parametrize(
    ("name", "text", "problems"),
    [
        ("m.csv", "von;to\nДа;1\n", ["r.yaml:3:11 unknown-column"]),
        ("m.csv", "from;to\nЁж;1\nеж;2\n", ["m.csv › A3 duplicate-key"]),
        ("m.yaml", "[]\n", ["m.yaml:1:1 wrong-type"]),
        ("m.yaml", "a: =foo\n", ["m.yaml:1:5 unknown-name"]),
    ],
)
def test_mistakes_of_value_tables(tmp_path: Path, name: str, text: str, problems: list[str]) -> None:
    """A mistake in a value table is told where it stands."""
    (tmp_path / name).write_text(text, "utf-8")

    found = told(write(tmp_path, f"source: a.xlsx\nmaps: {{m: {name}}}"))

    assert found[: len(problems)] == problems


def test_filters_that_grow_are_refused(tmp_path: Path) -> None:
    """Filters that double each other would make every row work for hours."""
    inner = ", ".join(f"f{n}: value | f{n - 1} ~ (value | f{n - 1})" for n in range(1, 40))

    assert (
        "expression" in told(write(tmp_path, f"source: a.xlsx\nfilters: {{f0: value | upper, {inner}}}"))[0]
    )


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from(["A", "=row.A", "=", "a..b", "20%", "{{x}}", "x/y"]),
)
_KEYS = st.sampled_from(
    [
        "recipe",
        "params",
        "include",
        "source",
        "tables",
        "aliases",
        "maps",
        "filters",
        "lookups",
        "steps",
        "limits",
        "mask",
        "to",
        "match",
        "fields",
        "from",
        "split",
        "when",
        "then",
        "absent",
        "expect",
        "under",
        "type",
        "any",
        "remember",
        "by",
        "where",
        "create",
        "file",
        "sheet",
        "header",
        "tree",
        "unpivot",
        "columns",
        "name",
        "value",
        "column",
        "default",
        "map",
        "format",
        "row_of",
        "initials",
        "custom",
        "call",
        "with",
        "on",
        "set",
        "delete",
        "that",
        "else",
    ]
)
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=5)),
    max_leaves=25,
)


@given(_TREES, st.dictionaries(_KEYS, _TREES, max_size=6), st.dictionaries(_KEYS, _TREES, max_size=6))
def test_any_recipe_gives_problems_never_a_traceback(
    value: object, top: dict[str, object], step: dict[str, object]
) -> None:
    """Whatever stands in a recipe: it is read, or problems with places say why not."""

    whole = {"recipe": 1, "source": "a.xlsx", **top}
    whole.setdefault("steps", [{"to": "Users", "match": "email", "fields": {"email": value}, **step}])
    text = json.dumps({"recipe": 1, **{k: v for k, v in whole.items() if k != "recipe"}}, ensure_ascii=False)
    told_ = ["read"]
    try:
        parse_recipe(parse_document(text, "r.yaml"))
    except ConfigurationError as error:
        told_ = [item.message() for item in error.problems]

    assert told_
    assert all(told_)
