"""Makes «Данные для Timetta (финал 3).xlsx»: eight sheets of a customer's data with every trap we know of, and what they say.

The company, its people, clients and numbers are invented; tax numbers have a wrong check digit on purpose.

    python samples/sevkontur/make_sevkontur.py
"""

import random
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import BOLD, Mapped, Page, expected, file_truth, new_book, packed, write
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font

SEED = 20260901
NBSP = "\u00a0"
FILE = "Данные для Timetta (финал 3).xlsx"
DOMAIN = "sevkontur.example"


def departments(page, mapped):
    """Оргструктура: merged cells down, codes as numbers, a department twice, a total."""
    page.put("B2", 'Организационная структура ООО "Северный контур" на 01.09.2026')
    page.merge("B2:G2")
    page.head(4, ("№ п/п", "Департамент", "Отдел", "Код", "Руководитель", "Примечание"), "B")
    page.sheet.column_dimensions["A"].width = 1
    lines = (
        (5, 1, "Департамент внедрения", None, "01", "Соколова М.В.", None),
        (6, 2, None, "Отдел аналитики", (1.1, "00.0"), "Ким А.", "бывш. «Отдел бизнес-анализа»"),
        (7, 3, None, "Отдел  разработки ", "01.2", "Гусев П.П.", None),
        (8, 4, "Департамент продаж", None, (2, "00"), "вакансия", None),
        (9, 5, None, "Отдел продаж", "02.1", None, None),
        (10, 6, None, "отдел аналитики", "02.2", None, None),
        (11, 7, "Департамент сопровождения", "Сектор поддержки", "04.1", None, None),
        (12, 8, "Департамент сопровождения", None, "04", None, None),
        (13, 9, "АУП", None, "03", None, None),
        (14, 10, None, f"Отдел{NBSP}кадров", "03.1", None, "Приём; увольнение"),
        (15, 11, None, "Бух\u00adгалтерия", "03.2", None, "был мягкий перенос"),
    )
    for row, *values in lines:
        page.row(row, values, "B")
    page.put("B16", "Итого: 11")
    for area in ("C5:C7", "C8:C10", "C13:C15"):
        page.merge(area)

    step = mapped.step("departments", "Departments", ("code", "name", "leadDepartment", "description"))
    step.row(5, {"code": "01", "name": "Департамент внедрения"})
    step.row(
        6,
        {
            "code": "01.1",
            "name": "Отдел аналитики",
            "leadDepartment": "Департамент внедрения",
            "description": "бывш. «Отдел бизнес-анализа»",
        },
    )
    step.row(7, {"code": "01.2", "name": "Отдел разработки", "leadDepartment": "Департамент внедрения"})
    step.row(8, {"code": "02", "name": "Департамент продаж"})
    step.row(9, {"code": "02.1", "name": "Отдел продаж", "leadDepartment": "Департамент продаж"})
    step.row(10, {"code": "02.2", "name": "отдел аналитики", "leadDepartment": "Департамент продаж"})
    step.row(11, {"code": "04.1", "name": "Сектор поддержки", "leadDepartment": "Департамент сопровождения"})
    step.row(12, {"code": "04", "name": "Департамент сопровождения"})
    step.row(13, {"code": "03", "name": "АУП"})
    step.row(
        14,
        {"code": "03.1", "name": "Отдел кадров", "leadDepartment": "АУП", "description": "Приём; увольнение"},
    )
    step.row(
        15,
        {"code": "03.2", "name": "Бухгалтерия", "leadDepartment": "АУП", "description": "был мягкий перенос"},
    )
    step.row(16, fate="skip")
    step.says("total-row", "Оргструктура!B16")
    page.says("invisible-characters", "D15")


# fmt: off
PEOPLE_HEAD = ("Таб. №", "ФИО", "Должность", "Подразделение", "Руководитель", "Дата приёма", "Дата увольн.", "E-mail", "Тел.",
               "Грейд/уровень", "Город", "Занятость", "Ставка, руб./ч")
