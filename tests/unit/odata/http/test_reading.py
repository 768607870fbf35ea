import json

import pytest
from scripted import Reply, Shop, answer, refusal

from importer.odata.batch import BatchUnreadable
from importer.odata.http import Bearer, ReadFailed
from importer.odata.payload import read_page
from importer.problems import ServiceError
from importer.secret import Secret

HTML = {"content-type": "text/html; charset=utf-8"}
PAGE = answer({"value": [{"id": 1}]})


def turns(*replies):
    """Answer each request with the next reply, the last one for ever."""
    left = list(replies)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


def problem(call):
    with pytest.raises(ServiceError) as caught:
        call()
    assert caught.value.exit_code == 5
    (found,) = caught.value.problems
    assert found.message()
    return found


@pytest.mark.parametrize(
    ("reply", "waited"),
    [
        (Reply(429, b"slow down", {"retry-after": "7"}), [7.0]),
        (
            Reply(
                503,
                b"",
                {"retry-after": "Tue, 24 Nov 2026 10:00:04 GMT", "date": "Tue, 24 Nov 2026 10:00:00 GMT"},
            ),
            [4.0],
        ),
        (Reply(503, b"", {"retry-after": "0"}), [0.1]),
        (Reply(429), [1.0]),
        (Reply(403, b"Too many requests", {"content-type": "text/plain"}), [1.0]),
        (Reply(502, b"<html>Bad gateway</html>", HTML), [1.0]),
        (Reply(drop=True), [1.0]),
        (Reply(200, PAGE.body, cut=4), [1.0]),
    ],
)
def test_reads_are_repeated(serve, reader, pauses, reply, waited):
    """Throttles and lost answers are asked again after the pause asked for, by the service's own clock; each is counted as a retry."""
    server = serve(turns(reply, PAGE))
    asking = reader(server.root)

    assert asking.page("Things", "Things", read_page).entities == [{"id": 1}]
    assert pauses == waited
    assert (asking.connection.counts.read, asking.connection.counts.retry) == (1, 1)


@pytest.mark.parametrize("status", [400, 404, 409, 414, 431, 500, 501])
def test_other_refusals_are_not_repeated(serve, reader, pauses, status):
    """A question the service does not answer is asked once; what it said is kept whole."""
    server = serve(turns(refusal(status, "не так")))

    with pytest.raises(ReadFailed) as caught:
        reader(server.root).get("Things", "Things")

    assert (caught.value.message.status, caught.value.message.message, len(server.seen), pauses) == (
        status,
        "не так",
        1,
        [],
    )
    assert "не так" in caught.value.error().problems[0].message()


def test_too_long_a_pause_is_told(serve, reader, pauses):
    """A service that asks for more than five minutes is not waited for: the message says how long."""
    server = serve(turns(Reply(429, b"", {"retry-after": "3600"})))

    found = problem(lambda: reader(server.root).get("Things"))

    assert (found.code, pauses) == ("service-unreachable", [])
    assert "3600" in found.message()


@pytest.mark.parametrize(
    "reply", [Reply(429, b"", {"retry-after": "1"}), Reply(503), Reply(504), Reply(drop=True)]
)
def test_patience_ends(serve, reader, pauses, reply):
    """A service that never recovers is unreachable, after a bounded number of tries."""
    server = serve(turns(reply))

    assert problem(lambda: reader(server.root).get("Things")).code == "service-unreachable"
    assert 3 <= len(server.seen) <= 11


def test_nobody_home_is_said_at_once(reader, pauses):
    """An address where nobody listens is one clear message without waiting."""
    found = problem(lambda: reader("http://127.0.0.1:9/odata").get("Things"))

    assert (found.code, pauses) == ("service-unreachable", [])
    assert "http://127.0.0.1:9/odata" in found.message()


@pytest.mark.parametrize(("login", "hint"), [(None, "sends no token"), (Bearer(Secret("x")), "expired")])
def test_a_refused_login(serve, reader, login, hint):
    """401 says what to check: whether a token is sent at all, or whether it is still good."""
    server = serve(turns(Reply(401)))

    found = problem(lambda: reader(server.root, login=login).get("Things"))

    assert found.code == "login-refused"
    assert hint in found.advice()


def test_a_right_that_is_missing(serve, reader):
    """403 with an OData error names the set and keeps the service's words."""
    server = serve(turns(refusal(403, "Нет прав")))

    found = problem(lambda: reader(server.root).get("Users", "Users"))

    assert found.code == "access-denied"
    assert "Users" in found.message()
    assert "Нет прав" in found.message()


