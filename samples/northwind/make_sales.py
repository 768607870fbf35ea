"""Makes sales.xlsx: products, orders and order lines of an English shop, numbers and dates as people type them.

python samples/northwind/make_sales.py
"""

import random
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, expected, file_truth, new_book, packed, write

SEED = 1996
# Product, category, supplier, country, price as written, price as meant, status.
PRODUCTS = (
    ("Green tea", "Beverages", "Leaf & Co.", "UK", 18, "18", "active"),
    ("Oat biscuits ", "Confections", "Crumb Ltd", "UK", "$9.50", "9.50", "Active"),
    ("Sea salt, coarse", "Condiments", "Shore Foods", "Canada", "1,234.50", "1234.50", "discontinued"),
    ("Green tea (decaf)", "Beverages", "Leaf & Co.", "UK", "19,5", None, "active"),
    ("Rye bread", "Grains", "Crumb Ltd", "UK", 7.25, "7.25", "sold out"),
    ("Smoked trout", "Seafood", "Shore Foods", "Canada", "(2.00)", "-2", "active"),
)
CUSTOMERS = (
    ("ALFAB", "Alfa Bakery", "UK"),
    ("BRAVO", "Bravo Café", "France"),
    ("00042", "Corner Shop", None),
)


def contents():
    """Return the files by name."""
    seeded, book, mapped = random.Random(SEED), new_book(), Mapped()
    products, orders, lines = (
        Page(book.create_sheet(name)) for name in ("Products", "Orders", "Order lines")
    )
    _products(products, mapped)
    _orders(orders, mapped, seeded)
    _lines(lines, mapped, seeded)
    truth = file_truth("xlsx", [products, orders, lines])
    return {
        "sales.xlsx": packed(book),
        "expected.json": expected({"sales.xlsx": truth}, {"sales.yaml": mapped}),
    }


def _products(page, mapped):
    page.head(1, ("Product", "Category", "Supplier", "Country", "Price", "Status"))
    categories = mapped.step("Categories", "Categories", ("CategoryName",))
    step = mapped.step(
        "Products", "Products", ("ProductName", "Category", "Supplier", "UnitPrice", "Discontinued")
    )
    for row, (name, category, supplier, country, written, meant, status) in enumerate(PRODUCTS, start=2):
        page.row(row, (name, category, supplier, country, written, status))
        categories.row(row, {"CategoryName": category})
        discontinued = {"active": "false", "discontinued": "true"}.get(status.lower())
        codes = {} if meant else {"UnitPrice": "bad-number"}
        codes |= {} if discontinued else {"Discontinued": "unmapped-value"}
        step.row(
            row,
            {
                "ProductName": name.strip(),
                "Category": category,
                "Supplier": supplier,
                "UnitPrice": meant,
                "Discontinued": discontinued,
            },
            codes=codes,
        )
        for wrong, code in codes.items():
            step.says(code, f"Products!{'E' if wrong == 'UnitPrice' else 'F'}{row}")


def _orders(page, mapped, seeded):
    page.head(1, ("Order #", "Customer code", "Customer", "Country", "Date", "Ship to"))
    customers = mapped.step("Customers", "Customers", ("CustomerID", "CompanyName", "Country"))
    step = mapped.step("orders", "Orders", ("Customer", "OrderDate", "ShipCity"))
    for number in range(15):
        row, day = number + 2, date(2026, 1, 5) + timedelta(days=seeded.randrange(300))
        code, name, country = CUSTOMERS[number % 3]
        written = (
            day,
            f"{day.month}/{day.day}/{day.year}",
            f"{day:%B} {day.day}, {day.year}",
            f"{day:%Y-%m-%d}",
        )[number % 4]
        meant, codes = day.isoformat(), {}
        if number == 13:
            written, meant, codes = "2/30/2026", None, {"OrderDate": "bad-date"}
            step.says("bad-date", f"Orders!E{row}")
        # A customer's code that Excel took for a number.
        page.row(
            row,
            (
                10248 + number,
                (42, "00000") if code == "00042" and number % 2 else code,
                name,
                country,
                written,
                "Leeds",
            ),
        )
        customers.row(row, {"CustomerID": code, "CompanyName": name, "Country": country})
        step.row(row, {"Customer": code, "OrderDate": meant, "ShipCity": "Leeds"}, codes=codes)


def _lines(page, mapped, seeded):
    page.head(1, ("Order #", "Product", "Price", "Qty", "Discount"))
    step = mapped.step("lines", "Order_Details", ("Order", "Product", "UnitPrice", "Quantity", "Discount"))
    for number in range(30):
        row, price, percent = (
            number + 2,
            Decimal(seeded.randrange(100, 9000)) / 100,
            seeded.randrange(1, 6) * 5,
        )
        discount, meant = (
            (None, "0"),
            (f"{percent}%", f"{Decimal(percent) / 100}"),
            ((percent / 100, "0%"), f"{Decimal(percent) / 100}"),
            (f"{percent} %", f"{Decimal(percent) / 100}"),
        )[number % 4]
        product, quantity = PRODUCTS[number % 6][0].strip(), seeded.randrange(1, 40)
        order = 10248 + number // 2
        page.row(row, (order, product, float(price) if number % 3 else f"${price:.2f}", quantity, discount))
        values = {
            "Order": f"{order}",
            "Product": product,
            "UnitPrice": f"{price}",
            "Quantity": f"{quantity}",
            "Discount": meant,
        }
        step.row(row, values)
    page.row(32, (10248, "Green tea", 18, 1.5, "half"))
    step.row(
        32,
        {"Order": "10248", "Product": "Green tea", "UnitPrice": "18"},
        codes={"Quantity": "out-of-range", "Discount": "expression-value"},
    )
    step.says("out-of-range", "Order lines!D32")
    step.says("expression-value", "Order lines!E32")


if __name__ == "__main__":
    write(__file__, contents())
