"""Makes waybills.txt: the export of an old program, code page 866, `|` between the values, a title and rulers of its own.

python samples/waybills/make_waybills.py
"""

import random
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, expected, file_truth, write

SEED = 866
HEAD = ("Номер", "Дата", "Контрагент", "Вес, кг", "Сумма", "Оплачено", "Примечание")
NAMES = ("number", "date", "organization", "weight", "amount", "paid", "note")
# As written, and as meant: number, day, client, weight, amount, paid, note; then what is wrong.
# fmt: off
TRAPS = (
    (("000101", "12.01.2026", "Ёлочка", "1 234,5", "(150,00)", "+", "возврат"), ("000101", "2026-01-12", "Ёлочка", "1234.5", "-150", "true", "возврат"), {}),
    (("000102", "13 янв 2026 г.", 'ООО "Ромашка"', "0,75", "1.450,00", "да", "№ 5-ё"), ("000102", "2026-01-13", 'ООО "Ромашка"', "0.75", "1450", "true", "№ 5-ё"), {}),
    (("000103", "13/14/2026", "Вымпел", "12,0", "300-", "нет", ""), ("000103", None, "Вымпел", "12", "-300", "false", None), {"date": "bad-date"}),
    (("000104", "14.01.26", "Вымпел", "1.234", "25 руб.", "х", ""), ("000104", "2026-01-14", "Вымпел", None, "25", "true", None), {"weight": "bad-number"}),
    (("000105", "2026-01-15", "Гранит", "1,5E3", "12 %", "может быть", ""), ("000105", "2026-01-15", "Гранит", "1500", "0.12", None, None), {"paid": "bad-boolean"}),
    (("000106", "03/04/2026", "Гранит", "", "", "-", "не отгружено"), ("000106", None, "Гранит", None, None, "false", "не отгружено"), {"date": "ambiguous-date"}),
)
# fmt: on


def contents():
    """Return the files by name."""
    seeded, mapped, page = random.Random(SEED), Mapped(), Page()
    step = mapped.step("Waybills", "Waybills", NAMES)
    page.truth["header_row"] = 3
    page.says("guessed-encoding", "cp866")
    page.says("guessed-delimiter", '"|"')
    lines = [["Реестр накладных за январь 2026 г."], [], list(HEAD)]
    items = list(TRAPS)
    for number in range(12):
        day = date(2026, 1, 16) + timedelta(days=number)
        weight, amount = (
            Decimal(seeded.randrange(1, 9000)) / 10,
            Decimal(seeded.randrange(10**4, 10**8)) / 100,
        )
        written = (
            f"{200 + number:06}",
            f"{day:%d.%m.%Y}",
            "Север-Банк",
            f"{weight}".replace(".", ","),
            f"{amount:,.2f}".replace(",", " ").replace(".", ","),
            "да",
            "",
        )
        items.append(
            (written, (written[0], day.isoformat(), "Север-Банк", f"{weight}", f"{amount}", "true", None), {})
        )
    for written, meant, codes in items:
        # Columns are padded, as on paper.
        lines.append([f"{text:<8}" for text in written])
        row = len(lines)
        step.row(row, dict(zip(NAMES, meant, strict=True)), codes=codes)
        for name, code in codes.items():
            step.says(code, f"{'ABCDEFG'[NAMES.index(name)]}{row}")
    lines.append(["", "", "ИТОГО:", "", "1 000 000,00", "", ""])
    step.row(len(lines), fate="skip")
    step.says("total-row", f"C{len(lines)}")
    for position, fields in enumerate(lines, start=1):
        page.line(position, fields)
    content = "".join("|".join(fields) + "\r\n" for fields in lines).encode("cp866")
    truth = file_truth("csv", [page], encoding="cp866", encoding_how="guess", delimiter="|")
    return {
        "waybills.txt": content,
        "expected.json": expected({"waybills.txt": truth}, {"waybills.yaml": mapped}),
    }


if __name__ == "__main__":
    write(__file__, contents())
