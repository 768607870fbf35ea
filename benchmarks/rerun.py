"""Planning 10,000 unchanged rows against the sandbox, against reading the same pages raw and decoding them with msgspec."""

import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import msgspec
from openpyxl import Workbook

ROWS = 10_000
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


def main() -> None:
    """Print the ratio of the fastest rounds, and the peak memory of the plan."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = subprocess.Popen(
            [sys.executable, "-m", "importer", "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            _prepare(folder, url)
            plans, raws = [], []
            for number in range(ROUNDS):
                raws.append(_read_raw(url))
                plans.append(_plan(folder, f"again{number}.plan"))
        finally:
            server.terminate()
            server.wait()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"rerun     plan of {ROWS} unchanged rows {min(plans):.2f} s, the same pages raw {min(raws):.2f} s: "
        f"ratio {min(plans) / min(raws):.1f}; "
        f"peak memory {peak:.0f} MiB (largest child process)"
    )


def _prepare(folder: Path, url: str) -> None:
    (folder / "importer.yaml").write_text(
        f"importer: 1\ndefault_profile: s\nreport: []\nprofiles:\n  s: {{url: {url}, dialect: timetta, settle: 0.1}}\n",
        "utf-8",
    )
    (folder / "recipe.yaml").write_text(RECIPE, "utf-8")
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
    for n in range(ROWS):
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
    book.save(folder / "book.xlsx")
    _plan(folder, "first.plan")
    _importer(folder, "apply", "first.plan", "--yes", "--no-input", "-q")


def _plan(folder: Path, output: str) -> float:
    return _importer(folder, "plan", "recipe.yaml", "-o", output, "-q")


def _importer(folder: Path, *arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "importer", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begun


def _read_raw(url: str) -> float:
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
    assert count >= ROWS
    return time.perf_counter() - begun