# fmt: on
# What the customer wrote, and what it means: code, name, position, department, supervisor, first day, last day, email, phone,
# level, location, employment, rate. None as the meaning of a column: blank.
# fmt: off
PEOPLE = (
    (("0017", "Иванов Иван Иванович", "ведущий консультант", "Отдел аналитики", "Соколова М.В.", "01.02.2021", None, "i.ivanov@sevkontur.example", "8 (495) 000-00-17", "L4", "Мск", "штат", f"2{NBSP}720,50"),
     ("0017", "Иванов Иван Иванович", "ведущий консультант", "Отдел аналитики", "Соколова М.В.", "2021-02-01", None, "i.ivanov@sevkontur.example", "8 (495) 000-00-17", "L4", "Москва", "INTERNAL", "2720.50"), {}),
    ((18, "Ким Алёна", "аналитик", "отдел аналитики", "Соколова М. В.", "15.03.22", None, "A.Kim@SevKontur.example ", "доб. 118", "L2 Младший специалист", "СПб", "штат", "1.450,00"),
     ("0018", "Ким Алёна", "аналитик", "отдел аналитики", "Соколова М. В.", "2022-03-15", None, "a.kim@sevkontur.example", "доб. 118", "L2", "Санкт-Петербург", "INTERNAL", "1450"), {}),
    (("0019", "Гусев Пётр Петрович", "рук. разработки", "Отдел разработки", "—", 44593, None, "p.gusev@sevkontur.example", None, "L5", "Москва", "штат", 3100),
     ("0019", "Гусев Пётр Петрович", "рук. разработки", "Отдел разработки", None, "2022-02-01", None, "p.gusev@sevkontur.example", None, "L5", "Москва", "INTERNAL", "3100"), {}),
    (("0019", "Гусева Полина Павловна", "тестировщик", "01.2", "Гусев П.П.", "2023-05-10", "31.08.2026", "p.guseva@sevkontur.example", None, "л3", "удалёнка", "ГПХ", "по договору"),
     ("0019", "Гусева Полина Павловна", "тестировщик", "01.2", "Гусев П.П.", "2023-05-10", "2026-08-31", "p.guseva@sevkontur.example", None, "L3", "удалёнка", "EXTERNAL", None), {"value": "bad-number"}),
    ((None, "Ivanov I.", "подрядчик", None, None, None, "уволен", "ivanov.podryad@mail.example", None, None, None, "аутстафф", "2500р"),
     (None, "Ivanov I.", "подрядчик", None, None, None, None, "ivanov.podryad@mail.example", None, None, None, "EXTERNAL", "2500"), {}),
    (("0020", "Соколова Мария Викторовна", "директор департамента", "Департамент внедрения", "Ким А.", date(2018, 1, 9), None, "m.sokolova@sevkontur.example", "8 (495) 000-00-20", "L6", "Мск", "штат", 4200.5),
     ("0020", "Соколова Мария Викторовна", "директор департамента", "Департамент внедрения", "Ким А.", "2018-01-09", None, "m.sokolova@sevkontur.example", "8 (495) 000-00-20", "L6", "Москва", "INTERNAL", "4200.5"), {}),
    (("0021", "Иванов И. И.", "консультант", "Отдел аналитики", "Соколова М.В.", "01.02.2021", None, "i.ivanov@sevkontur.example", "8 (495) 000-00-71", "L4", "Мск", "штат", 2500),
     ("0021", "Иванов И. И.", "консультант", "Отдел аналитики", "Соколова М.В.", "2021-02-01", None, "i.ivanov@sevkontur.example", "8 (495) 000-00-71", "L4", "Москва", "INTERNAL", "2500"), {}),
    (("0022", "Иванов Илья Игоревич", "аналитик", "Отдел аналитики", "Иванов И.И.", "3 сентября 2024 г.", None, "il.ivanov@sevkontur.example", None, "L3", "мск", "Штат", "1 900"),
     ("0022", "Иванов Илья Игоревич", "аналитик", "Отдел аналитики", "Иванов И.И.", "2024-09-03", None, "il.ivanov@sevkontur.example", None, "L3", "Москва", "INTERNAL", "1900"), {}),
    (("0023", "Котова Алена Сергеевна", "тестировщик", "01.2", "Гусев П.П.", "31.09.2024", None, "a.kotova@\u0441evkontur.example", None, "L2", "Тверь", "штат", 1700),
     ("0023", "Котова Алена Сергеевна", "тестировщик", "01.2", "Гусев П.П.", None, None, "a.kotova@\u0441evkontur.example", None, "L2", "Тверь", "INTERNAL", "1700"), {"firstWorkDay": "bad-date"}),
    (("0024", "Орлов Семён Ильич", "разработчик", "Отдел разработки", "Гусев П.П.", date(2023, 4, 3), None, "s.orlov@sevkontur.example", None, "L4", "Мск", "штат", "=M9*1.1"),
     ("0024", "Орлов Семён Ильич", "разработчик", "Отдел разработки", "Гусев П.П.", "2023-04-03", None, "s.orlov@sevkontur.example", None, "L4", "Москва", "INTERNAL", None), {"value": "formula-without-value"}),
    (("0025", "Быков Олег Львович", "разработчик", "Отдел разработки", "Гусев П.П.", "12.05.2025", None, "o.bykov@sevkontur.example", None, "L3", "Мск", "совместит.", 2100),
     ("0025", "Быков Олег Львович", "разработчик", "Отдел разработки", "Гусев П.П.", "2025-05-12", None, "o.bykov@sevkontur.example", None, "L3", "Москва", None, "2100"), {"employmentType": "unmapped-value"}),
)
# fmt: on
SURNAMES = (
    "Агеев",
    "Борисов",
    "Волков",
    "Громов",
    "Дронов",
    "Ежов",
    "Жилин",
    "Зотов",
    "Ильин",
    "Крылов",
    "Лапин",
    "Мохов",
)
NAMES = (("Антон", "Петрович"), ("Борис", "Юрьевич"), ("Виктор", "Олегович"), ("Глеб", "Ильич"))
# fmt: off
FIELDS = ("code", "name", "position", "department", "supervisor", "firstWorkDay", "lastWorkDay", "email", "phone", "level",
          "location", "employmentType")
