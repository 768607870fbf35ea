"""Makes `onboarding.xlsx`: a questionnaire as a customer sends it, with the usual dirt and the mistakes that `expected.json` names.

Everybody in it is invented. The same seed gives the same cells, and the same bytes under one version of openpyxl and zlib:

    python samples/onboarding/make_workbook.py
"""

import io
import random
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

SEED = 20261101
NBSP = "\u00a0"
_MOMENT = (2026, 11, 1, 9, 0, 0)

# A code, a name, and the department above; parents stand below their children, and are written as people write them.
DEPARTMENTS = (
    (12, "Отдел продаж", "Коммерческий блок"),
    (10, "Коммерческий блок", "Дирекция"),
    (1, "Дирекция", None),
    (11, "Отдел маркетинга", "Коммерческий блок"),
    (20, "Производственный блок", "Дирекция "),
    (21, "Отдел внедрения", "Производственный блок"),
    (22, "Отдел разработки", "Производственный блок"),
    (23, "Отдел аналитики", f"производственный{NBSP}блок"),
    (24, "Отдел тестирования", "Отдел  разработки"),
    (30, "Финансы и учёт", "Дирекция"),
    (31, "Бухгалтерия", "Финансы и учет"),
    (40, "Отдел кадров", "Дирекция"),
    (41, "Учебный центр", "Отдел кадров"),
)


@dataclass(frozen=True)
class Person:
    """One line of «Сотрудники», before the dirt."""

    name: str
    email: str
    position: str
    department: str
    chief: str | None
    role: str
    level: str


