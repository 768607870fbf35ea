"""The examples of the language's design pass `check`, each against a service and files that fit it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from importer.planner import bind_recipe
from importer.planner.binding import Binding
from importer.problems.problem import code_of, severity_of
from importer.recipe import read_recipe, read_settings
from importer.sandbox import load_service, plain_service, running
from importer.service import Service, open_service
from tests.building import make_workbook

WHOLE = Path(__file__).parents[4] / "shared" / "timetta" / "metadata.xml"
EXAMPLES = Path(__file__).parent / "examples"
Rows = list[list[object]]


@contextmanager
def northwind() -> Iterator[Service]:
    """A service of orders, customers and people's trips."""
    with running(plain_service((EXAMPLES / "northwind.xml").read_bytes(), "northwind")) as found:
        service = open_service("northwind", found.url, pause=lambda _: None)
        yield service
        service.close()


@contextmanager
def timetta() -> Iterator[Service]:
    """The service that the sandbox has by itself."""
    with running(load_service("timetta")) as found:
        service = open_service("timetta", found.url, dialect="timetta", pause=lambda _: None)
        yield service
        service.close()


@contextmanager
def whole_timetta() -> Iterator[Service]:
    """The same with the whole of the service's own metadata."""
    with running(plain_service(WHOLE.read_bytes(), "timetta")) as found:
        service = open_service("timetta", found.url, dialect="timetta", pause=lambda _: None)
        yield service
        service.close()


def headed(text: str, above: int = 0) -> Rows:
    """Return a sheet with headers and a row of one value each, some lines above."""
    headers = text.split("|")
    return [*([["…"]] * above), list(headers), ["x"] * len(headers)]


def starters(folder: Path) -> None:
    make_workbook(folder / "starters.xlsx", Sheet1=headed("ФИО|E-mail|Отдел|Должность|Дата приёма"))


def accounting(folder: Path) -> None:
    (folder / "exports").mkdir()
    (folder / "maps").mkdir()
    text = "Таб. номер;Должность;Подразделение;Дата увольнения\n1;x;y;31.12.25\n"
    (folder / "exports" / "staff_1.csv").write_bytes(text.encode("cp1251"))
    (folder / "maps" / "departments.csv").write_text("from,to\ny,1\n", "utf-8")


def onboarding(folder: Path) -> None:
    two = [
        [
            "Проект|Заказчик|ИНН|Аккаунт-менеджер|Шифр|РП|Биллинг|Сроки|x|Комментарий|Статус|Команда|Роль в проекте"
        ],
    ]
    upper: list[object] = [*two[0][0].split("|")]
    lower: list[object] = [None] * len(upper)
    upper[8], lower[7], lower[8] = None, "Начало", "Окончание"
    path = make_workbook(
        folder / "onboarding.xlsx",
        Отделы=headed("Код|Отдел|Входит в"),
        Сотрудники=headed(
            "E-mail|Фамилия|Имя|Отчество|Табельный №|Отдел|Руководитель|Роль|Грейд|Телефон|Дата приёма|Статус"
        ),
        Проекты=[["Проекты"], [], upper, lower, ["x"] * len(upper)],
        Задачи=headed("Проект|Задача|№|Начало|Окончание|Часы, план"),
    )
    from openpyxl import load_workbook

    book = load_workbook(path)
    book["Проекты"].merge_cells("H3:I3")
    book.save(path)


def sales(folder: Path) -> None:
    make_workbook(
        folder / "sales.xlsx",
        **{
            "Products": headed("Category|Product|Supplier|Country|Price|Status"),
            "Orders": headed("Customer code|Customer|Country|Order #|Date|Ship to"),
            "Order lines": headed("Order #|Product|Price|Qty|Discount"),
        },
    )


def people(folder: Path) -> None:
    make_workbook(
        folder / "people.xlsx",
        People=headed("Login|First name|Last name|Sex|E-mails|Street|City|Friends"),
        Managers=headed("Login|First name|Last name|Budget"),
        Trips=headed("Login|Trip|Start|End|Budget"),
    )


def errors(binding: Binding) -> list[str]:
    return [
        f"{item.place} {code_of(item)} {item.message()}"
        for item in binding.problems
        if severity_of(item) == "error"
    ]


@pytest.mark.parametrize(
    ("name", "service", "files", "settings"),
    [
        ("flat", timetta, starters, ()),
        ("accounting", timetta, accounting, ()),
        pytest.param(
            "onboarding",
            whole_timetta,
            onboarding,
            ("customer=ACME", "project_lifecycle=a5e16802-23d9-48be-99bb-02d9e34c7409"),
            marks=pytest.mark.skipif(
                not WHOLE.is_file(), reason="the whole metadata are not beside the project"
            ),
        ),
        ("northwind", northwind, sales, ()),
        ("trippin", northwind, people, ()),
    ],
)
def test_example(
    name: str,
    service: Callable[[], object],
    files: Callable[[Path], None],
    settings: tuple[str, ...],
    tmp_path: Path,
) -> None:
    """Nothing in it is wrong."""
    files(tmp_path)
    path = tmp_path / f"{name}.yaml"
    path.write_bytes((EXAMPLES / f"{name}.yaml").read_bytes())
    recipe = read_recipe(path, path.name, given=read_settings(settings))
    with service() as found:  # type: ignore[attr-defined]
        binding = bind_recipe(recipe, found, project=tmp_path)

    assert errors(binding) == []
    assert [step.name for step in binding.steps] == [step.name for step in recipe.steps]
