"""Workbooks as customers of other services write them, and what a person would map them to: sheet → (set, property → header)."""

from collections.abc import Mapping, Sequence

Sheets = Mapping[str, Sequence[Sequence[object]]]
Expected = Mapping[str, tuple[str, Mapping[str, str]]]

_COUNTRIES = ("Germany", "France", "Brazil", "UK")
_CITIES = ("Berlin", "Lyon", "Recife", "Leeds")
_GROUPS = ("Beverages", "Condiments", "Seafood", "Dairy")
_MAKERS = ("Exotic Liquids", "Tokyo Traders", "Pavlova Ltd.")

TRADE: Sheets = {
    "Categories": [["Category", "Notes"], *([name, f"All about {name.lower()}"] for name in _GROUPS)],
    "Vendors": [
        ["Vendor", "Contact", "Job title", "City", "Country", "Tel."],
        *(
            [
                name,
                f"Anna Smith {n}",
                "Sales manager",
                _CITIES[n % 4],
                _COUNTRIES[n % 4],
                f"(171) 555-22{n:02}",
            ]
            for n, name in enumerate(_MAKERS)
        ),
    ],
    "Price list": [
        ["Product", "Product group", "Supplier", "Package", "Price, $", "In stock", "On order", "Status"],
        *(
            [
                f"Article {n}",
                _GROUPS[n % 4],
                _MAKERS[n % 3],
                f"{n + 6} boxes",
                f"{n + 10}.50",
                n * 3,
                n,
                "discontinued" if n % 5 == 0 else "active",
            ]
            for n in range(24)
        ),
    ],
    "Clients": [
        ["Customer code", "Company", "Contact person", "Street", "City", "Zip", "Country", "Phone"],
        *(
            [
                f"CUS{n:02}",
                f"Company {n}",
                f"Maria Jones {n}",
                f"Main street {n}",
                _CITIES[n % 4],
                f"{10000 + n}",
                _COUNTRIES[n % 4],
                f"030-007{n:04}",
            ]
            for n in range(12)
        ),
    ],
    "Staff": [
        ["Surname", "First name", "Position", "Date of birth", "Hired", "City", "Home tel.", "Ext."],
        *(
            [
                f"Miller{n}",
                f"Ann{n}",
                "Clerk",
                f"0{n + 1}/1{n % 9}/1980",
                f"{n + 1}/28/2019",
                _CITIES[n % 4],
                f"(206) 555-98{n:02}",
                f"54{n:02}",
            ]
            for n in range(9)
        ),
    ],
}
TRADE_EXPECTED: Expected = {
    "Categories": ("Categories", {"CategoryName": "Category", "Description": "Notes"}),
    "Vendors": (
        "Suppliers",
        {
            "CompanyName": "Vendor",
            "ContactName": "Contact",
            "ContactTitle": "Job title",
            "City": "City",
            "Country": "Country",
            "Phone": "Tel.",
        },
    ),
    "Price list": (
        "Products",
        {
            "ProductName": "Product",
            "Category": "Product group",
            "Supplier": "Supplier",
            "QuantityPerUnit": "Package",
            "UnitPrice": "Price, $",
            "UnitsInStock": "In stock",
            "UnitsOnOrder": "On order",
            "Discontinued": "Status",
        },
    ),
    "Clients": (
        "Customers",
        {
            "CustomerID": "Customer code",
            "CompanyName": "Company",
            "ContactName": "Contact person",
            "Address": "Street",
            "City": "City",
            "PostalCode": "Zip",
            "Country": "Country",
            "Phone": "Phone",
        },
    ),
    "Staff": (
        "Employees",
        {
            "LastName": "Surname",
            "FirstName": "First name",
            "Title": "Position",
            "BirthDate": "Date of birth",
            "HireDate": "Hired",
            "City": "City",
            "HomePhone": "Home tel.",
            "Extension": "Ext.",
        },
    ),
}

_UNITS = ("Дирекция", "Сбыт", "Склад", "Сервис")
_PEOPLE = tuple(
    f"{name} {first} {middle}"
    for name, first, middle in zip(
        ("Орлов", "Белова", "Гусев", "Зимина", "Котов", "Лосева", "Ершов", "Чижова"),
        ("Иван", "Анна", "Пётр", "Ольга", "Олег", "Вера", "Юрий", "Нина"),
        ("Ильич", "Львовна", "Петрович", "Юрьевна", "Олегович", "Ивановна", "Юрьевич", "Олеговна"),
        strict=True,
    )
)
_FIRMS = ("ООО «Маяк»", "АО «Заря»", "ИП Снегирёв")