# fmt: on


def people(page, mapped, seeded):
    """Сотрудники: two header rows, hidden rows and a hidden column, every way to write a date and a rate."""
    for area, title in (
        ("A5:C5", "Основное"),
        ("D5:G5", "Работа"),
        ("H5:I5", "Доступ"),
        ("J5:M5", "Условия"),
    ):
        page.put(area[:2], title)
        page.merge(area)
    page.put("A3", "Заполняет отдел кадров")
    page.head(6, (*PEOPLE_HEAD, "Оклад"))
    page.hide_column("N")
    page.sheet.freeze_panes = "C7"
    page.hide_rows(10, 20, 21)
    page.says("hidden-rows", "3")
    lines = [*PEOPLE, *_plain_people(seeded)]
    page.sheet.auto_filter.ref = f"A6:N{6 + len(lines)}"
    users = mapped.step("users", "Users", (*FIELDS, "isActive"))
    costs = mapped.step("costs", "UserCostValues", ("user", "effectiveDate", "value", "currency"))
    for row, (written, meant, codes) in enumerate(lines, start=7):
        page.row(row, [*written, 90000 + row])
        values = dict(zip(FIELDS, meant[:12], strict=True))
        values["isActive"] = "false" if written[6] else None
        own = {key: code for key, code in codes.items() if key != "value"}
        users.row(row, values, codes=own)
        cost = {"user": values["email"], "effectiveDate": "null", "value": meant[12], "currency": "RUB"}
        costs.row(row, cost, codes={key: code for key, code in codes.items() if key == "value"})
    page.sheet["B17"].comment = Comment("переходит в другой отдел", "Отдел кадров")
    page.says("cell-notes", "B17")
    page.sheet["B18"].font = Font(strike=True)
    page.says("struck-through", "B18")
    costs.says("bad-number", "Сотрудники!M10")
    users.says("bad-date", "Сотрудники!F15")
    users.says("look-alike", "Сотрудники!H15")
    costs.says("formula-without-value", "Сотрудники!M16")
    users.says("unmapped-value", "Сотрудники!L17")


