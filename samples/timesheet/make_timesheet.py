"""Makes two time sheets of an accountant: cp1251, semicolons, CRLF, a line above the header, a column for each day.

python samples/timesheet/make_timesheet.py
"""

import random
import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, expected, file_truth, write

SEED = 202603
MONTHS = {"табель_03.2026.csv": (3, "март"), "табель_04.2026.csv": (4, "апрель")}
DAYS = range(1, 32)
# Who, project, work, and what stands in which day; every other work day has a random number of hours. «О» is paid leave.
MARCH = (
    ("Ким Алёна", "SK-24-2026", "Обследование; интервью", {2: "О", 3: "О", 4: "О", 10: "7,5", 11: "8/2"}),
    ("Гусев Пётр Петрович", "SK-25-2026", 'Портал "Склад"', {16: "Б", 17: "Б", 20: "4.5", 21: " "}),
    ("Иванов И.И.", "SK-24-2026", "Отчёт", {5: "К", 6: "0", 30: "-"}),
)
# The sheet of March was copied over: April has thirty days.
APRIL = (("Ким Алёна", "SK-24-2026", "Отчёт", {1: "8", 30: "7,5", 31: "8"}),)
LETTERS = {"О": "П", "Б": "Б", "К": "К"}


def month(name, lines, steps, seeded, random_days):
    """Return the bytes of a file and its page."""
    number, title = MONTHS[name]
    page = Page()
    rows = [[f"Табель за {title} 2026"], ["ФИО", "Проект", "Работа", *map(str, DAYS), "Итого"]]
    for row, (who, project, work, given) in enumerate(lines, start=3):
        days = dict(given)
        for day in random_days:
            days.setdefault(day, str(seeded.randrange(4, 9)))
        cells = [days.get(day, "") for day in DAYS]
        total = sum(Decimal(cell.replace(",", ".")) for cell in cells if cell.replace(",", "").isdigit())
        # The last total is not the sum.
        shown = total + 1 if row == 5 else total
        rows.append([who, project, work, *cells, f"{shown}".replace(".", ",")])
        for day, cell in zip(DAYS, cells, strict=True):
            if cell.strip() and cell != "-":
                _entry(steps, row, number, day, cell, who, project, work)
    for position, fields in enumerate(rows, start=1):
        page.line(position, fields)
    page.truth["header_row"] = 2
    page.says("guessed-encoding", "cp1251")
    page.says("guessed-delimiter", '";"')
    return "".join(";".join(map(_quoted, fields)) + "\r\n" for fields in rows).encode("cp1251"), page


def _entry(steps, row, number, day, cell, who, project, work):
    hours, absences = steps
    letters = f"{chr(65 + (day + 2) % 26)}" if day < 24 else f"A{chr(65 + (day + 2) % 26)}"
    if cell in LETTERS:
        when = f"2026-{number:02}-{day:02}"
        absences.row(row, {"user": who, "timeOffType": LETTERS[cell], "startDate": when, "finishDate": when})
        hours.row(row, fate="not_for_step")
        return
    absences.row(row, fate="not_for_step")
    values = {
        "user": who,
        "project": project,
        "task": work,
        "date": f"2026-{number:02}-{day:02}",
        "hours": cell.replace(",", "."),
    }
    codes = {}
    if cell in ("8/2", "4.5"):
        codes["hours"] = "bad-number"
        hours.says("bad-number", f"{letters}{row}")
    if number == 4 and day == 31:
        codes["date"] = "expression-value"
        hours.says("expression-value", f"{letters}{row}")
    hours.row(row, {key: value for key, value in values.items() if key not in codes}, codes=codes)


def _quoted(text):
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ';" ') else text


def contents():
    """Return the files by name."""
    seeded, mapped = random.Random(SEED), Mapped()
    hours = mapped.step("hours", "TimeEntries", ("user", "project", "task", "date", "hours"))
    absences = mapped.step("absences", "TimeOffRequests", ("user", "timeOffType", "startDate", "finishDate"))
    march, april = MONTHS
    files, truths = {}, {}
    for name, lines, random_days in ((march, MARCH, (12, 13, 18, 19)), (april, APRIL, ())):
        files[name], page = month(name, lines, (hours, absences), seeded, random_days)
        truths[name] = file_truth("csv", [page], encoding="cp1251", encoding_how="guess", delimiter=";")
    return {**files, "expected.json": expected(truths, {"timesheet.yaml": mapped})}


if __name__ == "__main__":
    write(__file__, contents())
