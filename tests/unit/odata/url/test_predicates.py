"""Many values are asked for in few questions, none of which is too long."""

from hypothesis import given
from hypothesis import strategies as st

from importer.odata.url.literals import encoded
from importer.odata.url.predicates import IN_BYTES, OR_TERMS, in_chunks, in_filter, or_chunks, or_filter
from importer.odata.url.query import query

values = st.lists(st.text(max_size=40) | st.integers() | st.uuids(), max_size=60)


def test_filters():
    """The two ways of asking for several values."""
    assert in_filter("name", ["a", "O'Brien", 7]) == "name in ('a','O''Brien',7)"
    assert or_filter("name", ["a", None]) == "name eq 'a' or name eq null"


@given(values, st.integers(60, 400), st.integers(1, 20))
def test_in_chunks(wanted, budget, limit):
    """Every value is asked for once, in order; a filter is within the budget as it travels, or holds one value."""
    chunks = list(in_chunks("name", wanted, budget=budget, limit=limit))

    assert [value for chunk, _ in chunks for value in chunk] == wanted
    for chunk, text in chunks:
        assert text == in_filter("name", chunk)
        assert 1 <= len(chunk) <= limit
        assert len(encoded(text)) <= budget or len(chunk) == 1


@given(values)
def test_or_chunks(wanted):
    """Every value is asked for once, and no filter has more terms than the strictest server takes."""
    chunks = list(or_chunks("name", wanted))

    assert [value for chunk, _ in chunks for value in chunk] == wanted
    assert all(text == or_filter("name", chunk) and 1 <= len(chunk) <= OR_TERMS for chunk, text in chunks)


def test_cyrillic_is_six_times_longer():
    """Lengths are measured encoded: a Russian name costs what it costs on the wire."""
    russian = [len(chunk) for chunk, _ in in_chunks("name", ["Иванов Иван Иванович"] * 100)]
    latin = [len(chunk) for chunk, _ in in_chunks("name", ["Ivanov Ivan Ivanovic"] * 100)]

    assert max(russian) < max(latin) / 3
    assert IN_BYTES < 2048


def test_query():
    """Options come in a fixed order and are encoded once; nothing asked is nothing written."""
    assert query() == ""
    assert query(
        select=("id", "имя"), filter="name eq 'a+b'", orderby=("id",), top=5, skip=10, count=True
    ) == (
        "?$select=id,%D0%B8%D0%BC%D1%8F&$filter=name%20eq%20%27a%2Bb%27&$orderby=id&$skip=10&$top=5&$count=true"
    )
    assert query(filter="", top=0) == "?$filter=&$top=0"
