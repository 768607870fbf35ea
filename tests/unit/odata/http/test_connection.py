import gzip
import socket
import threading
import zlib

import pytest
from scripted import Reply, answer

from importer.odata.batch import Format, Operation
from importer.odata.http import Bearer, Unanswered
from importer.odata.http.connection import Endless
from importer.odata.http.throttling import Pace
from importer.odata.http.writing import Writer
from importer.problems import ServiceError
from importer.secret import Secret

TOKEN = Bearer(Secret("s3cr3t-token"))


def test_whatever_status_is_returned(serve, connect):
    """No status is an exception; the body and headers come as they are."""
    server = serve(lambda request: Reply(418, b"teapot", {"X-Some": "Thing", "content-type": "Text/Plain"}))

    found = connect(server.root).get("Things")

    assert (found.status, found.body, found.headers["x-some"], found.content_type) == (
        418,
        b"teapot",
        "Thing",
        "text/plain",
    )


def test_the_token_is_sent_and_never_shown(serve, connect, caplog):
    """The token goes with every request and stands in no log and no repr."""
    caplog.set_level("DEBUG")
    server = serve(lambda request: answer({"value": []}))
    connection = connect(server.root, TOKEN)

    connection.get("Users('ivanov@example.ru')")

    assert server.seen[0].headers["authorization"] == "Bearer s3cr3t-token"
    assert "s3cr3t" not in caplog.text + repr(connection)
    assert "ivanov" not in "".join(
        record.getMessage() for record in caplog.records if record.name == "importer.wire"
    )


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/odata/Things",
        "https://{host}/odata/Things",
        "http://localhost:{port}/odata/Things",
        "//example.com/x",
        "http://user@{host}/odata/",
        "ftp://{host}/",
    ],
)
def test_redirects_to_another_origin_are_refused(serve, connect, target):
    """Neither another host, port, scheme nor a user in the address is followed: nothing is sent there."""
    server = serve(
        lambda request: Reply(
            302,
            b"",
            {
                "location": target.format(
                    host=server.root.split("/")[2], port=server.root.split(":")[2].split("/")[0]
                )
            },
        )
    )

    with pytest.raises(ServiceError) as caught:
        connect(server.root, TOKEN).get("Things")

    assert caught.value.problems[0].code == "not-odata"
    assert len(server.seen) == 1


def test_redirects_inside_the_origin_are_followed_for_reads_only(serve, connect):
    """A GET follows a redirect of its own service; a write never does."""
    server = serve(
        lambda request: (
            answer({"moved": True}) if request.path == "New" else Reply(308, b"", {"location": "New"})
        )
    )
    connection = connect(server.root)

    assert connection.get("Old").body == b'{"moved": true}'
    assert connection.send("POST", "Old", body=b"{}", kind="write").status == 308


def test_endless_redirects_end(serve, connect):
    """A circle of redirects is answered with the redirect itself."""
    server = serve(lambda request: Reply(302, b"", {"location": "Things"}))

    assert connect(server.root).get("Things").status == 302
    assert len(server.seen) == 5


def test_nobody_home_is_told_apart_from_a_lost_answer(serve, connect):
    """Refused connections never reached the service; a cut line may have."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serve(lambda request: Reply(drop=True))

    with pytest.raises(Unanswered) as nobody:
        connect(f"http://127.0.0.1:{port}/odata").get("Things")
    with pytest.raises(Unanswered) as lost:
        connect(server.root, TOKEN).send("POST", "Things", body=b"{}", kind="write")

    assert (nobody.value.sent, lost.value.sent) == (False, True)
    assert "s3cr3t" not in str(lost.value)


def test_a_body_cut_short_is_no_answer(serve, connect):
    """Fewer bytes than announced: whatever the status said, the answer did not come."""
    server = serve(lambda request: Reply(200, b'{"value": []}', cut=5))

    with pytest.raises(Unanswered) as caught:
        connect(server.root).get("Things")

    assert caught.value.sent


def test_a_timeout_may_have_been_received(connect):
    """A service that takes the request and says nothing may have carried it out."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(Unanswered) as caught:
            connect(f"http://127.0.0.1:{mute.getsockname()[1]}/", timeout=0.05).send(
                "POST", "Things", body=b"{}"
            )

    assert caught.value.sent


def test_packed_answers_are_unpacked_and_bounded(serve, connect):
    """gzip is read; a bomb is stopped while it unpacks, and packing inside packing is not unpacked at all."""
    bodies = {
        "Small": Reply(200, gzip.compress(b"x" * 100), {"content-encoding": "gzip"}),
        "Bomb": Reply(200, gzip.compress(b"x" * 2_000_000), {"content-encoding": "gzip"}),
        "Twice": Reply(200, gzip.compress(zlib.compress(b"x")), {"content-encoding": "deflate, gzip"}),
    }
    server = serve(lambda request: bodies[request.path])
    connection = connect(server.root, largest=1_000_000)

    assert connection.get("Small").body == b"x" * 100
    for name in ("Bomb", "Twice"):
        with pytest.raises(Endless) as caught:
            connection.get(name)
        assert caught.value.sent


def test_an_address_too_long_is_answered_here(serve, connect):
    """What no service would take is a 414, without a request."""
    server = serve(lambda request: answer({"value": []}))

    assert connect(server.root).get("Things?$filter=" + "x" * 70_000).status == 414
    assert server.seen == []


def test_requests_are_counted_by_kind(serve, connect):
    """Reads, writes and retries are told apart."""
    server = serve(lambda request: answer({}))
    connection = connect(server.root)
    connection.get("A")
    connection.get("A", kind="retry")
    connection.send("POST", "A", body=b"{}", kind="write")

    assert (connection.counts.read, connection.counts.write, connection.counts.retry) == (1, 1, 1)


def test_requests_are_paced(serve, connect):
    """`requests_per_second` is kept by all threads together."""
    waited = []
    server = serve(lambda request: answer({}))
    connection = connect(server.root, pace=Pace(0.1, pause=waited.append, clock=lambda: 0.0))
    threads = [threading.Thread(target=connection.get, args=("A",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(waited) == [10.0, 20.0]


def test_reads_and_writes_carry_the_headers_of_the_protocol(serve, connect):
    """OData-MaxVersion on reads, OData-Version 4.0 on writes, both spellings of a preference on batches (rule 11)."""
    server = serve(lambda request: answer({"responses": []}))
    connection = connect(server.root)
    connection.get("A")
    writer = Writer(connection)
    writer.single(
        Operation("1", "PATCH", "A(1)", {"content-type": "application/json", "if-match": 'W/"1"'}, b'{"a":1}')
    )
    writer.batch(Format.JSON, [Operation("1", "DELETE", "A(1)")])

    get, patch, batch = server.seen
    assert get.headers["odata-maxversion"] == "4.01"
    assert (patch.method, patch.headers["odata-version"], patch.headers["if-match"], patch.body) == (
        "PATCH",
        "4.0",
        'W/"1"',
        b'{"a":1}',
    )
    assert (batch.path, batch.headers["prefer"]) == ("$batch", "odata.continue-on-error, continue-on-error")
    assert connection.counts.write == 2


def test_the_door_does_not_export_writing():
    """Only who names the module itself can write."""
    import importer.odata.http as door

    assert not hasattr(door, "Writer")
