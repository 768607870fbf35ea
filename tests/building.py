"""Makers of workbooks, recipes and projects for tests: small, seeded, as customers write them."""

import io
import json
import random
import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from importer.cli.main import run


@dataclass(frozen=True)
class Run:
    """What a command printed and how it ended."""

    exit: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document on standard output."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def codes(self) -> list[str]:
        """The codes of the document's problems, in order."""
        return [problem["code"] for problem in self.document["problems"]]


@dataclass(frozen=True)
class Project:
    """A consultant's folder with one profile."""

    folder: Path

    def run(self, *arguments: object) -> Run:
        """Run the command line in this project."""
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run([str(item) for item in arguments] + ["--project", str(self.folder)])
        out.flush()
        return Run(code, out.buffer.getvalue().decode(), err.getvalue())  # type: ignore[attr-defined]

    def path(self, name: str) -> Path:
        return self.folder / name

    def plan(self, recipe: str = "recipe.yaml", output: str = "the.plan", *more: object) -> Run:
        """Plan with JSON, overwriting."""
        return self.run("plan", self.path(recipe), "-o", self.path(output), "--force", "--json", *more)

    def apply(self, plan: str = "the.plan", *more: object) -> Run:
        """Apply with JSON and a yes."""
        return self.run("apply", self.path(plan), "--yes", "--skip-blocked", "--json", *more)


def make_project(folder: Path, url: str, *, dialect: str | None = None, **settings: object) -> Project:
    """Write importer.yaml with the profile `service`."""
    lines = [
        "importer: 1",
        "default_profile: service",
        "report: []",
        "profiles:",
        "  service:",
        f"    url: {url}",
        "    settle: 0.1",
    ]
    if dialect:
        lines.append(f"    dialect: {dialect}")
    lines += [f"    {name}: {value}" for name, value in settings.items()]
    (folder / "importer.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return Project(folder)


def make_workbook(path: Path, **sheets: Iterable[Sequence[object]]) -> Path:
    """Write a workbook with a sheet per keyword; the rows begin in row 1."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def staff(seed: int, people: int, departments: int = 12) -> dict[str, list[list[object]]]:
    """Rows of a tree of departments (children may stand above parents) and of people with chiefs."""
    dice = random.Random(seed)
    tree: list[list[object]] = [["Отдел", "Код", "Входит в"]]
    body = [
        [f"Отдел {n}", f"{n:03}", None if n == 0 else f"Отдел {dice.randrange(n)}"]
        for n in range(departments)
    ]
    dice.shuffle(body)
    rows: list[list[object]] = [["ФИО", "E-mail", "Отдел", "Руководитель", "Дата приёма", "Ставка"]]
    for n in range(people):
        chief = f"Сотрудник {dice.randrange(n)}" if n and dice.random() < 0.6 else None
        rows.append(
            [
                f"Сотрудник {n}",
                f"p{n}@example.ru",
                f"Отдел {dice.randrange(departments)}",
                chief,
                f"{1 + n % 28:02}.03.2024",
                f"{1000 + n},50",
            ]
        )
    people_rows = rows[1:]
    dice.shuffle(people_rows)
    return {"Отделы": [*tree, *body], "Сотрудники": [rows[0], *people_rows]}


# One recipe shape for every service: only the names of properties differ.
STAFF = """\
recipe: 1
service: service
source: {{file: book.xlsx, locale: ru}}
steps:
  - name: departments
    from: Отделы
    to: Departments
    match: {{any: [code, name]}}
    fields:
      code: Код
      name: Отдел
      {parent}: Входит в
  - name: users
    from: Сотрудники
    to: Users
    match: email
    fields:
      email: E-mail
      name: ФИО
      department: Отдел
      {chief}: Руководитель
      {hired}: Дата приёма
      {rate}: Ставка
"""
TIMETTA = {
    "parent": "leadDepartment",
    "chief": "supervisor",
    "hired": "firstWorkDay",
    "rate": "decimalValue1",
}
CAP = {"parent": "parent", "chief": "manager", "hired": "hireDate", "rate": "rate"}


def python() -> str:
    """The interpreter that runs the tests."""
    return sys.executable
