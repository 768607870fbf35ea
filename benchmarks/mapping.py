"""Mapping rows of 12 fields by a compiled recipe, against a function written by hand for the same row; and what an expression adds."""

import gc
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from benchmarks.rerun import RECIPE
from importer.planner.binding import BoundStep, bind_recipe
from importer.planner.mapping import compile_step
from importer.recipe import read_recipe
from importer.sandbox import load_service, running
from importer.service import open_service
from importer.sources.table import Row

ROWS = 50_000
ROUNDS = 7
TODAY = datetime.now(UTC).date()
# Nothing of it repeats, so nothing can be remembered.
EXPRESSION = '      stringValue2: =row.Код ~ " " ~ row.ФИО\n'
HEADERS = "E-mail;ФИО;Код;Должность;Телефон;Приём;Уход;Ставка;Комментарий;Уровень;Роль;Описание"


def main() -> None:
    """Print the ratio of the fastest rounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        with running(load_service("timetta")) as sandbox:
            steps = [_bind(folder, sandbox.url, recipe) for recipe in (RECIPE, RECIPE + EXPRESSION)]
        rows = list(steps[0].table.sections[0].rows)
    mapped, more, by_hand = [], [], []
    gc.disable()  # as while planning
    for _ in range(ROUNDS):
        mapped.append(_timed(_compiled(steps[0]), rows))
        more.append(_timed(_compiled(steps[1]), rows))
        by_hand.append(_timed(_by_hand, rows))
    ours, theirs = min(mapped) / ROWS * 1e6, min(by_hand) / ROWS * 1e6
    print(
        f"mapping   {ROWS} rows of 12: {ours:.1f} µs a row, by hand {theirs:.1f} µs: ratio {ours / theirs:.1f}; "
        f"an expression {min(more) / ROWS * 1e6 - ours:.1f} µs more"
    )


def _by_hand(row: Row) -> dict[str, object]:
    email, name, code, position, phone, first, last, rate, comment, level, role, about = row.cells
    found: dict[str, object] = {
        "email": email.text,
        "name": name.text,
        "code": code.text,
        "position": position.text,
        "phone": phone.text,
        "stringValue1": comment.text,
        "level": level.text,
        "role": role.text,
        "description": about.text,
    }
    if first.text:
        found["firstWorkDay"] = _day(first.text)
    if last.text:
        found["lastWorkDay"] = _day(last.text)
    if rate.text:
        found["decimalValue1"] = Decimal(rate.text.replace(",", "."))
    return found


def _day(text: str) -> date:
    day, month, year = text.split(".")
    return date(int(year), int(month), int(day))


def _timed(map_row: Callable[[Row], object], rows: list[Row]) -> float:
    begun = time.process_time()
    found = [map_row(row) for row in rows]
    spent = time.process_time() - begun
    assert len(found) == ROWS
    return spent


def _compiled(step: BoundStep) -> Callable[[Row], object]:
    return compile_step(step, step.table.sections[0], TODAY, 0)


def _write(folder: Path) -> None:
    levels = ["L1 Стажер", "L2 Младший специалист", "L3 Специалист"]
    lines = (
        f"p{n}@example.ru;Сотрудник Номер {n};{n:06};консультант;+7 000 {n:07};{1 + n % 28:02}.{1 + n % 12:02}.2024;;"
        f"{1000 + n % 500},25;из кадров, строка {n};{levels[n % 3]};Консультант;перенесён при внедрении"
        for n in range(ROWS)
    )
    (folder / "book.csv").write_text("\n".join([HEADERS, *lines]), "utf-8")


def _bind(folder: Path, url: str, recipe: str) -> BoundStep:
    path = folder / "recipe.yaml"
    path.write_text(recipe.replace("book.xlsx", "book.csv"), "utf-8")
    service = open_service("sandbox", url, dialect="timetta")
    try:
        binding = bind_recipe(read_recipe(path, path.name), service, project=folder)
    finally:
        service.close()
    assert binding.sound, [problem.message() for problem in binding.problems]
    return binding.steps[0]
