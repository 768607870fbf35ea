"""Makes two exports of an accounting system, one a month: cp1251, semicolons, decimal commas, dates like 31.12.25.

python samples/staff/make_staff.py
"""

import random
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, expected, file_truth, write

SEED = 20260101
HEAD = ("Таб. номер", "ФИО", "Должность", "Подразделение", "Дата увольнения", "Ставка")
DEPARTMENTS = {"Отд. аналитики": "01.1", "Отд. разработки": "01.2", "Бухгалтерия": "03.2"}


def contents():
    """Return the files by name."""
    seeded, mapped = random.Random(SEED), Mapped()
    step = mapped.step(
        "Users", "Users", ("code", "position", "department", "lastWorkDay", "isActive", "rate")
    )
    files, truths = {}, {}
    for month in (1, 2):
        page, lines = Page(), [HEAD]
        for number in range(12):
            row = number + 2
            code = f"{month * 100 + number:05}"
            department = [*DEPARTMENTS][seeded.randrange(3)]
            left = date(2025, 1, 9) + timedelta(days=seeded.randrange(300)) if number % 4 == 0 else None
            rate = f"{seeded.randrange(1000, 4000)},{seeded.randrange(100):02}"
            lines.append(
                (
                    code,
                    f"Работник {code}",
                    "инженер; 1 кат." if number == 3 else "инженер",
                    department,
                    f"{left:%d.%m.%y}" if left else "",
                    rate,
                )
            )
            values = {
                "code": code,
                "position": lines[-1][2],
                "department": DEPARTMENTS[department],
                "lastWorkDay": left and left.isoformat(),
                "isActive": "false" if left else None,
                "rate": rate.replace(",", "."),
            }
            step.row(row, values)
        if month == 2:
            lines += [
                ("00299", "Работник 00299", "инженер", "Склад", "", "1000"),
                ("00298", "Работник 00298", "инженер", "Бухгалтерия", "30.02.26", "1000"),
                ("00297", "Работник 00297", "инженер", "Бухгалтерия", "", "1000", "лишнее"),
            ]
            step.row(
                14,
                {"code": "00299", "position": "инженер", "rate": "1000"},
                codes={"department": "unmapped-value"},
            )
            step.says("unmapped-value", "D14")
            step.row(
                15,
                {"code": "00298", "position": "инженер", "department": "03.2", "rate": "1000"},
                codes={"lastWorkDay": "bad-date", "isActive": "expression-value"},
            )
            step.says("bad-date", "E15")
            step.says("expression-value", "E15")
            step.row(
                16,
                {"code": "00297", "position": "инженер", "department": "03.2", "rate": "1000"},
                codes={"": "ragged-row"},
            )
            page.says("ragged-row", "16")
        lines.append(("Всего:", str(len(lines) - 1)) + (("",) * 4))
        step.row(len(lines), fate="outside")
        for position, fields in enumerate(lines, start=1):
            page.line(position, fields)
        page.truth["header_row"] = 1
        page.says("guessed-encoding", "cp1251")
        page.says("guessed-delimiter", '";"')
        name = f"staff_2026-{month:02}.csv"
        files[name] = "".join(
            ";".join(f'"{text}"' if ";" in text else text for text in fields) + "\r\n" for fields in lines
        ).encode("cp1251")
        truths[name] = file_truth("csv", [page], encoding="cp1251", encoding_how="guess", delimiter=";")
    table = "from,to\n" + "".join(f"{name},{code}\n" for name, code in DEPARTMENTS.items())
    return {**files, "departments.csv": table, "expected.json": expected(truths, {"staff.yaml": mapped})}


if __name__ == "__main__":
    write(__file__, contents())