# fmt: off
PEOPLE = (
    Person("Громова Ирина Сергеевна", "i.gromova", "Генеральный директор", "Дирекция", None, "Партнер", "L6 Руководитель"),
    Person("Соловьёв Артём Игоревич", "a.solovyov", "Коммерческий директор", "Коммерческий блок", "Громова Ирина Сергеевна", "Партнер", "L6 Руководитель"),
    Person("Беляев Максим Олегович", "m.belyaev", "Директор по производству", "Производственный блок", "Громова Ирина Сергеевна", "Партнер", "L6 Руководитель"),
    Person("Тимофеева Ольга Львовна", "o.timofeeva", "Финансовый директор", "Финансы и учёт", "Громова Ирина Сергеевна", "Партнер", "L6 Руководитель"),
    Person("Королёва Светлана Юрьевна", "s.korolyova", "Начальник отдела кадров", "Отдел кадров", "Громова Ирина Сергеевна", "Исполнитель", "L6 Руководитель"),
    Person("Зайцев Роман Андреевич", "r.zaytsev", "Руководитель отдела продаж", "Отдел продаж", "Соловьев Артем Игоревич", "Руководитель проектов", "L5 Ведущий специалист"),
    Person("Крылова Дарья Павловна", "d.krylova", "Руководитель отдела маркетинга", "Отдел маркетинга", "Соловьёв Артём Игоревич", "Исполнитель", "L5 Ведущий специалист"),
    Person("Семёнов Пётр Ильич", "p.semyonov", "Руководитель отдела внедрения", "Отдел внедрения", "Беляев Максим Олегович", "Руководитель проектов", "L5 Ведущий специалист"),
    Person("Орлова Марина Викторовна", "m.orlova", "Руководитель отдела разработки", "Отдел разработки", "Беляев Максим Олегович", "Архитектор", "L5 Ведущий специалист"),
    Person("Фёдоров Кирилл Денисович", "k.fyodorov", "Руководитель отдела аналитики", "Отдел аналитики", "БЕЛЯЕВ МАКСИМ ОЛЕГОВИЧ", "Консультант", "L5 Ведущий специалист"),
    Person("Гусева Алина Романовна", "a.guseva", "Менеджер по продажам", "Отдел продаж", "Зайцев Роман Андреевич", "Исполнитель", "L3 Специалист"),
    Person("Давыдов Глеб Николаевич", "g.davydov", "Менеджер по продажам", "Отдел прадаж", "Зайцев Роман Андреевич", "Исполнитель", "L3 Специалист"),
    Person("Ефимова Нина Борисовна", "n.efimova", "Старший менеджер по продажам", "Отдел продаж", f"Зайцев{NBSP}Роман Андреевич", "Исполнитель", "L4 Старший специалист"),
    Person("Жуков Степан Аркадьевич", "s.zhukov", "Менеджер по продажам", "Отдел продаж", "r.zaytsev@severveter.example", "Исполнитель", "L2 Младший специалист"),
    Person("Иванова Полина Ильинична", "p.ivanova", "Маркетолог", "Отдел маркетинга", "Крылова Дарья Павловна", "Исполнитель", "L3 Специалист"),
    Person("Карпов Лев Михайлович", "l.karpov", "Дизайнер", "Отдел маркетинга", "Крылова Дарья Павловна ", "Исполнитель", "L3 Специалист"),
    Person("Семенов Петр Ильич", "p.i.semenov", "Консультант", "Отдел внедрения", "Семёнов Пётр Ильич", "Консультант", "L3 Специалист"),
    Person("Лебедева Вера Антоновна", "v.lebedeva", "Консультант", "Отдел внедрения", "СЕМЕНОВ ПЕТР ИЛЬИЧ", "Консультант", "L3 Специалист"),
    Person("Макаров Игнат Семёнович", "i.makarov", "Старший консультант", "Отдел внедрения", "Семёнов Пётр Ильич", "Консультант", "L4 Старший специалист"),
    Person("Никитина Злата Егоровна", "z.nikitina", "Руководитель проектов", "Отдел внедрения", "p.semyonov@severveter.example", "Руководитель проектов", "L5 Ведущий специалист"),
    Person("Осипов Денис Ростиславович", "d.osipov", "Руководитель проектов", "отдел внедрения", "Семёнов Пётр Ильич", "руководитель проектов", "L4 Старший специалист"),
    Person("Панова Лидия Марковна", "l.panova", "Разработчик", "Отдел разработки", "Орлова Марина Викторовна", "Программист", "L3 Специалист"),
    Person("Рябов Тимур Вадимович", "t.ryabov", "Старший разработчик", "Отдел разработки", "Орлова Марина Викторовна", "Программист", "L4 Старший специалист"),
    Person("Савельева Юлия Глебовна", "yu.savelyeva", "Разработчик", "Отдел разработки", "Орлова Марина Викторовна", "Программист", "L3 Специалист"),
    Person("Титов Эдуард Петрович", "e.titov", "Архитектор", "Отдел разработки", "Орлова Марина Викторовна", "Архитектор", "L5 Ведущий специалист"),
    Person("Уварова Кира Олеговна", "k.uvarova", "Разработчик-стажёр", "Отдел разработки", "Титов Эдуард Петрович", "Программист", "L1 Стажер"),
    Person("Филатов Марк Юрьевич", "m.filatov", "Разработчик", "Отдел разработки", "Титов Эдуард Петрович", "Программист", "L3 Специалист"),
    Person("Харитонова Анна Львовна", "a.kharitonova", "Аналитик", "Отдел аналитики", "Федоров Кирилл Денисович", "Консультант", "L3 Специалист"),
    Person("Цветков Илья Русланович", "i.tsvetkov", "Старший аналитик", "Отдел аналитики", "Фёдоров Кирилл Денисович", "Консультант", "L4 Старший специалист"),
    Person("Чернова Ульяна Яковлевна", "u.chernova", "Аналитик", "Отдел аналитики", "Фёдоров Кирилл Денисович", "Консультант", "L2 Младший специалист"),
    Person("Шестаков Борис Фомич", "b.shestakov", "Тестировщик", "Отдел тестирования", "Орлова Марина Викторовна", "Тестировщик", "L3 Специалист"),
    Person("Щукина Елена Саввична", "e.shchukina", "Старший тестировщик", "Отдел тестирования", "Орлова Марина Викторовна", "Тестировщик", "L4 Старший специалист"),
    Person("Юдин Арсений Тихонович", "a.yudin", "Тестировщик", "Отдел тестирования", "Щукина Елена Саввична", "тестировщик", "L2 Младший специалист"),
    Person("Яковлева Софья Кирилловна", "s.yakovleva", "Главный бухгалтер", "Бухгалтерия", "Тимофеева Ольга Львовна", "Исполнитель", "L5 Ведущий специалист"),
    Person("Антипов Виктор Зиновьевич", "v.antipov", "Бухгалтер", "Бухгалтерия", "Яковлева Софья Кирилловна", "Исполнитель", "L3 Специалист"),
    Person("Блинова Тамара Ивановна", "t.blinova", "Экономист", "Финансы и учет", "Тимофеева Ольга Львовна", "Исполнитель", "L3 Специалист"),
    Person("Воронцов Ян Артурович", "ya.vorontsov", "Юрист", "Дирекция", "Громова Ирина Сергеевна", "Юрист", "L4 Старший специалист"),
    Person("Голубева Майя Денисовна", "m.golubeva", "Специалист по кадрам", "Отдел кадров", "Королева Светлана Юрьевна", "Исполнитель", "L3 Специалист"),
    Person("Дёмин Олег Ефимович", "o.dyomin", "Методист", "Учебный центр", "Королёва Светлана Юрьевна", "Методист", "L4 Старший специалист"),
    Person("Ершова Регина Павловна", "r.ershova", "Менеджер по продажам", "Отдел прадаж", "Зайцев Роман Андреевич", "Исполнитель", "L2 Младший специалист"),
)
CLIENTS = (
    ("C-001", "ООО «Ромашка»", "+7 000 000-01-01", "Москва, ул. Мира, 1", "Гусева Алина Романовна"),
    ("C-002", "АО «Северная верфь»", "+7 000 000-01-02", "Мурманск, Портовый пр., 15", "Ефимова Нина Борисовна"),
    ("C-003", "ООО «Тёплый дом»", "+7 000 000-01-03", "Тверь, наб. Речная, 8", "Гусева Алина Романовна"),
    ("C-004", "Банк «Опора» (ПАО)", "+7 000 000-01-04", "Москва, Кольцевая ул., 40", "Зайцев Роман Андреевич"),
    ("C-005", "ООО «Лесная сказка»", None, "Вологда, Лесной пер., 3", "Жуков Степан Аркадьевич"),
    (None, "ИП Полевой Н. Н.", "+7 000 000-01-06", "-", "Жуков Степан Аркадьевич"),
    ("C-007", "АО «Уральские моторы»", "+7 000 000-01-07", "Екатеринбург, ул. Заводская, 100", "Ефимова Нина Борисовна"),
    ("C-008", "ООО «Быстрый рейс»", "+7 000 000-01-08", "Казань, Аэропортовая ул., 2", "Гусева Алина Романовна"),
    ("C-009", "ГБУ «Городские парки»", "н/д", "Пермь, Парковый пр., 1", "Зайцев Роман Андреевич"),
    ("C-010", "ООО «Ясный свет»", "+7 000 000-01-10", "Самара, Солнечная ул., 12", "Ефимова Нина Борисовна"),
    ("C-011", "АО «Волжский хлеб»", "+7 000 000-01-11", "Саратов, Мельничный пер., 6", "Жуков Степан Аркадьевич"),
    ("C-012", "ООО «Северный ветер»", None, None, "Громова Ирина Сергеевна"),
)
PROJECTS = (
    ("SV-26-001", "Внедрение CRM", 'ООО "Ромашка"', "Никитина Злата Егоровна", "Почасовая", date(2026, 2, 2), date(2026, 11, 30), None),
    ("SV-26-002", "Внедрение CRM", "АО «Северная верфь»", "Осипов Денис Ростиславович", "Фикс", "16.02.2026", "31.08.2026", "Цена с учётом лицензий"),
    ("SV-26-003", "Портал поставщиков", "АО “Уральские моторы”", "Никитина Злата Егоровна", "фикс", date(2026, 3, 2), "25.12.2026", None),
    ("SV-26-004", "Аудит процессов", f"Банк{NBSP}«Опора» (ПАО)", "Фёдоров Кирилл Денисович", "Почасовая", "06.04.2026 ", "30.06.2026", None),
    ("SV-26-005", "Склад без бумаги", "ООО «Теплый дом»", "Осипов Денис Ростиславович", "Почасавая", date(2026, 4, 13), None, None),
    ("SV-26-006", "Учёт техники", "ГБУ «Городские парки»", "Семёнов Пётр Ильич", "Фикс", date(2026, 5, 4), date(2026, 10, 30), "Этап 1"),
    ("SV-26-007", "Личный кабинет", "ООО «Быстрый рейс»", "Лебедева Вера Антоновна", "Почасовая", "01.06.2026", "-", None),
    ("SV-26-008", "Планирование выпечки", "АО «Волжский хлеб»", "i.makarov@severveter.example", "Почасовая", date(2026, 6, 15), "31.03.2027", None),
    ("SV-26-009", "Мобильное приложение", "C-010", "Никитина Злата Егоровна", "Фикс", "03.08.2026", date(2027, 2, 26), None),
    ("SV-26-900", "Обучение и отпуска", "ООО «Северный ветер»", "Королёва Светлана Юрьевна", "Внутренний", date(2026, 1, 1), "н/д", "Ежегодный"),
)
# fmt: on

