"""Makes licences.ods by way of LibreOffice: dates with a clock, booleans, durations, percentages, currencies, formulas, a hidden sheet.

`licences.ods` is made only with the option --convert, which needs `soffice`; its cells are those that this script states.

    python samples/licences/make_licences.py [FOLDER] [--convert]
"""

import random
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, converted, expected, file_truth, new_book, packed, write
from openpyxl.comments import Comment

SEED = 20260401
HEAD = (
    "Номер",
    "Продукт",
    "Мест",
    "Цена",
    "Действует до",
    "Куплено",
    "Бессрочная",
    "Поддержка",
    "Скидка",
    "Держатель",
    "Сумма",
)
NAMES = (
    "number",
    "product",
    "seats",
    "price",
    "validUntil",
    "purchased",
    "perpetual",
    "support",
    "discount",
    "holder",
)


def contents():
    """Return the files by name."""
    seeded, book, mapped = random.Random(SEED), new_book(), Mapped()
    page, prices = Page(book.create_sheet("Лицензии")), Page(book.create_sheet("Справочник"), state="hidden")
    prices.sheet.sheet_state = "hidden"
    page.put("A1", "Учёт лицензий")
    page.merge("A1:K1")
    page.head(3, HEAD)
    step = mapped.step("Licences", "Licences", NAMES)
    for number in range(8):
        row = number + 4 + (2 if number > 4 else 0)  # two blank lines
        code, seats = 70 + number, seeded.randrange(1, 50)
        price = Decimal(seeded.randrange(1000, 99999)) / 100
        until = date(2026, 5, 1) + timedelta(days=seeded.randrange(700))
        start = datetime(2024, 1, 9, 9, 30)  # noqa: DTZ001 - a cell has no zone
        bought = start + timedelta(minutes=15 * seeded.randrange(40000))
        hours, discount = seeded.randrange(1, 60), seeded.randrange(0, 8) * 5
        perpetual = number % 3 == 0
        # fmt: off
        page.row(row, (
            (code, "000000"), "Сервер" if number % 2 else "Рабочее место", seats, (float(price), '#,##0.00"₽"'), None if perpetual else until,
            (bought, "DD.MM.YYYY HH:MM"), perpetual, (timedelta(hours=hours, minutes=30), "[H]:MM"), (discount / 100, "0%"), "Ким А." if number != 2 else "—",
        ))
        # fmt: on
        page.put(f"K{row}", f"=C{row}*D{row}", reads=["number", f"{(seats * price).normalize():f}"])
        # fmt: off
        step.row(row, {
            "number": f"{code:06}", "product": "Сервер" if number % 2 else "Рабочее место", "seats": f"{seats}", "price": f"{price}",
            "validUntil": None if perpetual else until.isoformat(), "purchased": f"{bought - timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}", "perpetual": str(perpetual).lower(),
            "support": f"PT{hours}H30M", "discount": f"{Decimal(discount) / 100}", "holder": "Ким А." if number != 2 else None,
        })
        # fmt: on
    page.row(15, ("000099", "Сервер", "пять", 10, "31.12.2026", None, "да", "8:30", "10 %", "Ким А."))
    step.row(
        15,
        {
            "number": "000099",
            "product": "Сервер",
            "price": "10",
            "validUntil": "2026-12-31",
            "perpetual": "true",
            "support": "PT8H30M",
            "discount": "0.1",
            "holder": "Ким А.",
        },
        codes={"seats": "bad-number"},
    )
    step.says("bad-number", "Лицензии!C15")
    page.hide_rows(6)
    page.says("hidden-rows", "1")
    page.sheet["B5"].comment = Comment("продлить", "Учёт")
    page.says("cell-notes", "B5")
    prices.head(1, ("Продукт", "Цена"))
    prices.row(2, ("Сервер", 100.5))
    content = packed(book)
    files = {}
    if "--convert" in sys.argv:
        sys.argv.remove("--convert")
        files["licences.ods"] = converted(content, "ods")
    return {
        **files,
        "expected.json": expected(
            {"licences.ods": file_truth("ods", [page, prices])}, {"licences.yaml": mapped}
        ),
    }


if __name__ == "__main__":
    write(__file__, contents())
