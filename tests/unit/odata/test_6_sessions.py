"""Chapter 6, sessions: how we say who we are, and what we do when a service does not believe it any more.

A token server gives an *access token*, which lives an hour or so, and often a *refresh token*, which buys the next one and may work only
once. Requests carry the access token. Nobody sees either of them.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted import Reply, answer
from token_desk import TokenDesk

from importer.odata.http import Basic, Bearer, Connection, Grant, Memory, Session, Tokens, TokenServer
from importer.problems import ServiceError
from importer.secret import Secret

PASSWORD = Grant(kind="password", username="ivanov@example.ru", secret=Secret("p@ss w/rd+1"))
THINGS = answer({"value": []})


class Clock:
    """Seconds that pass when the test says so."""

    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def scene(serve, clock):
    """Open a session at a desk, and a connection to the service behind it."""
    opened = []

    def open_one(desk, *grants, script=lambda request: THINGS, store=None, **client):
        server = serve(desk.guard(script))
        address = server.root.replace("/odata/", "/connect/token")
        session = Session(
            TokenServer(address, **{"client": "external", "scope": "all offline_access", **client}),
            store or Memory(),
            lambda: grants,
            clock=clock,
            wall=clock,
        )
        connection = Connection(server.root, login=session)
        opened.append(connection)
        return server, session, connection

    yield open_one
    for connection in opened:
        connection.close()


def asked(server):
    """The paths of the requests that arrived, the desk's too."""
    return server.paths()


def test_a_user_and_a_password_become_a_token(scene):
    """The password goes to the token server once, in a form; the service sees only tokens."""
    desk = TokenDesk()
    server, _, connection = scene(desk, PASSWORD)

    assert [connection.get("Things").status for _ in range(3)] == [200, 200, 200]
    assert asked(server) == ["connect/token", "Things", "Things", "Things"]
    assert desk.forms == [
        {
            "grant_type": "password",
            "username": "ivanov@example.ru",
            "password": "p@ss w/rd+1",
            "scope": "all offline_access",
            "client_id": "external",
        }
    ]


@pytest.mark.parametrize(("style", "in_form"), [("basic", False), ("body", True)])
def test_a_client_logs_in_by_itself(scene, style, in_form):
    """Client credentials: the secret goes in the header or in the form, as the server wants it, and survives odd characters."""
    desk = TokenDesk(clients={"robot:1": "s%cr t+/&"})
    _, _, connection = scene(
        desk, Grant(kind="client"), client="robot:1", secret=Secret("s%cr t+/&"), style=style
    )

    assert connection.get("Things").status == 200
    assert desk.grants == ["client_credentials"]
    assert ("client_secret" in desk.forms[0]) is in_form


def test_a_token_is_renewed_before_its_end(scene, clock):
    """A minute before the hour is over the refresh token buys a new one; no request is refused for it."""
    desk = TokenDesk()
    server, _, connection = scene(desk, PASSWORD)
    connection.get("Things")
    clock.now += 3_539
    connection.get("Things")
    clock.now += 2
    connection.get("Things")

    assert desk.grants == ["password", "refresh_token"]
    assert asked(server) == ["connect/token", "Things", "Things", "connect/token", "Things"]


def test_a_token_refused_early_is_renewed_once_and_the_request_sent_again(scene):
    """A 401 means that nothing ran, so the same request goes out again, a write too; the caller sees only its answer."""
    desk = TokenDesk()
    server, _, connection = scene(desk, PASSWORD)
    connection.get("Things")
    desk.expire()

    found = connection.send("POST", "Things", body=b"{}", kind="write")

    assert found.status == 200
    assert asked(server)[2:] == ["Things", "connect/token", "Things"]
    assert [server.seen[index].body for index in (2, 4)] == [b"{}", b"{}"]


def test_many_threads_ask_once(scene):
    """Thirty-two threads with the same dead token cause one renewal; each gets its answer."""
    desk = TokenDesk()
    _, _, connection = scene(desk, PASSWORD)
    connection.get("Things")
    desk.expire()
    start = threading.Barrier(32)

    def one(_):
        start.wait()
        return connection.get("Things").status

    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(one, range(32))) == [200] * 32
    assert desk.grants == ["password", "refresh_token"]


def test_a_late_401_asks_for_nothing(scene):
    """A thread that hears the 401 when another has long renewed only sends again."""
    desk = TokenDesk()
    _, session, _ = scene(desk, PASSWORD)
    stale = session.proof().number

    assert session.renew(stale)
    assert session.renew(stale)
    assert desk.grants == ["password", "refresh_token"]


