"""A recipe in its normal form: short and long forms mean the same, and what is not said has its default."""

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from importer.documents import parse_document
from importer.problems import ConfigurationError, RecipePlace
from importer.recipe import Recipe, read_recipe
from importer.recipe.expressions import Expression
from importer.recipe.normal import Columns, Constant, Field, LookupRule
from importer.recipe.reading import parse_recipe
from tests.unit.recipe.recipe_texts import FLAT, WHOLE


def recipe(text: str) -> Recipe:
    """Return the recipe in normal form."""
    return parse_recipe(parse_document(text, "r.yaml"))


def without_places(value: object) -> object:
    """Return a normal form as plain data, without places."""
    if isinstance(value, Expression):
        return value.source, value.columns
    if isinstance(value, RecipePlace):
        return None
    if isinstance(value, msgspec.Struct):
        kept = msgspec.structs.asdict(value)
        return {
            name: without_places(inner)
            for name, inner in kept.items()
            if name not in ("place", "places", "lines", "fingerprint", "lookup_places", "unplanned")
        }
    if isinstance(value, dict):
        return {key: without_places(inner) for key, inner in value.items()}
    return tuple(map(without_places, value)) if isinstance(value, tuple) else value


def field(rule: str) -> Field:
    """Return the normal form of one field, whose property is `x`."""
    return next(f for f in recipe(FLAT + f"      x: {rule}\n").steps[0].fields if f.property == "x")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("ФИО", "{column: [ФИО]}"),
        ("ФИО", "{column: ФИО}"),
        ("[E-mail, Почта]", "{column: [E-mail, Почта]}"),
        ("=row.Тел | digits", "{value: =row.Тел | digits}"),
        ("true", "{value: true}"),
        ("8", "{value: 8}"),
        ("1.10", "{value: 1.10}"),
        ("2026-01-01", "{value: 2026-01-01}"),
        ('="Employee"', '{value: ="Employee"}'),
        ('="Employee"', "=   'Employee'"),
        ("=none", "{value: =none}"),
        ("{column: A, by: name}", "{column: [A], by: [name]}"),
        ("{column: A, where: {a: B}}", "{column: A, where: {a: {column: [B]}}}"),
        ("{column: A, where: {a: true}}", "{column: A, where: {a: {value: true}}}"),
        ("{column: A, where: {a: =row.B}}", "{column: A, where: {a: {value: =row.B}}}"),
        (
            "{column: A, on_missing: create, create: {a: B}}",
            "{column: A, on_missing: create, create: {a: {column: [B]}}}",
        ),
        ("{column: A, by: {initials: name}}", "{column: A, by: [{initials: name}]}"),
        ("{column: A}", "{column: A, optional: false, on_blank: keep}"),
        ("{column: A, by: [name, {initials: name}]}", "{column: [A], by: [name, {initials: name}]}"),
        ("{column: A, row_of: Users, by: Код}", "{column: [A], row_of: Users, by: [Код]}"),
        ("{value: =row.A, in: Users, by: email}", "{value: =row.A, in: Users, by: [email]}"),
        ("-1.5", "{value: -1.5}"),
        ("false", "{value: false}"),
        ("[A]", "{column: A}"),
        ("{column: A, where: {a: [B, C]}}", "{column: A, where: {a: {column: [B, C]}}}"),
        (
            "{column: A, where: {a: {column: B, by: code}}}",
            "{column: [A], where: {a: {column: [B], by: [code]}}}",
        ),
    ],
)
def test_short_and_long_fields(short: str, long: str) -> None:
    """A short form of a field means its long form."""
    assert without_places(field(short)) == without_places(field(long))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("match: email", "match: [email]"),
        ("match: email", "match: {any: [email]}"),
        ("match: email", "match: {any: [[email]]}"),
        ("match: [email, name]", "match: {any: [[email, name]]}"),
        ("match: email", "match: email\n    mode: upsert\n    on_duplicate: error\n    name: Users"),
        ("match: email\n    when: row.A", "match: email\n    when: =row.A"),
        ("match: email\n    from: Отделы", "match: email\n    from: {sheet: Отделы}"),
        ("match: email\n    from: Отделы", "match: email\n    from: {sheet: Отделы, header: auto}"),
        ("match: {any: [email, [name, position]]}", "match: {any: [[email], [name, position]]}"),
        (
            "match: email\n    split: {column: A, by: ';'}",
            'match: email\n    split: {column: A, by: ";"}',
        ),
        ("match: {remember: Код}", "match: {any: [{remember: Код}]}"),
        ("match: {remember: Код}", "match: {any: [{remember: [Код]}]}"),
        ("match: {any: [{remember: Код}, email]}", "match: {any: [{remember: [Код]}, [email]]}"),
        ("match: email\n    expect: [rows > 1]", "match: email\n    expect: [{that: rows > 1}]"),
        ("match: email\n    expect: [rows > 1]", "match: email\n    expect: [=rows > 1]"),
        (
            "match: email\n    then: [{call: A, with: {x: B}}]",
            "match: email\n    then: [{call: A, on: create, with: {x: {column: [B]}}}]",
        ),
        (
            "match: email\n    absent: {where: {x: true}, set: {y: false}}",
            "match: email\n    absent: {where: {x: {value: true}}, set: {y: {value: false}}}",
        ),
    ],
)
def test_short_and_long_steps(short: str, long: str) -> None:
    """A short form of a step means its long form, and a default means what is not said."""
    assert without_places(recipe(FLAT.replace("match: email", short))) == without_places(
        recipe(FLAT.replace("match: email", long))
    )


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("source: a.xlsx", "source: {file: a.xlsx}"),
        ("source: a.xlsx", "source: {file: [a.xlsx]}"),
        ("source: [a, b]", "source: {file: [a, b]}"),
        (
            "source: a.xlsx",
            "source: {file: a.xlsx, header: auto, locale: iso, blank: [], clean: true, hidden: include, encoding: auto, delimiter: auto}",
        ),
        ("source: {file: a, blank: x}", "source: {file: a, blank: [x]}"),
        ('source: {file: a, delimiter: "\\t"}', "source: {file: a, delimiter: \\t}"),
        ("source: {file: a, fill_down: A}", "source: {file: [a], fill_down: [A]}"),
        ("source: {file: a, when: row.A}", "source: {file: a, when: =row.A}"),
        ("source: {file: a, header: 3}", "source: {file: [a], header: 3}"),
        ("source: {file: a, header: [3, 4]}", "source: {file: [a], header: [3, 4]}"),
        ("source: {file: a, header: auto}", "source: {file: a}"),
        (
            "source: {file: a, tree: {column: A, by: indent, parent: B}}",
            "source: {file: [a], tree: {parent: B, by: indent, column: A}}",
        ),
        (
            'source: {file: a, unpivot: {columns: "Янв..Дек", name: М, value: Ч}}',
            "source: {file: [a], unpivot: {columns: Янв .. Дек, name: М, value: Ч}}",
        ),
    ],
)
def test_short_and_long_sources(short: str, long: str) -> None:
    """A short form of a source means its long form."""
    line = "source: {file: starters.xlsx, locale: ru}"

    assert without_places(recipe(FLAT.replace(line, short))) == without_places(
        recipe(FLAT.replace(line, long))
    )


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("params: {x: 2026-01-01}", "params: {x: {default: 2026-01-01}}"),
        ("params: {x: 2026-01-01}", "params: {x: {type: date, default: 2026-01-01, required: false}}"),
        ("params: {x: 8}", 'params: {x: {type: number, default: "8"}}'),
        ("params: {x: true}", 'params: {x: {type: boolean, default: "true"}}'),
        ("mask: Users/email", "mask: [Users/email]"),
        ("tables: {t: {fill_down: A}}", "tables: {t: {fill_down: [A]}}"),
        ("tables: {t: {blank: x}}", "tables: {t: {blank: [x]}}"),
        ("lookups: {Users: {by: name}}", "lookups: {Users: {by: [name]}}"),
        ("lookups: {Users: {where: {a: true}}}", "lookups: {Users: {where: {a: {value: true}}}}"),
        ("filters: {f: value | digits}", "filters: {f: =value | digits}"),
    ],
)
def test_short_and_long_parts(short: str, long: str) -> None:
    """A short form at the top of a recipe means its long form, where a step uses it."""
    head, steps = FLAT.split("steps:\n")
    found = []
    for part in (short, long):
        uses = "    from: t\n" if part.startswith("tables") else ""
        filtered = "      x: {column: A, apply: f}\n" if part.startswith("filters") else ""
        text = f"{head}{part}\nsteps:\n" + steps.replace("    match", f"{uses}    match") + filtered
        found.append(without_places(recipe(text)))

    assert found[0] == found[1]


