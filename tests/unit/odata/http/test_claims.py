import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.http.claims import Claims, read_claims
from importer.secret import Secret


def jwt(payload):
    text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Secret(f"e30.{base64.urlsafe_b64encode(text).decode().rstrip('=')}.signature")


def test_what_a_token_says_of_its_user():
    """User, tenant, rights and end, by the names that identity servers use."""
    found = read_claims(
        jwt(
            {
                "sub": "7",
                "email": "a@b.ru",
                "tenant": "ACME",
                "role": ["x", "y"],
                "scope": "all read",
                "exp": 0,
            }
        )
    )

    assert (found.user, found.tenant, found.rights) == ("a@b.ru", "ACME", ("x", "y", "all", "read"))
    assert found.ends is not None
    assert found.ends.year == 1970


@pytest.mark.parametrize(
    "token",
    [
        "opaque",
        "a.b.c",
        "..",
        "a.!!!.c",
        jwt([1]).reveal(),
        jwt(b"{").reveal(),
        jwt(b"\xff").reveal(),
        jwt({"email": 7, "exp": "soon", "iat": True, "role": [[1]]}).reveal(),
        jwt({"exp": 1e300}).reveal(),
    ],
)
def test_tokens_that_say_nothing(token):
    """An opaque or odd token is no mistake."""
    assert read_claims(Secret(token)) == Claims()


def test_nothing_odd_reaches_the_terminal():
    """Control characters and signs that turn the text around are taken out, and a long name is cut."""
    found = read_claims(jwt({"name": "a\x1b[31m\u202eb" + "c" * 500}))

    assert found.user is not None
    assert found.user.startswith("a [31m bccc")
    assert len(found.user) == 120


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda data: jwt(data).reveal()))
def test_anything(token):
    """Whatever a token holds, reading it never fails."""
    assert isinstance(read_claims(Secret(token)), Claims)
