"""Makes people.txt as Excel's «Unicode text» is: UTF-16 with a byte order mark, tabs, CRLF, quoted texts with line breaks.

python samples/unicode_text/make_unicode_text.py
"""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, expected, file_truth, write

SEED = 16
HEAD = ("Таб. №", "ФИО", "Должность", "Примечание", "Принят", "Часов в день")
NAMES = ("code", "name", "position", "description", "firstWorkDay", "hours")
# As the file says it between tabs, as the cell reads, as it is mapped.
# fmt: off
TRAPS = (
    (("0001", "Қасымов Әли", "инженер", '"знает ""1С"""', "01.02.2026", "8,0"), {3: 'знает "1С"'}, ("0001", "Қасымов Әли", "инженер", 'знает "1С"', "2026-02-01", "8")),
    (("0002", "Їжак Ґалаґан", '"инженер\n2 категории"', "", "2 февраля 2026 г.", "7,5"), {2: "инженер\n2 категории"}, ("0002", "Їжак Ґалаґан", "инженер\n2 категории", None, "2026-02-02", "7.5")),
    (("0003", "  Müller   Jürgen", "консультант", "a,b;c", "", ""), {}, ("0003", "Müller Jürgen", "консультант", "a,b;c", None, None)),
    (("0004", "Зо\u00adтов\u200b Иван", "консультант", "😀 смайл", "03.02.2026", "8"), {}, ("0004", "Зотов Иван", "консультант", "😀 смайл", "2026-02-03", "8")),
    (("0005", "Йод Ёлкин".replace("Й", "И\u0306"), "консультант", '5" труба', "04.02.2026", "8"), {}, ("0005", "Йод Ёлкин", "консультант", '5" труба', "2026-02-04", "8")),
)
# fmt: on


def contents():
    """Return the files by name."""
    seeded, mapped, page = random.Random(SEED), Mapped(), Page()
    step = mapped.step("Users", "Users", NAMES)
    page.truth["header_row"] = 1
    page.says("guessed-delimiter", "\\t")
    page.says("invisible-characters", "B6")
    page.line(1, HEAD)
    items = list(TRAPS)
    for number in range(10):
        day, hours = seeded.randrange(1, 29), seeded.randrange(1, 9)
        written = (
            f"{number + 10:04}",
            f"Сотрудник {number}",
            "инженер",
            "",
            f"{day:02}.03.2026",
            f"{hours},25",
        )
        items.append((written, {}, (*written[:3], None, f"2026-03-{day:02}", f"{hours}.25")))
    lines, row = ["\t".join(HEAD)], 2
    for written, reads, meant in items:
        lines.append("\t".join(written))
        page.line(row, [reads.get(position, text) for position, text in enumerate(written)])
        step.row(row, dict(zip(NAMES, meant, strict=True)))
        row += 1 + sum(text.count("\n") for text in written)
    content = b"\xff\xfe" + "".join(line + "\r\n" for line in lines).encode("utf-16-le")
    truth = file_truth("csv", [page], encoding="utf-16", encoding_how="bom", delimiter="\t")
    return {"people.txt": content, "expected.json": expected({"people.txt": truth}, {"people.yaml": mapped})}


if __name__ == "__main__":
    write(__file__, contents())
