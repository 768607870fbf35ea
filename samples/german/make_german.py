"""Makes Personal_2026.csv: a German export, Windows-1252, decimal commas, points between thousands, dd.mm.yyyy.

python samples/german/make_german.py
"""

import random
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, expected, file_truth, write

SEED = 1252
FILE = "Personal_2026.csv"
HEAD = ("Personal-Nr.", "Name", "Straße", "Eintritt", "Satz €/h", "Homeoffice", "Stunden", "E-Mail")
NAMES = ("code", "name", "description", "firstWorkDay", "rate", "remote", "hours", "email")
# fmt: off
TRAPS = (
    (("0007", "Müller, Jürgen", "Große Gasse 5", "01.02.2026", "1.234,56 €", "ja", "38,5", "J.Mueller@nordlicht.example"), ("0007", "Müller, Jürgen", "Große Gasse 5", "2026-02-01", "1234.56", "true", "38.5", "j.mueller@nordlicht.example"), {}),
    (("0008", "Weiß; Änne", "“Am Markt” 1", "1. März 2026", "98,5", "nein", "40", "a.weiss@nordlicht.example"), ("0008", "Weiß; Änne", "“Am Markt” 1", "2026-03-01", "98.5", "false", "40", "a.weiss@nordlicht.example"), {}),
    (("0009", "Œuvrard–Šimek, Zoë", "", "31.04.2026", "95,00", "x", "", "z@nordlicht.example"), ("0009", "Œuvrard–Šimek, Zoë", None, None, "95", "true", None, "z@nordlicht.example"), {"firstWorkDay": "bad-date"}),
    (("0010", "Öz, Ümit", "Ring 3", "03.04.26", "auf Anfrage", "", "20 Std.", "u@nordlicht.example"), ("0010", "Öz, Ümit", "Ring 3", "2026-04-03", None, None, None, "u@nordlicht.example"), {"rate": "bad-number", "hours": "bad-number"}),
)
# fmt: on


def contents():
    """Return the files by name."""
    seeded, mapped, page = random.Random(SEED), Mapped(), Page()
    step = mapped.step("Users", "Users", NAMES)
    page.truth["header_row"] = 1
    page.says("guessed-encoding", "cp1252")
    page.says("guessed-delimiter", '";"')
    lines, items = [HEAD], list(TRAPS)
    for number in range(12):
        day = date(2015, 1, 5) + timedelta(days=seeded.randrange(4000))
        rate = Decimal(seeded.randrange(5000, 200000)) / 100
        german = f"{rate:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
        written = (
            f"{number + 20:04}",
            f"Schäfer{number}, Jörg",
            f"Lindenstraße {number}",
            f"{day:%d.%m.%Y}",
            german,
            "ja",
            "40",
            f"s{number}@nordlicht.example",
        )
        items.append((written, (*written[:3], day.isoformat(), f"{rate}", "true", "40", written[7]), {}))
    for row, (written, meant, codes) in enumerate(items, start=2):
        lines.append(written)
        step.row(row, dict(zip(NAMES, meant, strict=True)), codes=codes)
        for name, code in codes.items():
            step.says(code, f"{'ABCDEFGH'[NAMES.index(name)]}{row}")
    for row, fields in enumerate(lines, start=1):
        page.line(row, fields)
    text = "".join(
        ";".join(f'"{field}"' if ";" in field else field for field in fields) + "\r\n" for fields in lines
    )
    truth = file_truth("csv", [page], encoding="cp1252", encoding_how="guess", delimiter=";")
    return {FILE: text.encode("cp1252"), "expected.json": expected({FILE: truth}, {"personal.yaml": mapped})}


if __name__ == "__main__":
    write(__file__, contents())
