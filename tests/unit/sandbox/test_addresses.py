"""Paths and keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sandbox.addresses import predicate_of, read_key_values, read_path
from importer.sandbox.refusals import Refused

GUID = "8503a5c1-0000-4000-8000-0000000000ab"


@pytest.fixture(scope="module")
def model(plain_pack):
    return plain_pack.model


@pytest.mark.parametrize(
    ("path", "name", "key", "rest"),
    [
        ("Things", "Things", None, None),
        ("things/$count", "Things", None, "$count"),
        (f"Things({GUID.upper()})", "Things", GUID, None),
        (f"Things({GUID})/parent/", "Things", GUID, "parent"),
        ("Numbers(-5)", "Numbers", "-5", None),
        ("Codes('O''Brien/(x)')", "Codes", "O'Brien/(x)", None),
        (f"Lines(code='a,b=''c''/d', thingId={GUID})", "Lines", f"{GUID}\x1fa,b='c'/d", None),
        ("Codes(code='=')", "Codes", "=", None),
        ("Codes('a=b')", "Codes", "a=b", None),
        ("Tickets(colour=T.Colour'Red',done=true)", "Tickets", "Red\x1fTrue", None),
    ],
)
def test_read(model, path, name, key, rest):
    """Sets in any case, keys of every kind in any order, navigation."""
    address = read_path(path, model)

    assert (address.entity_set.name, address.key, address.rest) == (name, key, rest)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Nothing", 404),
        ("Things/parent", 404),
        ("Things(1)/a/b", 404),
        ("(1)", 404),
        ("Things()", 400),
        ("Things(5)", 400),
        (f"Things('{GUID}')", 400),
        ("Numbers('5')", 400),
        ("Numbers(x)", 400),
        ("Codes(5)", 400),
        ("Lines('x')", 400),
        (f"Lines(thingId={GUID})", 400),
        (f"Lines(thingId={GUID},code='x',more=1)", 400),
        (f"Lines(thingId={GUID},code='x'y)", 400),
        ("Tickets(colour='Red',done=maybe)", 400),
    ],
)
def test_refused(model, path, status):
    """What does not exist is 404, a key that is none is 400."""
    with pytest.raises(Refused) as caught:
        read_path(path, model)
    assert caught.value.status == status


@given(
    thing=st.uuids().map(str),
    code=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="%")),
)
def test_keys_go_round(plain_pack, thing, code):
    """A key written in a Location is read back as the same key."""
    from urllib.parse import unquote

    values = {"thingId": thing, "code": code}
    written = unquote(predicate_of(values, plain_pack.model, "T.Line"))

    assert read_key_values(written[1:-1], plain_pack.model, "T.Line") == values


@given(st.text("TthingsLlines()'=,/$ 0a-\x00", max_size=40))
def test_never_crashes(plain_pack, path):
    """Any path is an address or an error."""
    try:
        read_path(path, plain_pack.model)
    except Refused:
        return
