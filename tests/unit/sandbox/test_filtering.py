"""`$filter`: what is found, what is refused, what it costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sandbox.filtering import Filter
from importer.sandbox.refusals import Refused

A, B = "8503a5c1-0000-4000-8000-0000000000aa", "8503a5c1-0000-4000-8000-0000000000bb"
PARENT = {"id": B, "name": "Папка", "amount": None, "allowed": None}
ENTITY = {
    "id": A,
    "name": "O'Brien, 50% in (x)",
    "allowed": True,
    "amount": Decimal("12.50"),
    "count": 7,
    "small": None,
    "day": "2024-02-29",
    "at": "2024-02-29T10:20:30.000000Z",
    "time": "10:00",
    "lasts": "PT1H",
    "colour": "Red",
    "code": "Ё1",
    "address": {"city": "Пермь", "zip": 5},
    "tags": ["a"],
    "parentId": B,
}
CHILDREN = [{"id": B, "name": "one", "count": 1}, {"id": A, "name": "two", "count": 2}]


class Family:
    """The entity has a parent and two parts; the parent has nothing."""

    def follow(self, values, kind, navigation):
        return PARENT if values is ENTITY else None

    def children(self, values, kind, navigation):
        return CHILDREN if values is ENTITY else []


def made(plain_pack, text, kind="T.Thing", node_limit=100, in_operator="yes"):
    return Filter(text, plain_pack.model, kind, Family(), node_limit=node_limit, in_operator=in_operator)


@pytest.mark.parametrize(
    "text",
    [
        "name eq 'O''Brien, 50% in (x)'",
        f"id eq {A.upper()}",
        f"id gt {A[:-1]}9",
        f"id in ({B},{A})",
        f"id in ({A})",
        "name ne 'x'",
        "small eq null",
        "null eq small",
        "small ne 5",
        "amount eq 12.5",
        "amount gt 12",
        "count le 7",
        "count eq 7.0",
        "count in (1,7)",
        "amount lt 1e2",
        "-count eq -7",
        "day eq 2024-02-29",
        "day ge 2024-01-01",
        "at gt 2024-02-29",
        "2024-02-29 lt at",
        "at eq 2024-02-29T13:20:30+03:00",
        "at in (2024-02-29T10:20:30Z)",
        "day lt 2024-03-01T00:00:00Z",
        "allowed",
        "allowed eq true",
        "not (allowed eq false)",
        "not not allowed",
        "colour eq 'Red'",
        "colour eq T.Colour'Red'",
        "code eq 'Ё1'",
        "address/city eq 'Пермь'",
        "address/zip add 1 eq 6",
        "parent/name eq 'Папка'",
        "parent/parent/name eq null",
        "parent ne null",
        "parent/parent eq null",
        f"parent/id eq {B}",
        "contains(name,'in (x)')",
        "startswith(name,'O')",
        "endswith(name,')')",
        "tolower(code) eq 'ё1'",
        "toupper('a') eq 'A'",
        "trim(' a ') eq 'a'",
        "length(name) gt 5",
        "concat(code,'x') eq 'Ё1x'",
        "indexof(name,'B') eq 2",
        "substring(name,2) eq substring(name,2,100)",
        "year(at) eq 2024 and month(day) eq 2 and day(at) eq 29",
        "hour(at) eq 10 and minute(at) eq 20 and second(at) eq 30",
        "date(at) eq day",
        "at lt now()",
        "round(amount) eq 13",
        "floor(amount) eq 12",
        "ceiling(amount) eq 13",
        "count mod 2 eq 1",
        "count div 2 eq 3.5",
        "count mul 2 sub 1 eq 13",
        "parts/any()",
        "parts/any(p:p/count eq 2)",
        "parts/all(p:p/count gt 0 and p/name ne name)",
        "parts/any(p:p/id eq id)",
        "not parent/parts/any()",
        "parts/any(p:p ne null)",
        "name eq 'x' or count eq 1 or allowed",
        "small gt 5 or allowed",
        "duration'PT1H' eq lasts",
        "allowed in (true,false)",
    ],
)
def test_found(plain_pack, text):
    """Each of these is true of the entity."""
    assert made(plain_pack, text).matches(ENTITY)


@pytest.mark.parametrize(
    "text",
    [
        "name eq 'o''brien, 50% in (x)'",
        f"id gt {A}",
        f"id in ({B})",
        "id in ()",
        "name in ()",
        "small gt 1",
        "small lt 1",
        "not (small gt 1)",
        "small gt 1 and allowed",
        "contains(parent/parent/name,'x')",
        "count div 0 eq 1",
        "hour(day) eq 0",
        "parts/all(p:p/count eq 2)",
        "parent/parts/any(p:p/count eq 2)",
        "allowed and count eq 8",
        "not allowed",
        "parent/allowed",
        "-small eq 1",
        "small add 1 eq 1",
    ],
)
def test_not_found(plain_pack, text):
    """Each of these is false of the entity, or unknown."""
    assert not made(plain_pack, text).matches(ENTITY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name eq", "Syntax error"),
        ("name = 'x'", "Syntax error"),
        ("   ", "Syntax error"),
        ("'", "Syntax error"),
        ("a/b/c/any(x:x eq 1)", "not valid"),
        ("weight eq 1", "property named 'weight' on type 'T.Thing'"),
        ("parent/weight eq 1", "weight"),
        ("name/x eq 1", "'name'"),
        ("parts/name eq 'x'", "'parts'"),
        ("name/any()", "'name'"),
        ("parts/any(p:p/x eq 1)", "'x' on type 'T.Thing'"),
        ("parts/x/any()", "'parts'"),
        (f"id eq '{A}'", "'Edm.Guid' and 'Edm.String' for operator kind 'Equal'"),
        (f"name eq {A}", "incompatible"),
        ("count eq '7'", "incompatible"),
        ("allowed eq 'true'", "incompatible"),
        (f"id in ({A},'x')", "operator kind 'In'"),
        ("day eq '2024-02-29'", "incompatible"),
        ("time eq 5", "incompatible"),
        ("parent eq 5", "incompatible"),
        ("name", "boolean"),
        ("name and allowed", "logical"),
        ("not name", "Not"),
        ("-name eq 1", "Negate"),
        ("name add 1 eq 2", "arithmetic"),
        ("contains(count,'7')", "contains"),
        ("contains(name)", "Syntax error"),
        ("soundex(name) eq 'x'", "soundex"),
        ("totalseconds(lasts) eq 5", "unknown function"),
        ("at eq 2024-02-31T00:00:00Z", "Edm.DateTimeOffset"),
        ("parts/any(p:p/name)", "any"),
        ("geo.length(place) eq 1", "unknown function"),
        ("geography'x' eq place", "not supported"),
    ],
)
def test_refused(plain_pack, text, words):
    """What the library of Timetta would not understand is a 400 that says why."""
    with pytest.raises(Refused) as caught:
        made(plain_pack, text)
    assert caught.value.status == 400
    assert words in caught.value.body["error"]["message"]


@pytest.mark.parametrize(
    ("unit", "most"),
    [
        ("name eq '{}'", 20),
        ("tolower(name) eq '{}'", 16),
        ("parent/name eq '{}'", 16),
        ("day eq 2024-01-{:02}", 16),
    ],
)
def test_the_node_limit(plain_pack, unit, most):
    """As many terms as ASP.NET takes, and not one more (odata-protocol.md §2)."""
    assert made(plain_pack, " or ".join(unit.format(n + 1) for n in range(most)))
    with pytest.raises(Refused, match="400"):
        made(plain_pack, " or ".join(unit.format(n + 1) for n in range(most + 1)))


def test_long_lists_and_chains(plain_pack):
    """`in` costs one node whatever its length; where there is no limit, a chain of any length is no recursion."""
    wide = "name in (" + ",".join(f"'n{n}'" for n in range(1000)) + ")"
    chain = " or ".join(f"count eq {n}" for n in range(2000))

    assert made(plain_pack, f"{wide} or count eq 7").matches(ENTITY)
    assert made(plain_pack, chain, node_limit=10**6).matches(ENTITY)


def test_open_types(plain_pack):
    """A name that an open type does not have is null, never an error: a typo finds nobody."""
    assert not made(plain_pack, "wieght eq 5", "T.Ticket").matches({"wieght": 5})
    assert made(plain_pack, "wieght eq null", "T.Ticket").matches({})


def test_words_of_the_language_as_names(plain_pack):
    """Names that begin with a word of the language are names."""
    assert made(plain_pack, "allowed eq true and contains('all null', 'allowed') eq false").matches(ENTITY)
    assert made(plain_pack, "anything eq null and nullable eq null and truely eq null", "T.Ticket").matches(
        {}
    )


def test_habits_of_in(plain_pack):
    """`in` can be refused, or ignored together with its whole filter."""
    with pytest.raises(Refused):
        made(plain_pack, "name in ('a')", in_operator="400")
    ignored = made(plain_pack, "name in ('a') and count eq 1", in_operator="ignored")

    assert ignored.matches(ENTITY)
    assert ignored.equals() is None
    assert not made(plain_pack, "name eq ' in (''a'')'", in_operator="400").matches(ENTITY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name eq 'a'", ("name", ("a",))),
        ("count gt 1 and (name in ('a','b'))", ("name", ("a", "b"))),
        ("name eq null", None),
        ("name ne 'a'", None),
        ("name eq 'a' or count eq 1", None),
        ("parent/name eq 'a'", None),
        ("day eq 2024-01-01", None),
        ("name eq code", None),
        ("'a' eq name", None),
    ],
)
def test_plain_equality(plain_pack, text, expected):
    """What an index can answer is recognised."""
    assert made(plain_pack, text).equals() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [(f"id gt {A}", A), ("name gt 'x'", None), (f"id ge {A}", None), (f"id gt {A} and allowed", None)],
)
def test_keyset(plain_pack, text, expected):
    """The filter of a keyset page is recognised."""
    assert made(plain_pack, text).after("id") == expected


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")))
def test_any_text_is_found(plain_pack, value):
    """A text with its quotes doubled is found by `eq` and `in`, whatever it holds."""
    literal = "'" + value.replace("'", "''") + "'"
    for text in (f"name eq {literal}", f"name in ({literal})", f"name in ('x',{literal})"):
        assert made(plain_pack, text).matches({"name": value})


@given(st.text("na me'()eqintrue,/5-$:.\0and", max_size=40))
def test_never_crashes(plain_pack, text):
    """Any text is a filter or an error."""
    try:
        made(plain_pack, text).matches(ENTITY)
    except Refused:
        return


def test_deep_nesting(plain_pack):
    """Where there is no limit of nodes, nesting still has one."""
    with pytest.raises(Refused, match="400"):
        made(plain_pack, "not " * 5000 + "allowed", node_limit=10**6)