def test_flat_recipe() -> None:
    """The smallest useful recipe: every key has its default."""
    found = recipe(FLAT)
    step = found.steps[0]

    assert (found.version, found.service, found.description) == (
        1,
        "timetta",
        "New starters, weekly file from HR",
    )
    assert (step.name, step.to, step.mode, step.on_missing, step.on_duplicate) == (
        "Users",
        "Users",
        "upsert",
        "error",
        "error",
    )
    assert step.match.alternatives == (("email",),)
    assert [item.property for item in step.fields] == [
        "name",
        "email",
        "department",
        "position",
        "firstWorkDay",
    ]
    assert (step.table.file, step.table.locale, step.table.header, step.table.sheet) == (
        ("starters.xlsx",),
        "ru",
        "auto",
        None,
    )
    assert (step.table.encoding, step.table.delimiter, step.table.clean, step.table.hidden) == (
        None,
        None,
        True,
        "include",
    )
    first = step.fields[0]
    assert (first.optional, first.on_blank, first.update, first.lookup.said) == (False, "keep", None, ())


def test_tables_inherit() -> None:
    """A missing key comes from `tables`, then from `source`; what is said nearer wins, an empty list too."""
    departments, projects, last = (step.table for step in recipe(WHOLE).steps)

    assert (departments.sheet, departments.blank, departments.file) == (
        "Отделы",
        ("-", "н/д"),
        ("a.xlsx", "b_*.xlsx"),
    )
    assert (projects.sheet, projects.header, projects.blank, projects.locale) == ("Проекты", 3, (), "ru")
    assert (last.file, last.sheet, last.locale) == (("last.xlsx",), 2, "ru")
    assert projects.when is not None
    assert projects.when.source == "row.ФИО is not blank"
    assert (projects.places["header"].line, projects.places["file"].line) == (5, 3)


