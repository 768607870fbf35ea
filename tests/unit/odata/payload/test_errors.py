"""What a service said, whatever the form it said it in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.payload import ServiceMessage, read_error

LIBRARY = "The query specified in the URI is not valid. Could not find a property named 'weeklyHours' on type 'WP.Schedule'."


def message(status, code, text, kind="odata", target=None, details=()):
    return ServiceMessage(status, code, text, kind, target, details)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, {"error": {"code": "TmtX", "message": "Поле", "details": {}}}, message(500, "TmtX", "Поле")),
        (
            400,
            {
                "error": {
                    "code": "",
                    "message": LIBRARY,
                    "details": [],
                    "innererror": {"message": "x", "stacktrace": "at"},
                }
            },
            message(400, "", LIBRARY),
        ),
        (400, {"error": {"code": None, "message": "Olingo says"}}, message(400, "", "Olingo says")),
        (404, {"error": {"code": 404, "message": "fe-mock", "stack": "…"}}, message(404, "404", "fe-mock")),
        (
            400,
            {
                "error": {
                    "code": "MULTIPLE_ERRORS",
                    "message": "M",
                    "details": [
                        {"code": "1", "message": "A", "target": "code"},
                        {"message": "B"},
                        "C",
                        5,
                        {},
                    ],
                }
            },
            message(400, "MULTIPLE_ERRORS", "M", details=("code: A", "B", "C")),
        ),
        (
            400,
            {"error": {"message": "M", "target": "code", "details": {"name": "too long"}}},
            message(400, "", "M", target="code"),
        ),
        (400, {"error": {"code": "X", "innererror": {"message": "deep"}}}, message(400, "X", "deep")),
        (400, {"error": {"code": "X", "innerError": {"Message": "deep"}}}, message(400, "X", "deep")),
        (400, {"error": {"code": "X", "message": {"lang": "en", "value": "v3"}}}, message(400, "X", "v3")),
        (400, {"odata.error": {"code": "X", "message": {"value": "v3"}}}, message(400, "X", "v3")),
        (400, {"message": "at top level"}, message(400, "", "at top level")),
        (400, {"Message": "WebApi"}, message(400, "", "WebApi")),
        (401, {"error": "invalid_grant", "error_description": "no"}, message(401, "invalid_grant", "no")),
        (401, {"error": "oops"}, message(401, "oops", "oops")),
        (400, {"title": "Bad Request", "status": 400}, message(400, "", "Bad Request", "text")),
        (400, {"error": {"code": "X"}}, message(400, "X", "")),
        (400, {"error": [1]}, message(400, "", "[1]", "text")),
        (400, {"error": None}, message(400, "", "None", "text")),
        (400, {}, message(400, "", "", "text")),
        (400, "a text", message(400, "", "a text", "text")),
        (400, [1, 2], message(400, "", "[1, 2]", "text")),
    ],
)
def test_json(status, body, expected):
    """Every JSON form seen: the vendor's, the library's, CAP's, Olingo's, a mock's, OAuth's, OData v3's."""
    found = read_error(status, json.dumps(body).encode(), "application/json")

    if body == {"error": {"message": "M", "target": "code", "details": {"name": "too long"}}}:
        assert found.details in ((), ("name: too long",))
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("body", "content_type", "kind", "text"),
    [
        (b"", "", "empty", ""),
        (b" \r\n", "application/json", "empty", ""),
        ("Не найдено ".encode(), "text/plain", "text", "Не найдено"),
        (b"\xff\xfe broken", "", "text", "\ufffd\ufffd broken"),
        (b"{broken", "application/json", "text", "{broken"),
        (
            b"<!DOCTYPE html><html><head><title>502\n Bad &amp; <b>Gateway</b></title>",
            "",
            "html",
            "502 Bad & Gateway",
        ),
        (b" <HTML><body>x", "", "html", ""),
        (b"x<title>T</title>", "text/html; charset=utf-8", "html", "T"),
        (b"[" * 100_000, "", "text", "[" * 100_000),
    ],
)
def test_other_bodies(body, content_type, kind, text):
    """No body, plain text, a gateway's page, broken JSON: all of it is said as it was, nothing cut short."""
    assert read_error(502, body, content_type) == ServiceMessage(502, "", text, kind)


def test_one_line():
    """Everything that was said in one line, and nothing twice."""
    assert ServiceMessage(400, "", "M: A", "odata", details=("A", "B")).text == "M: A; B"
    assert ServiceMessage(400, "", "", "odata", details=("A",)).text == "A"


def test_a_page_of_nothing_but_titles():
    """A huge page is read in no time."""
    assert read_error(502, b"<html>" + b"<title>" * 300_000).kind == "html"


pieces = st.sampled_from(
    [
        b'{"error":',
        b'{"message":',
        b'{"details":[',
        b"{",
        b"}",
        b"]",
        b"[",
        b'"x"',
        b"1e400",
        b",",
        b":",
        b"null",
        b"<title>",
        b"<html",
        b"\xff",
        b'{"value":',
    ]
)


@given(
    st.binary(max_size=40) | st.lists(pieces, max_size=15).map(b"".join),
    st.sampled_from(["", "text/html", "application/json"]),
)
def test_any_bytes(body, content_type):
    """No answer of a service is a crash."""
    found = read_error(500, body, content_type)

    assert found.kind in ("odata", "html", "text", "empty")
    assert isinstance(found.text, str)


@pytest.mark.parametrize("depth", [200, 600, 900, 990])
@pytest.mark.parametrize(
    "opening", [b'{"error":', b'{"error":[', b"[", b'{"message":', b'{"error":{"details":[{"message":']
)
def test_depth(depth, opening):
    """Nor is one that is nested without end."""
    closing = (
        opening.replace(b'"error":', b"")
        .replace(b'"message":', b"")
        .replace(b'"details":', b"")[::-1]
        .translate(bytes.maketrans(b"{[", b"}]"))
    )
    assert isinstance(read_error(500, opening * depth + b"1" + closing * depth).text, str)