_TITLE = Font(bold=True, size=14)
_HEAD = Font(bold=True)
_FILL = PatternFill("solid", fgColor="D9E2EC")


def make() -> Workbook:
    """Return the workbook."""
    seeded = random.Random(SEED)
    book = Workbook()
    book.properties.creator = "Отдел кадров"
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "Отделы"
    _departments(first)
    _people(book.create_sheet("Сотрудники"), seeded)
    _clients(book.create_sheet("Клиенты"))
    _projects(book.create_sheet("Проекты"))
    return book


def content() -> bytes:
    """Return the bytes of the file: parts in openpyxl's order, every moment the same."""
    raw = io.BytesIO()
    make().save(raw)
    fixed = io.BytesIO()
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(fixed, "w") as after:
        for part in before.infolist():
            info = zipfile.ZipInfo(part.filename, _MOMENT)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            data = before.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-01T09:00:00Z", data)
            after.writestr(info, data)
    return fixed.getvalue()


def _departments(sheet: Worksheet) -> None:
    _head(sheet, 1, ("Код", "Отдел", "Входит в"), (8, 32, 32))
    for row, (code, name, above) in enumerate(DEPARTMENTS, start=2):
        sheet.cell(row, 1, code).number_format = "000"
        sheet.cell(row, 2, name)
        sheet.cell(row, 3, above)