def test_named_table() -> None:
    """`from` is the table of that name before it is a sheet of that name."""
    text = WHOLE.replace("from: Отделы", "from: other")
    table = recipe(text).steps[0].table

    assert (table.file, table.encoding, table.delimiter, table.header, table.clean, table.hidden) == (
        ("other.csv",),
        "cp1251",
        "\t",
        "none",
        False,
        "skip",
    )
    assert table.when is not None
    assert table.when.source == 'row.A != "x"'


def test_values_keep_their_types() -> None:
    """Constants are exact values of their type; `=none` is the wish to clear."""
    values = {item.property: item.origin for item in recipe(WHOLE).steps[2].fields}
    constants = {name: origin.value for name, origin in values.items() if isinstance(origin, Constant)}

    assert constants == {
        "start": date(2026, 1, 31),
        "rate": Decimal("1.10"),
        "count": 8,
        "flag": True,
        "none": None,
        "at": datetime(2026, 1, 31, 10, tzinfo=UTC),
    }
    assert values["none"].clear
    assert not values["flag"].clear


def test_fields_in_full() -> None:
    """Every key of a field is in the normal form."""
    code, name, billing, manager = recipe(WHOLE).steps[1].fields

    assert code.optional
    assert isinstance(code.apply, Expression)
    assert code.apply.source == "trim | upper"
    assert isinstance(name.origin, Expression)
    assert name.origin.columns == ("Проект",)
    assert billing.map is not None
    assert [(word, getattr(item, "value", None)) for word, item in billing.map.entries] == [
        ("Фикс", "FixedBid"),
        ("Почасовая", "TM"),
        ("Дата", date(2026, 1, 1)),
    ]
    assert isinstance(billing.map.default, Expression)
    assert (billing.update, billing.default) == ("if_blank", Constant(billing.default.place, "x"))
    assert billing.lookup.said == ("by", "where")
    assert billing.lookup.where["kind"].lookup.by == ("name",)
    assert billing.columns == (("Биллинг",), ("Вид",))
    assert manager.columns == (("РП",), ("В",), ("Б",))
    assert manager.map.columns == ("Б",)


