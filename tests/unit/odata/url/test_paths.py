"""Addresses of entities, and keys out of the Location headers that servers really write."""

from datetime import date
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.url.paths import entity_path, key_text, unquoted

GUID = UUID("4d1a525f-3abc-4871-a64a-349c1dd3cabf")


@pytest.mark.parametrize(
    ("key", "enums", "path"),
    [
        ({"id": 7}, None, "Users(7)"),
        ({"id": GUID}, None, f"Users({GUID})"),
        ({"code": "a/b"}, None, "Users(%27a%2Fb%27)"),
        ({"code": "O'Brien +"}, None, "Users(%27O%27%27Brien%20%2B%27)"),
        ({"code": "Ё"}, None, "Users(%27%D0%81%27)"),
        (
            {"from": date(2024, 1, 1), "role": "dev", "id": GUID},
            None,
            f"Users(from=2024-01-01,role=%27dev%27,id={GUID})",
        ),
        ({"kind": "User"}, {"kind": "N.Kind"}, "Users(N.Kind%27User%27)"),
        ({"kind": "User", "n": 1}, {"kind": "N.Kind"}, "Users(kind=N.Kind%27User%27,n=1)"),
    ],
)
def test_paths(key, enums, path):
    """A single key stands bare, several by name; everything is encoded once."""
    assert entity_path("Users", key, enums) == path


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (f"https://x/odata/Users({GUID})", str(GUID)),
        ("Users(7)", "7"),
        ("/odata/Users('a%2Fb')", "'a/b'"),
        ("Users('a/b')", "'a/b'"),
        ("Users(a='x',b=2)?x=(1)", "a='x',b=2"),
        ("https://x/Users", None),
        ("", None),
        ("Users()", ""),
        ("https://x/f(1)/Users(2)", "2"),
        ("https://x/Users('%D0%81')", "'Ё'"),
        ("https://x/Users('a(b)c')", "'a(b)c'"),
        ("Rates(code='dev/1'x',day='2024-01-01')", "code='dev/1'x',day='2024-01-01'"),
        ("https://x/Users(%27a)(b%27)", "'a)(b'"),
    ],
)
def test_keys_of_locations(location, text):
    """The predicate of a Location is found, encoded or not; an address without one has none."""
    assert key_text(location) == text


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        ("7", "7"),
        ("'a''b'", "a'b"),
        ("id='x'", "x"),
        ("id=5", "5"),
        (" '' ", ""),
        ("'", "'"),
        ("'a=b'", "a=b"),
        ("a=1,b=2", "a=1,b=2"),
    ],
)
def test_quotes_of_predicates(predicate, value):
    """A quoted or named value is taken out of its quotes and name."""
    assert unquoted(predicate) == value


@given(st.text(min_size=1, max_size=12).filter(lambda text: text.strip() == text))
def test_there_and_back(text):
    """A text key, whatever its signs, comes back from the path it was written into."""
    assert unquoted(key_text(entity_path("Users", {"code": text})) or "") == text
    assert unquote(entity_path("Users", {"code": text})) == "Users('" + text.replace("'", "''") + "')"