def test_a_second_401_is_the_service_s_last_word(scene):
    """A service that refuses a fresh token too is not asked for ever: the 401 is the answer."""
    desk = TokenDesk()
    server, _, connection = scene(desk, PASSWORD, script=lambda request: Reply(401))

    assert connection.get("Things").status == 401
    assert asked(server) == ["connect/token", "Things", "connect/token", "Things"]


def test_a_spent_refresh_token_falls_back_to_the_password(scene):
    """When the refresh token has been used by somebody else, the password is what is left."""
    desk = TokenDesk()
    _, _, connection = scene(desk, PASSWORD)
    connection.get("Things")
    desk.expire()
    desk.fresh.clear()

    assert connection.get("Things").status == 200
    assert desk.grants == ["password", "refresh_token", "password"]


def test_a_session_that_cannot_go_on_says_why(scene):
    """Without a password nothing is left: the 401 stays, the reason is kept, and the server is not asked again and again."""
    desk = TokenDesk()
    store = Memory(Tokens(Secret("old-token"), Secret("old-refresh"), 0.0, None))
    _, session, connection = scene(desk, store=store)

    assert [connection.get("Things").status for _ in range(3)] == [401, 401, 401]
    assert desk.grants == ["refresh_token"]
    assert "invalid_grant" in session.reason


def test_a_refresh_token_that_does_not_rotate_is_kept(scene):
    """An answer without a refresh token leaves the one it was got with (RFC 6749, section 6)."""
    desk = TokenDesk(rotates=False)
    store = Memory()
    _, _, connection = scene(desk, PASSWORD, store=store)
    for _ in range(3):
        connection.get("Things")
        desk.expire()

    assert desk.grants == ["password", "refresh_token", "refresh_token"]
    assert store.read().refresh is not None


def test_an_earlier_command_s_tokens_are_used(scene, clock):
    """What a store holds from the last command is used while it lives, and renewed when it does not."""
    desk = TokenDesk()
    store = Memory()
    scene(desk, PASSWORD, store=store)[2].get("Things")
    clock.now += 100
    scene(desk, PASSWORD, store=store)[2].get("Things")
    clock.now += 3_600
    scene(desk, PASSWORD, store=store)[2].get("Things")

    assert desk.grants == ["password", "refresh_token"]


def test_a_clock_set_back_believes_no_old_token(scene, clock):
    """Tokens from the future are renewed: their age is unknown."""
    desk = TokenDesk()
    store = Memory()
    scene(desk, PASSWORD, store=store)[2].get("Things")
    clock.now -= 50_000
    scene(desk, PASSWORD, store=store)[2].get("Things")

    assert desk.grants == ["password", "refresh_token"]


def test_another_process_was_quicker(scene):
    """Whoever finds other living tokens in the store uses them; the refresh token they were bought with is not spent twice."""
    desk = TokenDesk()
    store = Memory()
    _, _, first = scene(desk, PASSWORD, store=store)
    _, _, second = scene(desk, PASSWORD, store=store)
    first.get("Things")
    second.get("Things")
    desk.expire()

    assert first.get("Things").status == 200
    assert second.get("Things").status == 200
    assert desk.grants == ["password", "refresh_token"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_token_server_that_is_down_for_a_moment(scene, clock, status):
    """A token that still lives is used to its end; nothing is lost while the token server rests."""
    desk = TokenDesk()
    _, _, connection = scene(desk, PASSWORD)
    connection.get("Things")
    clock.now += 3_550
    desk.faults.append(Reply(status))

    assert connection.get("Things").status == 200
    assert connection.get("Things").status == 200
    assert desk.grants == ["password", "refresh_token"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (answer({"error": "invalid_grant", "error_description": "no such user"}, 400), "no such user"),
        (answer({"error": "unauthorized_client"}, 200), "unauthorized_client"),
        (Reply(200, b"<html><title>Sign in</title></html>", {"content-type": "text/html"}), "Sign in"),
        (Reply(200, b""), "no JSON"),
        (Reply(200, b"[1]"), "no JSON"),
        (Reply(200, b"{" + b'"a":{' * 5_000), "no JSON"),
        (Reply(302, b"", {"location": "https://elsewhere.example/"}), "redirect"),
        (answer({"token_type": "Bearer"}), "token"),
        (answer({"access_token": 7}), "token"),
        (answer({"access_token": "a\nb"}), "characters"),
        (answer({"access_token": "abcdef", "token_type": "mac"}), "mac"),
        (answer({"access_token": "abcdef", "token_type": ["Bearer"]}), "not Bearer"),
        (answer({"error": "bad p@ss w/rd+1 and p%40ss%20w%2Frd%2B1"}, 400), "***"),
        (Reply(400, b"x" * 5_000), "xxx…"),
    ],
)
def test_a_token_server_that_gives_none(scene, reply, said):
    """Whatever it answers instead of a token is told in one line, without the password, and nothing reaches the service."""
    desk = TokenDesk(faults=[reply])
    server, _, connection = scene(desk, PASSWORD)

    with pytest.raises(ServiceError) as caught:
        connection.get("Things")

    (problem,) = caught.value.problems
    assert problem.code == "login-refused"
    assert said in problem.message()
    assert "p@ss" not in problem.message() + repr(problem)
    assert len(problem.message()) < 500
    assert asked(server) == ["connect/token"]


