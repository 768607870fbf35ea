"""How often a sandbox lets itself be asked."""

import httpx

from importer.sandbox import Habits, running
from importer.sandbox.throttling import Throttle


def test_so_many_a_second():
    """Beyond so many requests in a second comes the gateway's plain 403, or 429 with or without Retry-After."""
    now = [0.0]
    for habits, expected in (
        ({}, (403, None)),
        ({"throttle_status": 429}, (429, None)),
        ({"throttle_status": 429, "retry_after": 7}, (429, "7")),
    ):
        throttle = Throttle(Habits(throttle=2, **habits), lambda: now[0])
        assert [throttle.refusal() for _ in range(2)] == [None, None]
        refused = throttle.refusal()
        assert (refused.status, refused.headers.get("retry-after")) == expected
        assert refused.headers["content-type"] == "text/plain"
        now[0] += 1
        assert throttle.refusal() is None


def test_so_many_an_hour():
    """The rest of the hour is said in every answer, and the end of it in the refusal."""
    now = [0.0]
    throttle = Throttle(Habits(rate_limit=2), lambda: now[0])
    assert throttle.headers()["x-rate-limit-remaining"] == "2"
    assert [throttle.refusal() for _ in range(2)] == [None, None]
    now[0] = 600
    refused = throttle.refusal()

    assert (refused.status, refused.headers["retry-after"]) == (429, "3000")
    assert throttle.headers()["x-rate-limit-limit"] == "1h"
    assert len(throttle.headers()["x-rate-limit-reset"]) == len("2022-01-18T11:15:41.8315761Z")
    now[0] = 3_600
    assert throttle.refusal() is None


def test_over_http(plain_pack):
    """Both stand before the service itself; a body that is too long is 413, or the connection is cut."""
    with (
        running(plain_pack, habits=Habits(rate_limit=3, body_limit=100)) as there,
        httpx.Client(trust_env=False) as client,
    ):
        first = client.get(there.url + "/Things")
        assert (first.status_code, first.headers["x-rate-limit-remaining"]) == (200, "2")
        assert client.post(there.url + "/Things", content=b"x" * 101).status_code == 413
        client.get(there.url + "/Things")
        assert client.get(there.url + "/Things").status_code == 429
    with (
        running(plain_pack, habits=Habits(body_limit=100, body_cut=True)) as there,
        httpx.Client(trust_env=False) as client,
    ):
        try:
            client.post(there.url + "/Things", content=b"x" * 101)
            cut = False
        except httpx.TransportError:
            cut = True
    assert cut
