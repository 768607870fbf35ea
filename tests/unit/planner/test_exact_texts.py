"""The exact words and the exact place of what is wrong with names, files, cells and rows: recipe-language.md §13."""

from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from importer.problems.problem import code_of
from tests.unit.planner.world import World

CSV = "source: {file: a.csv, delimiter: ;}"
RU = "source: {file: a.csv, delimiter: ;, locale: ru}"
BOOK = "source: {file: a.xlsx}"
ROW = {"a.csv": "Mail;V\nu@x;1\n"}
# A workbook whose row 3 is hidden.
HIDDEN = "hidden"

CODES = (
    "ambiguous",
    "ambiguous-date",
    "ambiguous-match",
    "bad-boolean",
    "bad-date",
    "bad-enum",
    "bad-guid",
    "bad-number",
    "blank-match",
    "blank-required",
    "blank-value",
    "cell-error",
    "depends-on-blocked",
    "digits-lost",
    "duplicate-header",
    "duplicate-rows",
    "expression-value",
    "file-missing",
    "file-unreadable",
    "formula-without-value",
    "guessed-delimiter",
    "guessed-encoding",
    "hidden-rows",
    "key-instead-of-navigation",
    "look-alike",
    "lookup-default-unknown",
    "match-conflict",
    "merged-rows",
    "near-duplicate",
    "not-found",
    "not-planned-yet",
    "nul-byte",
    "out-of-range",
    "ragged-row",
    "read-only-property",
    "reference-cycle",
    "repeated-header",
    "required-unmapped",
    "too-long",
    "total-row",
    "unclosed-quote",
    "undecodable",
    "unknown-action",
    "unknown-column",
    "unknown-entity-set",
    "unknown-property",
    "unknown-sheet",
    "unmapped-value",
)


def user(field: str) -> str:
    """A step for users with one more field."""
    return f"- {{to: Users, match: email, fields: {{email: Mail, {field}}}}}"