@pytest.mark.parametrize(
    ("lifetime", "renewed"),
    [
        ("3600", True),
        (3600.0, True),
        (None, False),
        (0, False),
        (-5, False),
        ("soon", False),
        (10**400, False),
        (True, False),
        ("nan", False),
        ("1e999", False),
        ([1], False),
    ],
)
def test_what_expires_in_may_say(scene, clock, lifetime, renewed):
    """A number, also as text, is a life; anything else says nothing, and then only a 401 ends it."""
    desk = TokenDesk(lifetime=lifetime)
    _, _, connection = scene(desk, PASSWORD)
    connection.get("Things")
    clock.now += 4_000
    connection.get("Things")

    assert desk.grants == ["password"] + ["refresh_token"] * renewed


def test_an_endless_answer_of_the_token_server(scene):
    """It is cut off, and told as a server that does not answer."""
    desk = TokenDesk(faults=[Reply(200, b" " * 300_000)])
    _, session, _ = scene(desk, PASSWORD)

    with pytest.raises(ServiceError) as caught:
        session.begin(PASSWORD)

    assert caught.value.problems[0].code == "service-unreachable"


def test_a_token_stays_with_its_service(scene, serve):
    """A redirect of the service, or of the token server, to another host carries nothing there."""
    elsewhere = serve(lambda request: THINGS)
    desk = TokenDesk()
    _, _, connection = scene(
        desk, PASSWORD, script=lambda request: Reply(307, b"", {"location": elsewhere.root + "Things"})
    )
    with pytest.raises(ServiceError):
        connection.get("Things")
    desk.expire()
    desk.faults += [Reply(307, b"", {"location": elsewhere.root.replace("odata/", "connect/token")})] * 2
    with pytest.raises(ServiceError):
        scene(desk, PASSWORD)[2].get("Things")

    assert elsewhere.seen == []


def test_user_and_password_with_every_request(serve, connect):
    """Basic authentication in UTF-8, where a service wants it."""
    server = serve(lambda request: THINGS)

    connect(server.root, Basic("иванов", Secret("пароль"))).get("Things")

    assert server.seen[0].headers["authorization"] == "Basic 0LjQstCw0L3QvtCyOtC/0LDRgNC+0LvRjA=="


@pytest.mark.parametrize("login", [Basic("me", Secret("s3cr3t-pass")), Bearer(Secret("s3cr3t-pass"))])
def test_a_login_without_a_token_server_has_one_try(serve, connect, login):
    """A static token or password that is refused is refused: it is sent once."""
    server = serve(lambda request: Reply(401))

    assert connect(server.root, login).get("Things").status == 401
    assert len(server.seen) == 1
    assert "s3cr3t" not in repr(connect(server.root, login)) + repr(login) + repr(login.proof())


def test_secrets_repeated_by_a_service_are_taken_out(scene):
    """Whatever a refusal quotes of our login, plain or percent-encoded, is not shown."""
    desk = TokenDesk(clients={"external": "cl/ient secret"})
    said = {}

    def script(request):
        token = request.headers["authorization"].removeprefix("Bearer ")
        pair = "ZXh0ZXJuYWw6Y2wvaWVudCBzZWNyZXQ="
        text = (
            f"{token} {desk.issued[1]} p@ss w/rd+1 p%40ss+w%2Frd%2B1 cl/ient secret cl%2Fient%20secret {pair}"
        )
        said["text"] = text
        return Reply(400, text.encode())

    _, _, connection = scene(desk, PASSWORD, script=script, secret=Secret("cl/ient secret"))

    body = connection.get("Things").body.decode()

    assert body == "*** *** *** *** *** *** ***"
