"""Tokens: who gets them, how long they are good, what a refresh token is worth."""

import json
from urllib.parse import urlencode

import httpx
import pytest

from importer.sandbox import Habits, running
from importer.sandbox.tokens import API_TOKEN, PASSWORD, USER, Tokens

FORM = {"content-type": "application/x-www-form-urlencoded"}
BASIC_USER = "Basic YWRtaW5AZXhhbXBsZS5ydTpzZWNyZXQ="
LOGIN = {
    "client_id": "external",
    "grant_type": "password",
    "username": USER,
    "password": PASSWORD,
    "scope": "all offline_access",
}


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def asked(tokens, **form):
    reply = tokens.answer(FORM, urlencode(form).encode())
    return reply.status, json.loads(reply.body)


def good(tokens, token):
    return tokens.refusal(f"Bearer {token}") is None


def test_password_and_refresh(clock):
    """A login gives two tokens; a refresh gives two new ones, and its own is spent."""
    tokens = Tokens(Habits(auth="on", token_seconds=60), clock)
    status, first = asked(tokens, **LOGIN)
    assert (status, first["expires_in"], first["token_type"]) == (200, 60, "Bearer")
    assert good(tokens, first["access_token"])
    clock.now = 60
    assert tokens.refusal(f"Bearer {first['access_token']}").status == 401
    renew = {"client_id": "external", "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    status, second = asked(tokens, **renew)
    assert good(tokens, second["access_token"])
    assert asked(tokens, **renew) == (400, {"error": "invalid_grant"})
    assert asked(tokens, **renew | {"refresh_token": second["refresh_token"]})[0] == 200


def test_reusable_refresh_tokens(clock):
    """Where they do not rotate, one is good again and again."""
    tokens = Tokens(Habits(auth="on", refresh="reusable"), clock)
    token = asked(tokens, **LOGIN)[1]["refresh_token"]

    for _ in range(2):
        status, answer = asked(tokens, client_id="external", grant_type="refresh_token", refresh_token=token)
        assert (status, answer["refresh_token"]) == (200, token)


def test_counted_tokens(clock):
    """A token may be good for so many requests: the session ends in the middle, without waiting."""
    tokens = Tokens(Habits(auth="on", token_requests=2), clock)
    token = asked(tokens, **LOGIN)[1]["access_token"]

    assert [good(tokens, token) for _ in range(3)] == [True, True, False]


def test_client_credentials(clock):
    """A client with a secret gets a token without a refresh token; the secret may stand in a header."""
    tokens = Tokens(Habits(auth="on"), clock)
    status, answer = asked(
        tokens, client_id="robot", client_secret="robot-secret", grant_type="client_credentials"
    )
    assert (status, "refresh_token" in answer) == (200, False)
    assert good(tokens, answer["access_token"])
    basic = FORM | {"authorization": "Basic cm9ib3Q6cm9ib3Qtc2VjcmV0"}
    assert tokens.answer(basic, b"grant_type=client_credentials").status == 200


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"password": "wrong"}, 400, "invalid_grant"),
        ({"username": "somebody"}, 400, "invalid_grant"),
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"client_id": "robot"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "unauthorized_client"),
        ({"grant_type": "refresh_token"}, 400, "invalid_grant"),
    ],
)
def test_refused(clock, change, status, error):
    """A refusal has the word of the standard."""
    assert asked(Tokens(Habits(auth="on"), clock), **LOGIN | change) == (status, {"error": error})


def test_other_ways(clock):
    """The API token and a user's name and password are good too; nothing and nonsense are not."""
    tokens = Tokens(Habits(auth="on"), clock)

    assert good(tokens, API_TOKEN)
    assert tokens.refusal(BASIC_USER) is None
    for header in ("", "Bearer", "Bearer x", "Basic ???", "Basic YQ==", "Digest x"):
        assert tokens.refusal(header).status == 401
    assert tokens.answer({"content-type": "application/json"}, b"{}").status == 400
    assert Tokens(Habits()).refusal("") is None


def test_over_http(plain_pack):
    """The login is beside the root; below the root only a token counts, for batches and metadata too."""
    with running(plain_pack, habits=Habits(auth="on")) as there, httpx.Client(trust_env=False) as client:
        token = client.post(there.url.replace("/odata", "/connect/token"), data=LOGIN).json()["access_token"]
        mine = {"authorization": f"Bearer {token}"}
        for path in ("/Things", "/$metadata", ""):
            assert client.get(there.url + path).status_code == 401
            assert client.get(there.url + path, headers=mine).status_code == 200
        batch = {"requests": [{"id": "1", "method": "GET", "url": "Things"}]}
        assert client.post(there.url + "/$batch", json=batch).status_code == 401
        assert (
            client.post(there.url + "/$batch", json=batch, headers=mine).json()["responses"][0]["status"]
            == 200
        )
        assert client.get(there.url.replace("/odata", "/connect/token")).status_code == 405