def test_an_empty_403_is_doubted(serve, reader, pauses):
    """A gateway's throttle says as little as a missing right: it is asked again a few times, the first request too.

    The run before this one may have used up what the gateway allows in a second.
    """
    server = serve(turns(Reply(403), PAGE, Reply(403), PAGE, Reply(403)))
    asking = reader(server.root)

    asking.get("Things")
    asking.get("Things")
    assert problem(lambda: asking.get("Users", "Users")).code == "access-denied"
    assert pauses == [1.0, 1.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(200, b"<html><title>Sign in</title></html>", HTML), "Sign in"),
        (Reply(200, b"<!doctype html><title>Portal</title>"), "Portal"),
        (Reply(200, b"hello"), "text"),
        (Reply(200, b""), "nothing"),
        (answer({"d": {"results": []}}), "JSON"),
        (answer([1]), ""),
        (Reply(200, b'{"value": [{"id": 1}, {"i'), "half"),
        (Reply(302, b"", {}), "redirect"),
    ],
)
def test_something_that_is_no_odata(serve, reader, reply, said):
    """A login page, a proxy's page, an older protocol, half a body: not-odata, and what answered instead."""
    server = serve(turns(reply))

    found = problem(lambda: reader(server.root).page("Things", "Things", read_page))

    assert found.code == "not-odata"
    assert said in found.message()


def test_a_body_cut_short_is_asked_for_again(serve, reader):
    """Half a JSON document without any sign of trouble is repeated once."""
    server = serve(turns(Reply(200, b'{"value": [{"id": 1}, {"i'), PAGE))

    assert len(reader(server.root).page("Things", "Things", read_page).entities) == 1


def test_an_endless_answer_is_refused(serve, reader):
    """An answer beyond the limit ends the command and is not asked for again."""
    server = serve(turns(Reply(200, b"x" * 100)))

    assert problem(lambda: reader(server.root, largest=10).get("Things")).code == "not-odata"
    assert len(server.seen) == 1


def test_count(serve, reader):
    """`/$count`, with a byte order mark too; else `$count=true`; else unknown."""
    rows = [{"id": n} for n in range(3)]
    assert reader(serve(Shop(rows)).root).count("Things") == 3
    assert reader(serve(lambda request: Reply(200, b"\xef\xbb\xbf 12 ")).root).count("Things") == 12
    assert reader(serve(lambda request: answer({"value": [], "@count": 5})).root).count("Things") == 5
    assert reader(serve(Shop(rows, counts=False)).root).count("Things") is None
    assert reader(serve(Shop(rows)).root).count("Things", "id gt 0") == 2


def test_a_batch_of_reads(serve, reader):
    """Many GETs in one request, matched by id; no batch is said, not raised as an error of the service."""

    def script(request):
        asked = json.loads(request.body)["requests"]
        return answer(
            {
                "responses": [
                    {"id": item["id"], "status": 200, "body": {"url": item["url"]}}
                    for item in reversed(asked[:-1])
                ]
            }
        )

    found = reader(serve(script).root).batch({"1": "A", "2": "B", "3": "C"})

    assert {name: json.loads(item.body)["url"] for name, item in found.items()} == {"1": "A", "2": "B"}
    for reply in (Reply(404), Reply(200, b"<html>"), Reply(drop=True)):
        with pytest.raises(BatchUnreadable):
            reader(serve(turns(reply)).root).batch({"1": "A"})


@pytest.mark.parametrize(
    ("link", "resolved"),
    [
        ("Things?$skiptoken=2", "{root}Things?$skiptoken=2"),
        ("Things(1)/parts?$skip=2", "{root}Things(1)/parts?$skip=2"),
        ("?$skiptoken=2", "{root}Things(1)/parts?$skiptoken=2"),
        ("parts?$skip=2", "{root}Things(1)/parts?$skip=2"),
        ("{root}Things?$skip=9", "{root}Things?$skip=9"),
        ("/odata/Things?$skip=9", "{root}Things?$skip=9"),
    ],
)
def test_next_links_are_resolved(reader, link, resolved):
    """Against the root when they begin with a set's name, as CAP writes them; else against the request."""
    asking = reader("http://127.0.0.1:9/odata")
    root = asking.connection.root

    assert asking.resolve(link.format(root=root), root + "Things(1)/parts") == resolved.format(root=root)


@pytest.mark.parametrize(
    "link", ["https://example.com/odata/Things?$skip=1", "//example.com/Things", "http://[::1/"]
)
def test_next_links_that_lead_away_are_refused(reader, link):
    """The token never follows a link to another host."""
    asking = reader("http://127.0.0.1:9/odata")

    assert problem(lambda: asking.resolve(link, asking.connection.root)).code == "not-odata"