# A row: the code, steps, files, head, what the service holds, (places, message, advice) of each problem
CASES: list[tuple[str, str, dict[str, Any], str, dict[str, Any], list[tuple[str, str, str]]]] = [
    (
        "unknown-entity-set",
        "- {to: User, match: email, fields: {email: Mail}}",
        ROW,
        CSV,
        {},
        [("recipe.yaml:4:10", 'firm has no entity set "User".', 'Did you mean "Users" (0.89)?')],
    ),
    (
        "unknown-property",
        user("pone: V"),
        ROW,
        CSV,
        {},
        [("recipe.yaml:4:53", 'User has no property "pone".', 'Did you mean "phone" (0.89)?')],
    ),
    (
        "unknown-property",
        user("address/Town: V"),
        ROW,
        CSV,
        {},
        [("recipe.yaml:4:53", 'Address has no property "Town".', "")],
    ),
    (
        "read-only-property",
        user("modified: V"),
        ROW,
        CSV,
        {},
        [
            (
                "recipe.yaml:4:53",
                '"modified" cannot be written: computed.',
                "Remove it; the service fills it by itself",
            )
        ],
    ),
    (
        "key-instead-of-navigation",
        user("departmentId: V"),
        {"a.csv": "Mail;V\nu@x;6f9619ff-8b86-d011-b42d-00c04fc964ff\n"},
        CSV,
        {},
        [("recipe.yaml:4:53", '"departmentId" takes a key.', "To find it by name write `department: …`")],
    ),
    (
        "required-unmapped",
        "- {to: Departments, match: code, fields: {code: Mail}}",
        ROW,
        CSV,
        {},
        [
            (
                "recipe.yaml:4:44",
                "Department.name is required and not in `fields`.",
                "Map it, or write `mode: update` if nothing is to be created",
            )
        ],
    ),
    (
        "lookup-default-unknown",
        "- {to: Cities, match: name, fields: {name: Mail, number: V, country: V}}",
        ROW,
        CSV,
        {},
        [("recipe.yaml:4:63", 'Countries has no "name" nor a single-property alternate key.', "Say `by:`")],
    ),
    (
        "unknown-action",
        "- {to: Users, match: email, fields: {email: Mail, phone: V}, then: [{call: SetStat}]}",
        ROW,
        CSV,
        {},
        [("recipe.yaml:4:78", 'User has no action "SetStat".', "")],
    ),
    (
        "file-missing",
        user("phone: V"),
        {},
        "source: ../a.csv",
        {},
        [
            (
                "recipe.yaml:2:9",
                '"../a.csv" lies outside the project; paths of a recipe stay inside it.',
                "Name the file on the command line instead",
            )
        ],
    ),
    (
        "file-unreadable",
        user("phone: V"),
        {"a.xlsx": b"not a workbook"},
        BOOK,
        {},
        [
            (
                "a.xlsx",
                '"a.xlsx" is not a workbook; it looks like something else.',
                "Open it in the program it came from and save it as .xlsx, or name a text file .csv",
            )
        ],
    ),
    (
        "unknown-sheet",
        user("phone: V"),
        {"a.xlsx": [["Mail", "V"], ["u@x", "1"]]},
        "source: {file: a.xlsx, sheet: Sheet}",
        {},
        [
            (
                "recipe.yaml:2:31",
                'a.xlsx has no sheet "Sheet". Sheets: Sheet1',
                'Did you mean "Sheet1" (0.91)?',
            )
        ],
    ),
    (
        "unknown-column",
        user("phone: Vv"),
        ROW,
        CSV,
        {},
        [
            (
                "recipe.yaml:4:60",
                'a.csv (headers in row 1) has no column "Vv".',
                'Nearest: "V" (0.67). Write it, or allow both: [Vv, …]',
            )
        ],
    ),
    (
        "unknown-column",
        user("phone: =row.W"),
        ROW,
        CSV,
        {},
        [("recipe.yaml:4:61", 'a.csv (headers in row 1) has no column "W".', "")],
    ),
    (
        "duplicate-header",
        user("phone: V"),
        {"a.csv": "Mail;V;V\nu@x;1;2\n"},
        CSV,
        {},
        [
            (
                "recipe.yaml:4:60",
                '"V" heads several columns of a.csv: B1, C1.',
                "Write `V (1)` or `V (2)`, or narrow `range`",
            )
        ],
    ),
    (
        "guessed-encoding",
        user("phone: V, name: Имя"),
        {"a.csv": ("Mail;V;Имя\n" + "u@x;1;Иванов Пётр Сергеевич\n" * 20).encode("cp1251")},
        CSV,
        {},
        [
            (
                "a.csv",
                "a.csv is read as cp1251, a guess.",
                "Look at the letters; if they are right write `encoding: cp1251`",
            )
        ],
    ),
    (
        "guessed-delimiter",
        user("phone: V"),
        ROW,
        "source: a.csv",
        {},
        [
            (
                "a.csv",
                'a.csv is read with the delimiter ";", a guess.',
                'If the columns are right write `delimiter: ";"`',
            )
        ],
    ),
    (
        "hidden-rows",
        user("phone: V"),
        {"a.xlsx": HIDDEN},
        BOOK,
        {},
        [
            (
                "a.xlsx › Sheet1",
                "1 hidden rows of a.xlsx › Sheet1 are read too.",
                "If they are no data write `hidden: skip`",
            )
        ],
    ),
    (
        "bad-number",
        user("rate: V"),
        {"a.csv": "Mail;V\nu@x;1,5\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"1,5" is not a number under locale iso (rate).',
                "In locale ru it would be 1.5: set `locale: ru`",
            )
        ],
    ),
    (
        "bad-number",
        user("rate: V"),
        {"a.csv": "Mail;V\nu@x;1.234\n"},
        RU,
        {},
        [
            (
                "a.csv › B2",
                '"1.234" could be 1234 or 1.234 (rate).',
                "Write it without the sign between thousands, or set the `locale` that it is written in",
            )
        ],
    ),
    (
        "bad-number",
        user("level: V"),
        {"a.csv": "Mail;V\nu@x;много\n"},
        CSV,
        {},
        [("a.csv › B2", '"много" is not a number under locale iso (level).', "")],
    ),
    (
        "bad-date",
        user("hired: V"),
        {"a.csv": "Mail;V\nu@x;31.01.2026\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"31.01.2026" is not a date under locale iso (hired).',
                "In locale ru it would be 2026-01-31: set `locale: ru`",
            )
        ],
    ),
    (
        "bad-date",
        user("hired: V"),
        {"a.csv": "Mail;V\nu@x;30.02.2026\n"},
        RU,
        {},
        [("a.csv › B2", '"30.02.2026" is not a date under locale ru (hired).', "")],
    ),
    (
        "bad-date",
        user("hired: {column: V, format: dd.MM.yy}"),
        {"a.csv": "Mail;V\nu@x;31/12/25\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"31/12/25" is not a date like dd.MM.yy (hired).',
                "Correct the cell, or the `format` of the field",
            )
        ],
    ),
    (
        "bad-date",
        user("seen: V"),
        {"a.csv": "Mail;V\nu@x;2026-01-31T09:00:00\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"2026-01-31T09:00:00" says no time zone, and seen is a moment in time.',
                "Write `timezone: Europe/Moscow` in the table, or the offset in the cell: 2026-01-31T09:00+03:00",
            )
        ],
    ),
    (
        "bad-boolean",
        user("active: V"),
        {"a.csv": "Mail;V\nu@x;да\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"да" is not a boolean under locale iso (active).',
                "Write true or false, or say what the words mean: `map: {Да: true, Нет: false}`",
            )
        ],
    ),
    (
        "bad-guid",
        user("ref: V"),
        {"a.csv": "Mail;V\nu@x;7\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"7" is not a GUID (ref).',
                "Eight, four, four, four and twelve hexadecimal digits, with hyphens between",
            )
        ],
    ),
    (
        "bad-enum",
        user("color: V"),
        {"a.csv": "Mail;V\nu@x;Gren\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"Gren" is no member of Color (color). Members: Red, Green, Blue',
                'Nearest: "Green" (0.89). Write the member\'s name, or say what the words mean with `map`',
            )
        ],
    ),
    (
        "ambiguous-date",
        user("hired: V"),
        {"a.csv": "Mail;V\nu@x;03/04/2026\n"},
        RU,
        {},
        [
            (
                "a.csv › B2",
                '"03/04/2026" could be 2026-04-03 or 2026-03-04 (hired).',
                "Give the field a `format`: `dd.MM.yyyy` puts the day first, `MM/dd/yyyy` the month",
            )
        ],
    ),
    (
        "too-long",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;12345678901\n"},
        CSV,
        {},
        [("a.csv › B2", "11 characters; phone takes 10.", "Shorten the cell; nothing is cut by itself")],
    ),
    (
        "out-of-range",
        user("level: V"),
        {"a.csv": "Mail;V\nu@x;32768\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                "32768 does not fit level: Int16 -32768…32767.",
                'Correct the cell, or round it by an expression: `=row["…"] | round(2)`',
            )
        ],
    ),
    (
        "out-of-range",
        user("rate: V"),
        {"a.csv": "Mail;V\nu@x;1.234\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                "1.234 does not fit rate: Scale 2.",
                'Correct the cell, or round it by an expression: `=row["…"] | round(2)`',
            )
        ],
    ),
    (
        "expression-value",
        user("level: =row.V + 1"),
        {"a.csv": "Mail;V\nu@x;4\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                'The expression of level has no value here: cannot calculate with the text "4".',
                'Where a text stands for a number or a date, `| number` or `| date("dd.MM.yy")` makes it one',
            )
        ],
    ),
    (
        "expression-value",
        user("active: '=row.V > today'"),
        {"a.csv": "Mail;V\nu@x;31.12.25\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                'The expression of active has no value here: cannot compare the text "31.12.25" with the date 2026-03-01.',
                'Where a text stands for a number or a date, `| number` or `| date("dd.MM.yy")` makes it one',
            )
        ],
    ),
    (
        "cell-error",
        user("phone: V"),
        {"a.xlsx": [["Mail", "V"], ["u@x", "#REF!"]]},
        BOOK,
        {},
        [("a.xlsx › Sheet1 › B2", "The cell holds #REF!.", "Correct the formula, or empty the cell")],
    ),
    (
        "blank-required",
        "- {to: Departments, match: code, fields: {code: Code, name: Name}}",
        {"a.csv": "Code;Name\n2;\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                "name is required to create and the cell is blank.",
                "Fill the cell, or give a `default`",
            )
        ],
    ),
    (
        "blank-match",
        user("phone: V"),
        {"a.csv": "Mail;V\n;1\n"},
        CSV,
        {},
        [
            (
                "a.csv › A2",
                "The row has no value for `match` (email).",
                "Fill the cell, or leave such rows out with `when`",
            )
        ],
    ),
    (
        "duplicate-rows",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;1\nu@x;2\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                'Rows 2 and 3 are the same Users and disagree on phone: "1" / "2".',
                "Correct one of the rows, or say `on_duplicate: first` or `last` in the step",
            ),
            (
                "a.csv › B3",
                'Rows 3 and 2 are the same Users and disagree on phone: "2" / "1".',
                "Correct one of the rows, or say `on_duplicate: first` or `last` in the step",
            ),
        ],
    ),
    (
        "match-conflict",
        "- {to: Departments, match: {any: [code, name]}, fields: {code: Code, name: Name}}",
        {"a.csv": "Code;Name\nA-8;Sales\n"},
        CSV,
        {"Departments": [{"code": "A-7", "name": "Sales"}]},
        [
            (
                "a.csv › A2",
                'Found by name, but its code is "A-7", not "A-8".',
                "Correct the cell, or the entity on the service",
            )
        ],
    ),
    (
        "ambiguous-match",
        "- {to: Departments, match: code, fields: {code: Code, name: Name}}",
        {"a.csv": "Code;Name\nA-7;Sales\n"},
        CSV,
        {"Departments": [{"code": "A-7", "name": "Sales"}, {"code": "A-7", "name": "Stock"}]},
        [
            (
                "a.csv › A2",
                '2 Departments already have code "A-7": 23677894-f64e-5001-8d2d-94de8b0c7828, 69840a98-a20c-5f00-93e6-92c6d492094d.',
                "Merge them on the service, or match by a property that tells them apart",
            )
        ],
    ),
    (
        "not-found",
        user("department: V"),
        {"a.csv": "Mail;V\nu@x;Отдел прадаж\n"},
        CSV,
        {"Departments": [{"name": "Отдел продаж"}]},
        [
            (
                "a.csv › B2",
                'No Departments with name "Отдел прадаж".',
                'Nearest: "Отдел продаж" (0.92). Fix the cell, or add it to `map`',
            )
        ],
    ),
    (
        "reference-cycle",
        "- {to: Twins, match: name, fields: {name: Name, other: Lead}}",
        {"a.csv": "Name;Lead\nA;B\nB;A\n"},
        CSV,
        {},
        [
            (
                "a.csv › row 2, a.csv › row 3",
                "These rows refer to each other in a circle: A → B → A (rows 2, 3).",
                "Leave one of the references out",
            )
        ],
    ),
    (
        "depends-on-blocked",
        "- {to: Departments, match: name, fields: {name: Name, code: Code, leadDepartment: Lead, isActive: On}}",
        {"a.csv": "Name;Code;Lead;On\nA;1;B;\nB;1;;zz\n"},
        CSV,
        {},
        [
            (
                "a.csv › C2",
                '"B" is row 3 of Departments, which is left out of the plan.',
                "Mend that row first",
            )
        ],
    ),
    (
        "unmapped-value",
        user("active: {column: V, map: {Да: true, Нет: false}}"),
        {"a.csv": "Mail;V\nu@x;Дa!\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"Дa!" is not in the value table of active.',
                'Nearest: "Да" (0.80). Correct the cell, or add the word to `map`',
            )
        ],
    ),
    (
        "undecodable",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;Имя\n".encode("cp1251")},
        "source: {file: a.csv, delimiter: ;, encoding: utf-8}",
        {},
        [
            (
                "recipe.yaml:2:47",
                "Byte 11, line 2 of a.csv is not utf-8: `c8`.",
                "Readable as: cp1251, cp1252, kz1048, ptcp154. Write it as `encoding`",
            )
        ],
    ),
    (
        "blank-value",
        user("phone: {column: V, on_blank: error}"),
        {"a.csv": "Mail;V\nu@x;\n"},
        CSV,
        {},
        [("a.csv › B2", "phone must not be blank here (`on_blank: error`).", "Fill the cell")],
    ),
    (
        "formula-without-value",
        user("phone: V"),
        {"a.xlsx": [["Mail", "V"], ["u@x", "=1+1"]]},
        BOOK,
        {},
        [
            (
                "a.xlsx › Sheet1 › B2",
                "The cell holds a formula that was never calculated.",
                "Open and save the file in Excel or LibreOffice",
            )
        ],
    ),
    (
        "digits-lost",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;7.7E+08\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                "7.7E+08 is no code any more: as a number it lost digits (phone).",
                "Format the column as text and type it again",
            )
        ],
    ),
    (
        "digits-lost",
        user("phone: V"),
        {"a.xlsx": [["Mail", "V"], ["u@x", 123456789012345678]]},
        BOOK,
        {},
        [
            (
                "a.xlsx › Sheet1 › B2",
                "123456789012345700 is no code any more: as a number it lost digits (phone).",
                "Format the column as text and type it again",
            )
        ],
    ),
    (
        "ragged-row",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;1;2\n"},
        CSV,
        {},
        [
            (
                "a.csv › row 2",
                "Line 2 has 3 cells, the header has 2.",
                "Often a delimiter or a quote inside a value: put the value in quotes",
            )
        ],
    ),
    (
        "ragged-row",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x\n"},
        CSV,
        {},
        [
            (
                "a.csv › row 2",
                "Line 2 has 1 cells, the header has 2.",
                "Often a delimiter or a quote inside a value: put the value in quotes",
            )
        ],
    ),
    (
        "nul-byte",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;1\x00\n"},
        CSV,
        {},
        [
            (
                "a.csv › row 2",
                "Line 2 holds a NUL byte; a text does not.",
                "Export the file again; it may be damaged, or UTF-16 (write `encoding: utf-16`)",
            )
        ],
    ),
    (
        "unclosed-quote",
        user("phone: V"),
        {"a.csv": 'Mail;V\nu@x;"1\nv@x;2\n'},
        CSV,
        {},
        [
            (
                "a.csv › row 2",
                "Line 2 opens a quote that is never closed, or closes one inside a value.",
                "Double the quotes inside a value, and put the whole value in quotes",
            )
        ],
    ),
    (
        "look-alike",
        user("name: V"),
        {"a.csv": "Mail;V\nu@x;Aндрей\n"},
        CSV,
        {},
        [
            (
                "a.csv › B2",
                '"Aндрей" has LATIN CAPITAL LETTER A (U+0041) where "А" would be expected.',
                "It is written as it stands, and compared as if it were what it looks like",
            )
        ],
    ),
    (
        "near-duplicate",
        user("name: V"),
        {"a.csv": "Mail;V\npetrova@x.ru;П\nz@x.ru;З\npertova@x.ru;П\n"},
        CSV,
        {},
        [
            (
                "a.csv › A4",
                'Rows 2 and 4 differ by one letter: "petrova@x.ru" and "pertova@x.ru".',
                "If they are the same, write them the same; they are two entities otherwise",
            )
        ],
    ),
    (
        "repeated-header",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;1\nMail;V\nv@x;2\n"},
        CSV,
        {},
        [("a.csv › row 3", "Row 3 repeats the header; it is left out.", "")],
    ),
    (
        "merged-rows",
        user("phone: V"),
        {"a.csv": "Mail;V\nu@x;1\nu@x;1\n"},
        CSV,
        {},
        [("a.csv › row 3", "Rows 2 and 3 are the same Users and agree.", "")],
    ),
    (
        "not-planned-yet",
        user("phone: V"),
        ROW,
        "source: {file: a.csv, delimiter: ;}\nmask: [Users/phone]",
        {},
        [
            (
                "recipe.yaml:3:1",
                "`mask` is read and checked, but this version makes no plan with it.",
                "Remove it to plan the rest, or use a newer importer",
            )
        ],
    ),
    (
        "not-planned-yet",
        "- {to: Users, match: email, expect: [rows > 0], fields: {email: Mail, phone: V}}",
        ROW,
        CSV,
        {},
        [
            (
                "recipe.yaml:4:31",
                "`expect` is read and checked, but this version makes no plan with it.",
                "Remove it to plan the rest, or use a newer importer",
            )
        ],
    ),
    (
        "file-missing",
        user("phone: V"),
        {"ab.csv": "Mail;V\nu@x;1\n"},
        "source: {file: aa.csv, delimiter: ;}",
        {},
        [("recipe.yaml:2:16", 'There is no file "aa.csv".', 'Nearest: "ab.csv" (0.83)')],
    ),
    (
        "total-row",
        user("phone: V, name: Name"),
        {"a.csv": "Name;Mail;V\nA;u@x;1\nИтого:;;2\n"},
        CSV,
        {},
        [
            (
                "a.csv › A3",
                'Row 3 looks like a total ("Итого:"); it is left out.',
                'Say so in the recipe: `when: row.Name != "Итого:"`',
            )
        ],
    ),
    (
        "ambiguous",
        user("department: V"),
        {"a.csv": "Mail;V\nu@x;Sales\n"},
        CSV,
        {
            "Departments": [
                {"id": "6f9619ff-8b86-d011-b42d-00c04fc964f1", "name": "Sales"},
                {"id": "6f9619ff-8b86-d011-b42d-00c04fc964f2", "name": "Sales"},
            ]
        },
        [
            (
                "a.csv › B2",
                '"Sales" is 2 Departments: "Sales" (6f9619ff-8b86-d011-b42d-00c04fc964f1), "Sales" (6f9619ff-8b86-d011-b42d-00c04fc964f2).',
                "Write the value that tells them apart, narrow with `where`, or use another property in `by`",
            )
        ],
    ),
]