def test_lookups_in_full() -> None:
    """The keys of a field win one by one over those of its entity set."""
    found = recipe(WHOLE)
    lead = found.steps[0].fields[2].lookup
    merged = lead.over(found.lookups["Users"])

    assert (lead.by, lead.in_, lead.compare, lead.on_missing, lead.on_ambiguous) == (
        ("name",),
        "Departments",
        "exact",
        "create",
        "skip",
    )
    assert lead.said == ("by", "in", "compare", "on_missing", "on_ambiguous")
    assert (merged.by, merged.compare) == (("name",), "exact")
    assert list(merged.where or {}) == ["isActive"]
    assert lead.over(None) is lead
    assert LookupRule().over(lead).by == ("name",)
    assert found.lookup_places["Users"].line == 10


def test_places() -> None:
    """Every part knows where it stands in the file."""
    found = recipe(FLAT)
    email = found.steps[0].fields[1]

    assert str(email.place) == "r.yaml:10:7"
    assert isinstance(email.origin, Columns)
    assert [str(place) for place in email.origin.places] == ["r.yaml:10:15", "r.yaml:10:23"]
    assert str(found.steps[0].match.places["email"]) == "r.yaml:7:12"
    assert str(found.steps[0].places["to"]) == "r.yaml:6:9"


def test_header_that_a_comment_cut() -> None:
    """What ` #` cut off a header can be told."""
    found = recipe(FLAT.replace("position: Должность", "position: Кол-во # шт"))
    place = found.steps[0].fields[3].origin.place

    assert found.cut_by_comment(place) == "Кол-во # шт"
    assert found.cut_by_comment(found.steps[0].fields[0].origin.place) is None
    assert found.cut_by_comment(RecipePlace("r.yaml", 99, 1, 3)) is None


def test_file(tmp_path: Path) -> None:
    """A recipe is read from its file, with the fingerprint of its bytes."""
    path = tmp_path / "r.yaml"
    path.write_text(FLAT, encoding="utf-8")
    found = read_recipe(path, "shown.yaml")

    assert (found.path, found.shown, found.lines[0]) == (path, "shown.yaml", "recipe: 1")
    assert found.fingerprint == sha256(path.read_bytes()).hexdigest()


def test_missing_file(tmp_path: Path) -> None:
    """A recipe that is not there is told, not crashed on."""
    with pytest.raises(ConfigurationError) as caught:
        read_recipe(tmp_path / "r.yaml")

    assert caught.value.exit_code == 3


def test_expression_over_several_lines() -> None:
    """An expression may be folded over lines."""
    found = field('>-\n        =join(" ", row.Фамилия,\n        row.Имя)')

    assert isinstance(found.origin, Expression)
    assert found.origin.columns == ("Фамилия", "Имя")
