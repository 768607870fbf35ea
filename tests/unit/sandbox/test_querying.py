"""Query options."""

import pytest

from importer.sandbox.querying import Options, in_order, read_options
from importer.sandbox.refusals import Refused
from importer.sandbox.store import Entity


def test_everything():
    """All options are read; names count in any case and without their dollar; two `$select` are one."""
    options = read_options(
        "$Select=a,b&$select=c&top=5&$skip=2&$count=true&$orderby=a%20desc,b&$filter=a%20eq%201&other=x&$format=json"
    )

    assert options.select == ("a", "b", "c")
    assert (options.top, options.skip, options.count, options.filter) == (5, 2, True, "a eq 1")
    assert options.orderby == (("a", True), ("b", False))
    assert read_options(options.from_here(7, 3)) == read_options(
        "$select=a,b,c&$count=true&$orderby=a%20desc,b&$filter=a%20eq%201&$format=json&$skip=7&$top=3"
    )


def test_expand():
    """Navigation properties with options of their own, nested ones too."""
    options = read_options("$expand=a,b($select=x,y;$expand=c($select=z);$filter=n eq 'a;)'),d")

    assert [name for name, _ in options.expand] == ["a", "b", "d"]
    inner = options.expand[1][1]
    assert (inner.select, inner.filter) == (("x", "y"), "n eq 'a;)'")
    assert inner.expand[0][1].select == ("z",)


def test_nothing():
    """No option is no wish; an empty one too."""
    assert read_options("") == Options()
    assert read_options("$filter=&$select=*&x=1").select == ()


@pytest.mark.parametrize(
    "query",
    [
        "$foo=1",
        "$search=x",
        "$top=-1",
        "$top=x",
        "$top=99999999999",
        "$skip=1.5",
        "$count=yes",
        "$top=1&$top=2",
        "$orderby=a sideways",
        "$expand=a(b",
    ],
)
def test_refused(query):
    """A wrong option is a 400."""
    with pytest.raises(Refused) as caught:
        read_options(query)
    assert caught.value.status == 400


def test_order():
    """Nulls first, numbers by value, by several properties."""
    found = in_order(
        [Entity("", {"a": value, "b": n}) for n, value in enumerate([10, None, 9, 10])],
        (("a", False), ("b", True)),
    )

    assert [(entity.values["a"], entity.values["b"]) for entity in found] == [
        (None, 1),
        (9, 2),
        (10, 3),
        (10, 0),
    ]
    assert [
        entity.values["a"]
        for entity in in_order([Entity("", {"a": "x"}), Entity("", {"a": "y"})], (("a", True),))
    ] == ["y", "x"]