def _people(sheet: Worksheet, seeded: random.Random) -> None:
    headers = (
        "№ п/п",
        "Таб. №",
        "ФИО",
        "E-mail",
        "Должность",
        "Отдел",
        "Руководитель",
        "Роль",
        "Уровень",
        "Дата приёма",
        "Ставка, руб./ч",
        "Примечание",
    )
    sheet.merge_cells("A1:L1")
    sheet["A1"] = "Список сотрудников ООО «Северный ветер»"
    sheet["A1"].font, sheet["A1"].alignment = _TITLE, Alignment(horizontal="center")
    sheet["A2"] = "Заполняет отдел кадров; вопросы по тел. 01-01"
    _head(sheet, 4, headers, (6, 8, 32, 32, 32, 24, 28, 24, 24, 14, 14, 20))
    lines = [*PEOPLE, PEOPLE[22]]  # a person written twice: the second line agrees with the first
    dates: dict[str, date] = {}
    rates: dict[str, Decimal] = {}
    for number, person in enumerate(lines, start=1):
        row = number + 4
        hired = dates.setdefault(person.email, date(2015, 1, 12) + timedelta(days=seeded.randrange(4000)))
        rate = rates.setdefault(
            person.email, Decimal(seeded.randrange(8000, 32000)) * 5 / 100 + Decimal(1000)
        )
        _person(sheet, row, number, person, hired, rate)
    sheet["D45"] = " T.Ryabov@severveter.example"
    sheet["L45"] = "повтор"
    sheet["J30"] = "31.09.2022"  # September has thirty days
    sheet["K34"] = "#N/A"
    total = len(lines) + 5
    sheet.cell(total, 1, "Итого").font = _HEAD
    sheet.cell(total, 11, float(sum(rates.values()))).number_format = "# ##0.00"


def _person(sheet: Worksheet, row: int, number: int, person: Person, hired: date, rate: Decimal) -> None:
    sheet.cell(row, 1, number)
    code = PEOPLE.index(person) + 1
    sheet.cell(row, 2, code if row % 3 else f"{code:05d}").number_format = "00000" if row % 3 else "@"
    sheet.cell(row, 3, person.name + (" " if row % 5 == 0 else ""))
    sheet.cell(row, 4, f"{person.email}@severveter.example")
    sheet.cell(row, 5, person.position.replace(" ", NBSP) if row % 7 == 0 else person.position)
    for column, value in enumerate((person.department, person.chief, person.role, person.level), start=6):
        sheet.cell(row, column, value)
    if row % 2:
        sheet.cell(row, 10, f"{hired:%d.%m.%Y}")
    else:
        sheet.cell(row, 10, hired).number_format = "DD.MM.YYYY"
    if row % 3 == 1:
        sheet.cell(
            row, 11, f"{rate:,.2f}".replace(",", NBSP if row % 2 else " ").replace(".", ",")
        )  # 2 720,50
    else:
        sheet.cell(row, 11, float(rate)).number_format = "# ##0.00"


def _clients(sheet: Worksheet) -> None:
    _head(sheet, 1, ("Код", "Наименование", "Телефон", "Адрес", "Менеджер"), (8, 32, 20, 40, 28))
    _rows(sheet, CLIENTS)


def _projects(sheet: Worksheet) -> None:
    headers = ("Шифр", "Проект", "Заказчик", "РП", "Тип", "Начало", "Окончание", "Комментарий")
    _head(sheet, 1, headers, (12, 28, 28, 30, 14, 12, 12, 28))
    _rows(sheet, PROJECTS)


def _rows(sheet: Worksheet, rows: Iterable[Sequence[object]]) -> None:
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column, value)  # type: ignore[arg-type]
            if isinstance(value, date):
                cell.number_format = "DD.MM.YYYY"


def _head(sheet: Worksheet, row: int, headers: Sequence[str], widths: Sequence[int]) -> None:
    for column, (header, width) in enumerate(zip(headers, widths, strict=True), start=1):
        cell = sheet.cell(row, column, header)
        cell.font, cell.fill = _HEAD, _FILL
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = sheet.cell(row + 1, 1)


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("onboarding.xlsx")
    path.write_bytes(content())
