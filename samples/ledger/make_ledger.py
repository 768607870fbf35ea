"""Makes a report as 1C saves it, with row groups, indents, two header rows and totals: ledger.xlsx, and ledger.xls by LibreOffice.

`ledger.xls` is made only with the option --convert, which needs `soffice`; its cells are those of the .xlsx.

    python samples/ledger/make_ledger.py [FOLDER] [--convert]
"""

import random
import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import BOLD, Mapped, Page, converted, expected, file_truth, new_book, packed, write
from openpyxl.styles import Alignment

SEED = 20260131
AMOUNT = "#,##0.00;[Red]-#,##0.00"
# Depth, name, code; amounts are drawn for the leaves.
TREE = (
    (0, "Администрация", "00-000001"),
    (1, "Аренда", "00-000002"),
    (1, "Связь", (3, '"00-"000000')),
    (2, "Интернет", "00-000004"),
    (2, "Телефон", None),
    (0, "Производство", "00-000010"),
    (1, "Внедрение", "00-000011"),
    (2, "Оплата труда", "00-000012"),
    (3, "Оклад", "00-000013"),
    (3, "Премия", "00-000014"),
    (2, "Командировки", "00-000015"),
    (1, "Скидки и возвраты", "00-000016"),
)
HEAD = "Подразделение, статья"


def contents():
    """Return the files by name."""
    seeded, book = random.Random(SEED), new_book()
    recipes = {"ledger.yaml": Mapped(), "ledger_xls.yaml": Mapped()}
    steps = [
        mapped.step(name, "CostLines", ("name", "code", "parent", "quantity", "amount", "period"))
        for mapped in recipes.values()
        for name in ("by_outline", "by_indent")
    ]
    page = Page(book.create_sheet("TDSheet"))
    page.put("A1", "Затраты по подразделениям").font = BOLD
    page.put("A2", "Период: Январь 2026 г.")
    page.put("A3", 'Отбор: Организация Равно "ООО Северный контур"')
    page.row(5, (HEAD, "Код", "Оборот"))
    page.row(6, (None, None, "Количество", "Сумма"))
    page.truth["header_row"] = 6
    for area in ("A1:D1", "A5:A6", "B5:B6", "C5:D5"):
        page.merge(area)
    leaves = [
        position
        for position, (depth, *_) in enumerate(TREE)
        if position + 1 == len(TREE) or TREE[position + 1][0] <= depth
    ]
    amounts = {position: Decimal(seeded.randrange(10**5, 10**8)) / 100 for position in leaves}
    amounts[len(TREE) - 1] *= -1
    quantities = {position: seeded.randrange(1, 40) for position in leaves}
    above = []
    for position, (depth, name, code) in enumerate(TREE):
        row = position + 7
        below = [
            n
            for n in range(position + 1, len(TREE))
            if all(TREE[m][0] > depth for m in range(position + 1, n + 1))
        ]
        amount = amounts.get(position, sum((amounts.get(n, 0) for n in below), Decimal(0)))
        page.row(row, (name, code, quantities.get(position), (float(amount), AMOUNT)))
        if depth:
            page.sheet[f"A{row}"].alignment = Alignment(indent=depth * 2)
            page.truth["cells"][str(row)]["A"].append({"indent": depth * 2})
            page.sheet.row_dimensions[row].outlineLevel = depth
        above = [*above[:depth], name]
        for step in steps:
            # fmt: off
            step.row(row, {"name": name, "code": code if isinstance(code, str) else "00-000003" if code else None, "parent": above[-2] if depth else None,
                           "quantity": str(quantities[position]) if position in quantities else None, "amount": f"{amount}", "period": "2026-01-31"})
            # fmt: on
    total = len(TREE) + 7
    page.row(total, ("Итого", None, sum(quantities.values()), (float(sum(amounts.values())), AMOUNT)))
    for step in steps:
        step.row(total, fate="outside")
    page.sheet.sheet_properties.outlinePr.summaryBelow = False
    files = {"ledger.xlsx": packed(book)}
    if "--convert" in sys.argv:
        sys.argv.remove("--convert")
        files["ledger.xls"] = converted(files["ledger.xlsx"], "xls")
    truths = {"ledger.xlsx": file_truth("xlsx", [page]), "ledger.xls": file_truth("xls", [page])}
    return {**files, "expected.json": expected(truths, recipes)}


if __name__ == "__main__":
    write(__file__, contents())