BUREAU: Sheets = {
    "Оргструктура": [
        ["Структурное подразделение", "Шифр", "Вышестоящее подразделение", "Начальник"],
        *([unit, f"{n:02}", _UNITS[0] if n else None, _PEOPLE[n]] for n, unit in enumerate(_UNITS)),
    ],
    "Штат": [
        ["Реестр работников на 01.09.2026"],
        [],
        [
            "№",
            "Ф.И.О. сотрудника",
            "Эл. почта",
            "Подразделение",
            "Непосредственный руководитель",
            "Дата найма",
            "Ставка (руб./час)",
        ],
        *(
            [
                n + 1,
                person,
                f"p{n}@bureau.example",
                _UNITS[n % 4],
                _PEOPLE[0] if n else "—",
                f"{n + 10}.03.2024",
                f"1 {n}50,00",
            ]
            for n, person in enumerate(_PEOPLE)
        ),
        ["Итого", len(_PEOPLE)],
    ],
    "Контрагенты": [
        ["Контрагент", "ИНН", "Работает"],
        *([firm, f"77{n:08}", "да" if n else "нет"] for n, firm in enumerate(_FIRMS)),
    ],
    "Проекты": [
        ["Название проекта", "Номер", "Клиент", "Рук. проекта", "Старт", "Срок", "Смета, руб."],
        *(
            [
                f"Проект {n}",
                f"P-{n:03}",
                _FIRMS[n % 3],
                _PEOPLE[n],
                f"0{n + 1}.02.2026",
                f"1{n}.11.2026",
                f"{n + 1} 250 000,50",
            ]
            for n in range(6)
        ),
    ],
    "План работ": [
        ["Проект", "Задача", "Начало", "Окончание", "Трудозатраты, ч", "Веха"],
        *(
            [
                f"Проект {n % 6}",
                f"Этап {n}",
                f"0{n % 8 + 1}.03.2026",
                f"1{n % 8}.04.2026",
                f"{n},5",
                "да" if n % 3 else "нет",
            ]
            for n in range(12)
        ),
    ],
}
BUREAU_EXPECTED: Expected = {
    "Оргструктура": (
        "Departments",
        {
            "name": "Структурное подразделение",
            "code": "Шифр",
            "parent": "Вышестоящее подразделение",
            "head": "Начальник",
        },
    ),
    "Штат": (
        "Users",
        {
            "name": "Ф.И.О. сотрудника",
            "email": "Эл. почта",
            "department": "Подразделение",
            "manager": "Непосредственный руководитель",
            "hireDate": "Дата найма",
            "rate": "Ставка (руб./час)",
        },
    ),
    "Контрагенты": ("Organizations", {"name": "Контрагент", "taxNumber": "ИНН", "isActive": "Работает"}),
    "Проекты": (
        "Projects",
        {
            "name": "Название проекта",
            "code": "Номер",
            "organization": "Клиент",
            "manager": "Рук. проекта",
            "beginDate": "Старт",
            "endDate": "Срок",
            "budget": "Смета, руб.",
        },
    ),
    "План работ": (
        "ProjectTasks",
        {
            "project": "Проект",
            "name": "Задача",
            "dateFrom": "Начало",
            "dateTo": "Окончание",
            "estimated": "Трудозатраты, ч",
            "isMilestone": "Веха",
        },
    ),
}

_NAMES = ("Иванов", "Петрова", "Сидоров", "Козлова", "Фомин", "Рыкова", "Титов", "Юдина", "Яшин", "Цой")

MESSY: Sheets = {
    "Лист1": [
        ["ООО «Вектор». Реестр сотрудников"],
        ["по состоянию на 01.11.2026"],
        [],
        [
            "№ п/п",
            "Таб. №",
            "Фамилия",
            "Имя",
            "Отчество",
            "Почта",
            "Тел.",
            "Должн.",
            "Принят",
            "Уволен с",
            "Статус",
            "Роль в проекте",
            "Загрузка",
        ],
        *(
            [
                n + 1,
                f"{n:05}",
                name,
                "Пётр" if n % 2 else "Анна",
                "Ильич" if n % 2 else "Львовна",
                "н/д" if n == 3 else f"i{n}@vector.example",
                f"+7 900 111-22-{n:02}",
                "Инженер",
                f"{n + 1} мар 2024 г.",
                None if n else "31.12.2025",
                "Работает" if n else "Уволен",
                "Архитектор",
                f"{n * 5} %",
            ]
            for n, name in enumerate(_NAMES)
        ),
        ["ИТОГО:", len(_NAMES)],
    ],
    "Юр. лица": [
        ["Компания", "Моб. тел.", "Сайт компании", "Ответственный"],
        ["ООО «Маяк»", "8 (900) 111-22-33", "mayak.example", "Иванов Анна Львовна"],
        ["АО «Заря»", "8 (900) 111-22-34", "zarya.example", "Петрова Пётр Ильич"],
    ],
}
MESSY_EXPECTED: Expected = {
    # The service has a custom field with just this name.
    "Лист1": (
        "Users",
        {
            "stringValue1": "Таб. №",
            "name": "Фамилия + Имя + Отчество",
            "email": "Почта",
            "phone": "Тел.",
            "position": "Должн.",
            "firstWorkDay": "Принят",
            "lastWorkDay": "Уволен с",
            "isActive": "Статус",
            "role": "Роль в проекте",
        },
    ),
}