def lay(world: World, name: str, content: str | bytes | Sequence[Sequence[object]]) -> None:
    """Put a file into the folder: as it stands, or a workbook of rows."""
    path = world.folder / name
    if content == HIDDEN:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "Sheet1"
        for row in (["Mail", "V"], ["u@x", "1"], ["v@x", "2"]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        book.save(path)
    elif isinstance(content, str):
        path.write_bytes(content.encode())
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        world.write(name, content)


def told(world: World, steps: str, head: str) -> list[tuple[str, ...]]:
    """What `check` and, where it finds no error, `plan` tell: code, places, message, advice."""
    binding = world.bind(steps, head=head)
    found = [
        (code_of(item), str(item.place), item.message(), item.advice())
        for item in (*binding.problems, *binding.unplanned)
    ]
    if binding.sound and not binding.unplanned:
        found += [
            (item.code, ", ".join(map(str, item.places)), item.problem.message(), item.problem.advice())
            for item in world.plan(steps, head=head).problems
        ]
    # A plan repeats what the check has found.
    return list(dict.fromkeys(tuple(text.replace(f"{world.folder}/", "") for text in item) for item in found))


@pytest.mark.parametrize(
    ("code", "steps", "files", "head", "seeds", "expected"),
    CASES,
    ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)],
)
def test_words_and_place(
    world: World,
    code: str,
    steps: str,
    files: dict[str, Any],
    head: str,
    seeds: dict[str, Any],
    expected: list[tuple[str, str, str]],
) -> None:
    """Whoever has this in a recipe or a file is told where, what is wrong, and what would mend it."""
    for entity_set, entities in seeds.items():
        world.seed(entity_set, *entities)
    for name, content in files.items():
        lay(world, name, content)

    assert [item[1:] for item in told(world, steps, head) if item[0] == code] == expected


def test_every_code_has_its_words() -> None:
    """No code of names, files, cells and rows is without an example here."""
    assert {case[0] for case in CASES} == set(CODES)
