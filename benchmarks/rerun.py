"""Planning 10,000 unchanged rows against the sandbox, against reading the same pages raw and decoding them with msgspec.

Starting the process, reading the recipe and the metadata is a budget of its own: it is what the plan of the first ten rows takes.
`python -m benchmarks.rerun 100000` measures another number of rows.
"""

import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import msgspec
from openpyxl import Workbook

from benchmarks.workbooks import as_excel_writes

ROWS = 10_000
FEW = 10
ROUNDS = 5
RECIPE = """\
recipe: 1
source: {file: book.xlsx, locale: ru}
steps:
  - to: Users
    match: email
    fields:
      email: E-mail
      name: ФИО
      code: Код
      position: Должность
      phone: Телефон
      firstWorkDay: Приём
      lastWorkDay: Уход
      decimalValue1: Ставка
      stringValue1: Комментарий
      level: Уровень
      role: Роль
      description: Описание
"""
SELECT = "id,email,name,code,position,phone,firstWorkDay,lastWorkDay,decimalValue1,stringValue1,levelId,roleId,description"


def main(rows: int = ROWS) -> None:
    """Print the ratios of the fastest rounds, and the peak memory of the plan."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = subprocess.Popen(
            [sys.executable, "-m", "importer", "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            _prepare(folder, url, rows)
            plans, starts, raws = [], [], []
            for number in range(ROUNDS):
                raws.append(_read_raw(url, rows))
                starts.append(_plan(folder, f"few{number}.plan", recipe="few.yaml"))
                plans.append(_plan(folder, f"again{number}.plan"))
        finally:
            server.terminate()
            server.wait()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    whole, start, raw = min(plans), min(starts), min(raws)
    print(
        f"rerun     plan of {rows} unchanged rows {whole:.2f} s, of which start-up (a plan of {FEW} rows) {start:.2f} s; "
        f"the same pages raw {raw:.2f} s: ratio {(whole - start) / raw:.1f}, with start-up {whole / raw:.1f}; "
        f"peak memory {peak:.0f} MiB (largest child process)"
    )


def _prepare(folder: Path, url: str, rows: int) -> None:
    (folder / "importer.yaml").write_text(
        f"importer: 1\ndefault_profile: s\nreport: []\nprofiles:\n  s: {{url: {url}, dialect: timetta, settle: 0.1}}\n",
        "utf-8",
    )
    (folder / "recipe.yaml").write_text(RECIPE, "utf-8")
    (folder / "few.yaml").write_text(RECIPE.replace("book.xlsx", "few.xlsx"), "utf-8")
    _write_book(folder / "few.xlsx", FEW)
    _write_book(folder / "book.xlsx", rows)
    _plan(folder, "first.plan")
    _importer(folder, "apply", "first.plan", "--yes", "--no-input", "-q")


def _write_book(path: Path, rows: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Люди")
    sheet.append(
        [
            "E-mail",
            "ФИО",
            "Код",
            "Должность",
            "Телефон",
            "Приём",
            "Уход",
            "Ставка",
            "Комментарий",
            "Уровень",
            "Роль",
            "Описание",
        ]
    )
    levels = ["L1 Стажер", "L2 Младший специалист", "L3 Специалист"]
    for n in range(rows):
        day = f"{1 + n % 28:02}.{1 + n % 12:02}.2024"
        sheet.append(
            [
                f"p{n}@example.ru",
                f"Сотрудник Номер {n}",
                f"{n:06}",
                "консультант",
                f"+7 000 {n:07}",
                day,
                None,
                f"{1000 + n % 500},25",
                f"из кадров, строка {n}",
                levels[n % 3],
                "Консультант",
                "перенесён при внедрении",
            ]
        )
    book.save(path)
    as_excel_writes(path)


def _plan(folder: Path, output: str, recipe: str = "recipe.yaml") -> float:
    return _importer(folder, "plan", recipe, "-o", output, "-q")


def _importer(folder: Path, *arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "importer", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begun


def _read_raw(url: str, rows: int) -> float:
    """Read what the plan reads, in the same pages, and decode it to Python values."""
    begun = time.perf_counter()
    decoder = msgspec.json.Decoder()
    last, count = "", 0
    while True:
        after = f"&$filter=id%20gt%20{last}" if last else ""
        with urllib.request.urlopen(f"{url}/Users?$select={SELECT}&$orderby=id&$top=1000{after}") as answer:
            page = decoder.decode(answer.read())["value"]
        count += len(page)
        if len(page) < 1000:
            break
        last = page[-1]["id"]
    assert count >= rows
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