LEDGER: Sheets = {
    "Customers": [
        [
            "No.",
            "Name",
            "Address",
            "City",
            "Post Code",
            "Phone No.",
            "E-Mail",
            "Home Page",
            "Currency Code",
            "Credit Limit (LCY)",
        ],
        *(
            [
                f"C{n:04}",
                f"Firm {n}",
                f"Road {n}",
                "York",
                "YO1 7HH",
                "+44 20 7946 0000",
                f"c{n}@f.example",
                "f.example",
                "GBP",
                f"{n},500.00",
            ]
            for n in range(1, 9)
        ),
    ],
    "Items": [
        [
            "No.",
            "Description",
            "Item Category Code",
            "Base Unit of Measure",
            "Unit Price",
            "Unit Cost",
            "Inventory",
            "GTIN",
            "Blocked",
        ],
        *(
            [
                f"1{n:03}",
                f"Chair {n}",
                "FURN",
                "PCS",
                f"{n}.5",
                "2.5",
                n,
                f"40{n:011}",
                "Yes" if n % 2 else "No",
            ]
            for n in range(1, 9)
        ),
    ],
    "Employees": [
        [
            "No.",
            "First Name",
            "Last Name",
            "Job Title",
            "Mobile Phone No.",
            "Company E-Mail",
            "Employment Date",
        ],
        *(
            [f"E{n}", f"Ann{n}", "Lee", "Clerk", "+44 7700 900000", f"e{n}@f.example", "28/01/2020"]
            for n in range(1, 9)
        ),
    ],
}
LEDGER_EXPECTED: Expected = {
    "Customers": (
        "customers",
        {
            "number": "No.",
            "displayName": "Name",
            "addressLine1": "Address",
            "city": "City",
            "postalCode": "Post Code",
            "phoneNumber": "Phone No.",
            "email": "E-Mail",
            "website": "Home Page",
            "currencyCode": "Currency Code",
            "creditLimit": "Credit Limit (LCY)",
        },
    ),
    "Items": (
        "items",
        {
            "number": "No.",
            "displayName": "Description",
            "itemCategoryCode": "Item Category Code",
            "baseUnitOfMeasureCode": "Base Unit of Measure",
            "unitPrice": "Unit Price",
            "unitCost": "Unit Cost",
            "inventory": "Inventory",
            "gtin": "GTIN",
            "blocked": "Blocked",
        },
    ),
    "Employees": (
        "employees",
        {
            "number": "No.",
            "givenName": "First Name",
            "surname": "Last Name",
            "jobTitle": "Job Title",
            "mobilePhone": "Mobile Phone No.",
            "email": "Company E-Mail",
            "employmentDate": "Employment Date",
        },
    ),
}

JOURNEY: Sheets = {
    "People": [
        ["Login", "First name", "Last name", "Sex", "Age", "Street", "City", "Country", "Best friend"],
        *(
            [
                f"u{n}",
                f"Al{n}",
                "Ray",
                "mf"[n % 2],
                20 + n,
                f"Main {n}",
                "Oslo",
                "Norway",
                f"u{n - 1}" if n else None,
            ]
            for n in range(10)
        ),
    ],
    "Авиакомпании": [["Код", "Авиакомпания"], ["SU", "Аэрофлот"], ["LH", "Lufthansa"]],
    "Airports": [["ICAO", "IATA", "Airport"], ["UUEE", "SVO", "Sheremetyevo"], ["EDDF", "FRA", "Frankfurt"]],
}
JOURNEY_EXPECTED: Expected = {
    "People": (
        "People",
        {
            "UserName": "Login",
            "FirstName": "First name",
            "LastName": "Last name",
            "Gender": "Sex",
            "Age": "Age",
            "HomeAddress/Address": "Street",
            "HomeAddress/City/Name": "City",
            "HomeAddress/City/CountryRegion": "Country",
            "BestFriend": "Best friend",
        },
    ),
    "Авиакомпании": ("Airlines", {"AirlineCode": "Код", "Name": "Авиакомпания"}),
    "Airports": ("Airports", {"IcaoCode": "ICAO", "IataCode": "IATA", "Name": "Airport"}),
}