def _plain_people(seeded):
    """Return people without a trap of their own, each written in one of the customer's ways."""
    for number in range(30):
        surname = SURNAMES[number % 12] + ("", "ский", "ин")[number // 12]
        first, middle = NAMES[seeded.randrange(4)]
        name, email = f"{surname} {first} {middle}", f"u{number:02}@{DOMAIN}"
        hired = date(2016, 1, 11) + timedelta(days=seeded.randrange(3600))
        rate = Decimal(seeded.randrange(1000, 4000)) + Decimal(seeded.randrange(20)) / 20
        code = number + 100
        level = f"L{seeded.randrange(1, 7)}"
        written_date = (
            f"{hired:%d.%m.%Y}",
            hired,
            f"{hired:%d.%m.%y}",
            f"{hired:%Y-%m-%d}",
            f"{hired:%d.%m.%Y} ",
        )[number % 5]
        russian = f"{rate:,.2f}".replace(",", NBSP).replace(".", ",")
        written_rate = (
            russian,
            float(rate),
            russian.replace(NBSP, " "),
            f"{russian} ₽",
            russian.replace(NBSP, ""),
        )[number % 5]
        # fmt: off
        yield (
            ((f"{code:04}", code, (code, "0000"))[number % 3], name + " " * (number % 2), "консультант", "Отдел аналитики", "Соколова М.В.", written_date, None,
             email.upper() if number % 4 == 0 else email, None, level if number % 3 else f"{level} ", ("Мск", "Москва", "СПб")[number % 3], ("штат", "ГПХ")[number % 2], written_rate),
            (f"{code:04}", name, "консультант", "Отдел аналитики", "Соколова М.В.", hired.isoformat(), None,
             email, None, level, ("Москва", "Москва", "Санкт-Петербург")[number % 3], ("INTERNAL", "EXTERNAL")[number % 2], f"{rate}"),
            {},
        )
        # fmt: on


def rates(page, mapped):
    """Ставки: a cross table with two header rows, and a second one below in thousands."""
    page.put("A1", "Ставки, руб./ч")
    page.put("A3", "Роль \\ Уровень")
    page.put("B3", "Младшие")
    page.put("E3", "Старшие")
    for area in ("A3:A4", "B3:D3", "E3:G3"):
        page.merge(area)
    page.row(4, [f"L{level}" for level in range(1, 7)], "B")
    page.truth["header_row"] = 4
    lines = (
        (
            "Аналитик",
            (f"1{NBSP}200", "1200"),
            ("1 450,5", "1450.5"),
            (1900, "1900"),
            (2400.25, "2400.25"),
            ("2 720,5", "2720.5"),
        ),
        ("Консультант", (1250, "1250"), (1500, "1500"), (2000, "2000"), ("2500р", "2500"), (3000, "3000")),
        ("Рук. проектов", ("-", None), ("-", None), (2600, "2600"), (3100, "3100"), (3700, "3700")),
        (
            "Разработчик",
            (1300, "1300"),
            (1700, "1700"),
            (2200, "2200"),
            (2800, "2800"),
            ("#N/A", "cell-error"),
        ),
        (
            "Тестировщик",
            (1000, "1000"),
            (1300, "1300"),
            ((0.15, "0%"), "0.15"),
            (2000, "2000"),
            ("н/п", None),
        ),
        ("Архитектор", ("н/п", None), ("н/п", None), ("—", None), ("3 400", "3400"), ("4 100", "4100")),
        ("Методист", (1100, "1100"), ("#Н/Д", "bad-number"), (1500, "1500"), (1900, "1900"), (2300, "2300")),
        ("Стажёр", (700, "700"), (None, None), (None, None), (None, None), (None, None)),
    )
    step = mapped.step("cost_rates", "RateMatrixLines", ("rateMatrix", "role", "level", "rate"))
    for row, (role, *cells) in enumerate(lines, start=5):
        page.row(row, [role, *(cell for cell, _ in cells)])
        meant = "Руководитель проектов" if role == "Рук. проектов" else role
        for level, (_, value) in enumerate(cells, start=1):
            if value is None:
                continue
            key = {"rateMatrix": "Ставки себестоимости 2026", "role": meant, "level": f"L{level}"}
            if "-" in value:
                step.row(row, key, codes={"rate": value})
                step.says(value, f"Ставки!{'ABCDEF'[level]}{row}")
            else:
                step.row(row, key | {"rate": value})
    page.put("A14", "Ставки биллинга, тыс. руб./ч*")
    page.row(15, ["Роль", *(f"L{level}" for level in range(1, 7))])
    step = mapped.step("billing_rates", "RateMatrixLines", ("rateMatrix", "role", "level", "rate"))
    billing = (
        ("Аналитик", ("1,9 тыс.", 2.4, "2,9 тыс.", "3,6")),
        ("Консультант", ("2 тыс.", "2,5 тыс.", "по запросу", 4)),
    )
    for row, (role, cells) in enumerate(billing, start=16):
        page.row(row, [role, *cells])
        for level, cell in enumerate(cells, start=1):
            key = {"rateMatrix": "Ставки биллинга 2026", "role": role, "level": f"L{level}"}
            if cell == "по запросу":
                step.row(row, key, codes={"rate": "expression-value"})
                step.says("expression-value", f"Ставки!{'ABCDEF'[level]}{row}")
            else:
                value = Decimal(str(cell).removesuffix(" тыс.").replace(",", ".")) * 1000
                step.row(row, key | {"rate": f"{value}"})
    page.put("A19", "* без НДС")
    page.says("second-table", "15")


CLIENTS_HEAD = ("Наименование", "Юр. лицо", "ИНН", "КПП", "Адрес", "Менеджер", "Контакты", "Статус")


def clients(page, mapped, seeded):
    """Клиенты: tax numbers in every wrong form, many contacts in a cell, a row that goes on with the one above."""
    page.head(1, CLIENTS_HEAD)
    three = "Зимина Ольга, юрист, o.zimina@sever-bank.example\nДобров Пётр, +7 000 000-00-03\ninfo@sever-bank.example"
    # fmt: off
    lines = [
        ("Ромашка", "ООО «Ромашка»", 770000000, "770101001", "101000, г. Москва, ул. Мира, 1", "Соколова", "Петров Пётр, директор, p.petrov@romashka.example; Анна (бухг.) +7 000 000-00-01", "действ."),
        ("РОМАШКА ООО", None, "0770000000", None, None, "Соколова М.В.", None, None),
        ("Север-Банк (ПАО)", 'ПАО "Север-Банк"', "'7800000001", None, None, "Ким А.", three, "архив"),
        (None, None, None, None, None, None, "Зуев Захар, z.zuev@sever-bank.example", None),
        ("Вымпел", "ООО “Вымпел”", (7.7e11, "0.00E+00"), None, None, "Ким А.", None, "Действ."),
        ("Гранит", "ООО «Гранит»", "7,7E+09", None, "субподрядчик", "Ким А.", None, "закрыт"),
        ("ИП Полевой Н. Н.", "ИП Полевой Н. Н.", "770000000015", None, None, "Гусев П.П.", "+7 000 000-00-09", "действ."),
    ]
    # fmt: on
    step = mapped.step(
        "clients",
        "Organizations",
        ("name", "legalName", "taxNumber", "stringValue1", "postalAddress", "manager", "state"),
    )
    step.row(
        2,
        {
            "name": "Ромашка",
            "legalName": "ООО «Ромашка»",
            "taxNumber": "0770000000",
            "stringValue1": "770101001",
            "postalAddress": "101000, г. Москва, ул. Мира, 1",
            "manager": "Соколова",
            "state": "Active",
        },
    )
    step.row(3, {"name": "РОМАШКА ООО", "taxNumber": "0770000000", "manager": "Соколова М.В."})
    step.row(
        4,
        {
            "name": "Север-Банк (ПАО)",
            "legalName": 'ПАО "Север-Банк"',
            "taxNumber": "7800000001",
            "manager": "Ким А.",
            "state": "Closed",
        },
    )
    step.row(5, {"name": "Север-Банк (ПАО)"})
    # Shown as 7,70E+11, and yet all its digits are there.
    step.row(
        6,
        {
            "name": "Вымпел",
            "legalName": "ООО “Вымпел”",
            "taxNumber": "770000000000",
            "manager": "Ким А.",
            "state": "Active",
        },
    )
    step.row(
        7,
        {"name": "Гранит", "legalName": "ООО «Гранит»", "postalAddress": "субподрядчик", "manager": "Ким А."},
        codes={"taxNumber": "digits-lost", "state": "unmapped-value"},
    )
    step.says("digits-lost", "Клиенты!C7")
    step.says("unmapped-value", "Клиенты!H7")
    step.row(
        8,
        {
            "name": "ИП Полевой Н. Н.",
            "legalName": "ИП Полевой Н. Н.",
            "taxNumber": "770000000015",
            "manager": "Гусев П.П.",
            "state": "Active",
        },
    )
    contacts = mapped.step(
        "contacts", "Contacts", ("organization", "name", "position", "email", "mobilePhone")
    )
    contacts.row(
        2,
        {
            "organization": "Ромашка",
            "name": "Петров Пётр",
            "position": "директор",
            "email": "p.petrov@romashka.example",
        },
    )
    contacts.row(
        2, {"organization": "Ромашка", "name": "Анна", "position": "бухг.", "mobilePhone": "+7 000 000-00-01"}
    )
    for row in (3, 4):
        contacts.row(row, fate="not_for_step")
    contacts.row(
        5, {"organization": "Север-Банк (ПАО)", "name": "Зуев Захар", "email": "z.zuev@sever-bank.example"}
    )
    for row in (6, 7):
        contacts.row(row, fate="not_for_step")
    contacts.row(
        8,
        {"organization": "ИП Полевой Н. Н.", "mobilePhone": "+7 000 000-00-09"},
        codes={"name": "blank-value"},
    )
    contacts.says("blank-value", "Клиенты!G8")
    in_lines = mapped.step(
        "contacts_in_lines", "Contacts", ("organization", "name", "position", "email", "mobilePhone")
    )
    for row in (2, 3):
        in_lines.row(row, fate="not_for_step")
    bank = {"organization": "Север-Банк (ПАО)"}
    in_lines.row(
        4, bank | {"name": "Зимина Ольга", "position": "юрист", "email": "o.zimina@sever-bank.example"}
    )
    in_lines.row(4, bank | {"name": "Добров Пётр", "mobilePhone": "+7 000 000-00-03"})
    in_lines.row(4, bank | {"email": "info@sever-bank.example"}, codes={"name": "blank-value"})
    in_lines.says("blank-value", "Клиенты!G4")
    for row in (5, 6, 7, 8):
        in_lines.row(row, fate="not_for_step")
    for number in range(12):
        tax = f"78{seeded.randrange(10**7):07}0"
        lines.append(
            (
                f"Клиент {number + 1}",
                f"АО «Клиент {number + 1}»",
                int(tax) if number % 2 else tax,
                f"7801{number:05}",
                None,
                "Ким А.",
                None,
                "действ.",
            )
        )
        step.row(
            9 + number,
            {
                "name": f"Клиент {number + 1}",
                "legalName": f"АО «Клиент {number + 1}»",
                "taxNumber": tax,
                "stringValue1": f"7801{number:05}",
                "manager": "Ким А.",
                "state": "Active",
            },
        )
        contacts.row(9 + number, fate="not_for_step")
        in_lines.row(9 + number, fate="not_for_step")
    for row, values in enumerate(lines, start=2):
        page.row(row, values)


def contracts(page, mapped, seeded):
    """Договоры: number and date in one text, amounts with and without a currency."""
    page.head(1, ("Договор", "Контрагент", "Предмет", "Сумма с НДС", "Срок", "Подписан"))
    # fmt: off
    lines = [
        (("№ 12/2026 от 01.02.2026 г.", "Ромашка", "Внедрение CRM", "1 250 000,00 ₽", "до 31.12.2026", "да"), ("12/2026", "Внедрение CRM", "2026-02-01", "2026-12-31", "1250000", "Ромашка", "Active"), {}),
        (("б/н от 15.01.2026", "Вымпел", "Аудит", 300000, "бессрочно", "нет"), ("б/н", "Аудит", "2026-01-15", None, "300000", "Вымпел", "Draft"), {}),
        (("б/н от 20.01.2026", "Вымпел", "Аудит, этап 2", "300000.00", "бессрочно", "✓"), ("б/н", "Аудит, этап 2", "2026-01-20", None, None, "Вымпел", "Active"), {"decimalValue1": "bad-number"}),
        (("б/н от 15.02.2026 г.", "Север-Банк", "Сопровождение", "240 тыс.", "до 15.02.2027", "+"), ("б/н", "Сопровождение", "2026-02-15", "2027-02-15", None, "Север-Банк", "Active"), {"decimalValue1": "bad-number"}),
        (("№ 13/2026 от 03.03.2026 г.", "Неизвестный клиент", "Обучение", "12 000 USD", "до 30.06.2026", "да"), ("13/2026", "Обучение", "2026-03-03", "2026-06-30", None, "Неизвестный клиент", "Active"), {"decimalValue1": "bad-number"}),
        (("№ 14/2026 от 31.12.2027 г.", "Ромашка", "Лицензии", f"99{NBSP}999,90", "до 31.06.2028", "ДА"), ("14/2026", "Лицензии", "2027-12-31", None, "99999.90", "Ромашка", "Active"), {"dueDate": "bad-date"}),
    ]
    # fmt: on
    for number in range(8):
        signed = date(2026, 1, 12) + timedelta(days=seeded.randrange(200))
        amount = Decimal(seeded.randrange(10**7, 10**9)) / 100
        text = f"{amount:,.2f}".replace(",", NBSP if number % 2 else " ").replace(".", ",")
        # fmt: off
        lines.append(
            ((f"№ {20 + number}/2026 от {signed:%d.%m.%Y} г.", f"Клиент {number + 1}", "Сопровождение", (text, float(amount), f"{text} руб.")[number % 3], "до 31.12.2026", "да"),
             (f"{20 + number}/2026", "Сопровождение", signed.isoformat(), "2026-12-31", f"{amount}", f"Клиент {number + 1}", "Active"), {})
        )
        # fmt: on
    names = ("number", "name", "date", "dueDate", "decimalValue1", "organization", "state")
    step = mapped.step("contracts", "Contracts", names)
    cells = {"decimalValue1": "D", "dueDate": "E"}
    for row, (written, meant, codes) in enumerate(lines, start=2):
        page.row(row, written)
        step.row(row, dict(zip(names, meant, strict=True)), codes=codes)
        for name, code in codes.items():
            step.says(code, f"Договоры!{cells[name]}{row}")


def projects(page, mapped, seeded):
    """Проекты: quarters for dates, a day that no month has, two managers in a cell."""
    page.put("A1", "Реестр проектов, 2026")
    page.head(
        3,
        (
            "Код",
            "Проект",
            "Заказчик",
            "РП",
            "Тип",
            "Начало",
            "Окончание",
            "Договор",
            "Статус",
            "Бюджет, тыс. руб.",
            "Программа",
        ),
    )
    names = (
        "code",
        "name",
        "organization",
        "manager",
        "coManager",
        "billingType",
        "startDate",
        "endDate",
        "contract",
        "state",
        "decimalValue1",
        "program",
    )
    # fmt: off
    lines = [
        (("SK-24-2026", "Внедрение CRM для Ромашки", "Ромашка", "Петрова А.С.", "T&M", "01.02.26", "30.11.2026", "12/2026", "в работе", "1 250,5", "Цифровой клиент"),
         ("SK-24-2026", "Внедрение CRM для Ромашки", "Ромашка", "Петрова А.С.", None, "TM", "2026-02-01", "2026-11-30", "12/2026", "InProgress", "1250500", "Цифровой клиент"), {}),
        (("SK-25-2026", "Внедрение CRM для Ромашки", 'ООО "Ромашка"', "Гусев П.П. / Ким А.", "фикс", "2 кв. 2026", "31.09.2026", "б/н", "ПРИОСТАНОВЛЕН", None, None),
         ("SK-25-2026", "Внедрение CRM для Ромашки", 'ООО "Ромашка"', "Гусев П.П.", "Ким А.", "FixedBid", None, None, "б/н", "Deferred", None, None), {"startDate": "bad-date", "endDate": "bad-date"}),
        ((None, "Отпуска и обучение", "—", "Соколова М.В.", "внутр.", None, "бессрочно", None, "в работе", None, None),
         (None, "Отпуска и обучение", None, "Соколова М.В.", None, "NonBillable", None, None, None, "InProgress", None, None), {}),
        (("SK-26-2026", "Аудит процессов", "Вымпел", "Ким А.", "почас.", date(2026, 3, 2), "30.06.2026", "б/н", "закрыт", 300, "Цифровой клиент"),
         ("SK-26-2026", "Аудит процессов", "Вымпел", "Ким А.", None, "TM", "2026-03-02", "2026-06-30", "б/н", "Completed", "300000", "Цифровой клиент"), {}),
        (("SK-27-2026", "Портал", "Север-Банк", "Гусева П.П.", "ФЦ", "13.04.2026", date(2026, 12, 25), None, "на паузе", "2,5 млн", None),
         ("SK-27-2026", "Портал", "Север-Банк", "Гусева П.П.", None, "FixedBid", "2026-04-13", "2026-12-25", None, None, None, None), {"state": "unmapped-value", "decimalValue1": "expression-value"}),
    ]
    # fmt: on
    for number in range(10):
        begin = date(2026, 1, 12) + timedelta(days=seeded.randrange(150))
        budget = Decimal(seeded.randrange(1000, 40000)) / 10
        # fmt: off
        lines.append(
            ((f"SK-{30 + number}-2026", f"Проект {number + 1}", f"Клиент {number + 1}", "Ким А.", ("T&M", "TM", "fixed")[number % 3], (begin, f"{begin:%d.%m.%Y}", f"{begin:%d.%m.%y}")[number % 3], "31.12.2026", None, "в работе", f"{budget}".replace(".", ",") if number % 2 else float(budget), None),
             (f"SK-{30 + number}-2026", f"Проект {number + 1}", f"Клиент {number + 1}", "Ким А.", None, ("TM", "TM", "FixedBid")[number % 3], begin.isoformat(), "2026-12-31", None, "InProgress", f"{budget * 1000}", None), {})
        )
        # fmt: on
    step = mapped.step("projects", "Projects", names)
    cells = {"startDate": "F", "endDate": "G", "state": "I", "decimalValue1": "J"}
    for row, (written, meant, codes) in enumerate(lines, start=4):
        page.row(row, written)
        step.row(row, dict(zip(names, meant, strict=True)), codes=codes)
        for name, code in codes.items():
            step.says(code, f"Проекты!{cells[name]}{row}")


BLOCKS = (
    (
        "SK-24-2026 Внедрение CRM для Ромашки",
        (
            ("1", "Обследование", None, None, "02.02.2026", "27.02.2026", None, 0),
            ((1.1, "General"), "Интервью", "Ким А.", "120,5", "02.02.2026", "13.02.2026", None, 4),
            ("1.2", "Отчёт", "Ким А.", 40, "16.02.2026", "27.02.2026", "да", 1),
            (None, "Итого по этапу", None, "160,5", None, None, None, 0),
            (2, "Настройка", None, None, "02.03.2026", "29.05.2026", None, 0),
            ("2.1", "Отчёт", "Гусев П.П.", "16", date(2026, 3, 2), date(2026, 3, 6), None, 1),
            ("2.9", " " * 60 + "Роли и доступ", "все", 24, "09.03.2026", "13.03.2026", None, 0),
            ((2.1, "0.00"), "Обмен с 1С", "Гусев П.П.", "80", "16.03.2026", "10.03.2026", None, 1),
            ("2.10.1", "Справочники", "Орлов С.И.", "много", "16.03.2026", "20.03.2026", "нет", 2),
        ),
    ),
    (
        "SK-99-2026 Проект, которого нет",
        (
            ("1", "Подготовка", "все", 8, "01.04.2026", "03.04.2026", None, 0),
            ("1.1", "Отчёт", "Петрова А.С.", "7,5", "01.04.2026", "31.04.2026", None, 1),
        ),
    ),
)
# The customer meant 2.10, and Excel made the number 2.1 of it; a format of amounts shows the zero, and it is still no text.
NUMBERS = {"Интервью": "1.1", "Обмен с 1С": "2.1"}


def tasks(page, mapped):
    """ИСР: a block per project, outline numbers as numbers, sub-totals, the header repeated."""
    page.put("A1", "Иерархическая структура работ")
    head = ("№", "Работа", "Исполнитель", "План, ч", "Начало", "Конец", "Веха")
    page.head(3, head)
    step = mapped.step(
        "tasks",
        "ProjectTasks",
        ("project", "outline", "name", "leadTask", "estimatedHours", "startDate", "endDate", "isMilestone"),
    )
    assignments = mapped.step(
        "assignments", "TaskAssignments", ("project", "projectTask", "user", "isAllTeamRole")
    )
    row = 4
    for title, lines in BLOCKS:
        page.put(f"A{row}", title).font = BOLD
        page.merge(f"A{row}:G{row}")
        step.row(row, fate="outside")
        assignments.row(row, fate="outside")
        row += 1
        if title != BLOCKS[0][0]:
            page.row(row, head)
            page.says("repeated-header", f"ИСР!{row}")
            page.sheet.row_dimensions[row].outlineLevel = 1
            row += 1
        for number, name, performer, hours, begin, end, milestone, indent in lines:
            page.row(row, (number, name, performer, hours, begin, end, milestone))
            page.sheet.row_dimensions[row].outlineLevel = 1
            if indent:
                page.sheet[f"B{row}"].alignment = Alignment(indent=indent)
                page.truth["cells"][str(row)]["B"].append({"indent": indent})
            if name == "Итого по этапу":
                step.row(row, fate="outside")
                assignments.row(row, fate="outside")
            else:
                _task(
                    step,
                    assignments,
                    row,
                    title.split()[0],
                    (number, name.strip(), performer, hours, begin, end, milestone),
                )
            row += 1
        row += 1


def _task(step, assignments, row, project, written):
    number, name, performer, hours, begin, end, milestone = written
    outline = NUMBERS.get(name, str(number))
    above = outline.rpartition(".")[0]
    codes = {}
    if hours == "много":
        codes["estimatedHours"] = "bad-number"
        step.says("bad-number", f"ИСР!D{row}")
    if end == "31.04.2026":
        codes["endDate"] = "bad-date"
        step.says("bad-date", f"ИСР!F{row}")
    days = [
        day.isoformat() if isinstance(day, date) else "-".join(reversed(day.split(".")))
        for day in (begin, end)
    ]
    values = {
        "project": project,
        "outline": outline,
        "name": name,
        "leadTask": f"{above} ({project})" if above else None,
        "estimatedHours": None
        if hours is None or "estimatedHours" in codes
        else str(hours).replace(",", "."),
        "startDate": days[0],
        "endDate": None if "endDate" in codes else days[1],
        "isMilestone": {"да": "true", "нет": "false", None: None}[milestone],
    }
    step.row(row, values, codes=codes)
    if performer is None:
        assignments.row(row, fate="not_for_step")
        return
    everybody = performer == "все"
    assignments.row(
        row,
        {
            "project": project,
            "projectTask": f"{outline} ({project})",
            "user": None if everybody else performer,
            "isAllTeamRole": "true" if everybody else None,
        },
    )


def team(page, mapped):
    """Команда и тарифы: people by projects, letters with a legend below, a hidden project."""
    page.put("A1", "Команда и тарифы")
    codes = ("SK-24-2026", "SK-25-2026", "SK-26-2026", "SK-27-2026")
    page.head(2, ("Сотрудник", *codes, "Тариф Ромашка, ₽/ч (с НДС 20 %)"))
    for letters in "BCDE":
        page.sheet[f"{letters}2"].alignment = Alignment(textRotation=90)
    page.hide_column("D")
    roles = {
        "РП": "Руководитель проектов",
        "А": "Аналитик",
        "Р": "Разработчик",
        "+": "Участник",
        "х": "Участник",
        "x": "Участник",
    }
    lines = (
        ("Ким А.", ("РП", "А", None, "+"), "2 900"),
        ("Гусев П.П.", (None, "РП", "х", "Р 50%"), 3500),
        ("Орлов Семён Ильич", ("Р 50 %", "x", None, "Я"), f"2{NBSP}400,50"),
        ("весь Отдел аналитики", ("А", None, None, None), None),
        ("Ким А.", (None, None, "А", None), "договорная"),
    )
    members = mapped.step("team", "TeamMembers", ("project", "resource", "role", "share"))
    tariffs = mapped.step("tariffs", "ProjectTariffs", ("project", "name", "resource", "rate"))
    for row, (name, cells, tariff) in enumerate(lines, start=3):
        page.row(row, (name, *cells, tariff))
        for position, (project, cell) in enumerate(zip(codes, cells, strict=True)):
            if cell is None:
                continue
            values = {
                "project": project,
                "resource": name.removeprefix("весь "),
                "role": roles.get(cell.split()[0]),
                "share": "0.5" if "50" in cell else None,
            }
            members.row(row, values, codes={} if values["role"] else {"role": "unmapped-value"})
            if not values["role"]:
                members.says("unmapped-value", f"Команда и тарифы!{'BCDE'[position]}{row}")
        if tariff is None:
            tariffs.row(row, fate="not_for_step")
            continue
        values = {"project": "SK-24-2026", "name": "Основной", "resource": name}
        if tariff == "договорная":
            tariffs.row(row, values, codes={"rate": "bad-number"})
            tariffs.says("bad-number", f"Команда и тарифы!F{row}")
        else:
            values["rate"] = str(tariff).replace(NBSP, "").replace(" ", "").replace(",", ".")
            tariffs.row(row, values)
    for row, text in enumerate(
        ("РП: руководитель проекта", "А: аналитик", "Р: разработчик", "+, х: участник"), start=9
    ):
        page.put(f"A{row}", text)


def make():
    """Return the workbook, and the text of `expected.json`."""
    seeded = random.Random(SEED)
    book, mapped = new_book(), Mapped()
    pages = [
        Page(book.create_sheet(name))
        for name in (
            "Оргструктура",
            "Сотрудники",
            "Ставки",
            "Клиенты",
            "Договоры",
            "Проекты",
            "ИСР",
            "Команда и тарифы",
        )
    ]
    departments(pages[0], mapped)
    people(pages[1], mapped, seeded)
    rates(pages[2], mapped)
    clients(pages[3], mapped, seeded)
    contracts(pages[4], mapped, seeded)
    projects(pages[5], mapped, seeded)
    tasks(pages[6], mapped)
    team(pages[7], mapped)
    return book, expected({FILE: file_truth("xlsx", pages)}, {"sevkontur.yaml": mapped})


def contents():
    """Return the files by name."""
    book, text = make()
    return {FILE: packed(book), "expected.json": text}


if __name__ == "__main__":
    write(__file__, contents())
