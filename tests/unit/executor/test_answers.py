"""What one answer says."""

import pytest
from executor_world import MODEL, department, key_of

from importer.executor.answers import judge_answer, read_stored
from importer.executor.composing import compose
from importer.executor.guarding import normal_url
from importer.executor.knowledge import Knowledge
from importer.odata.http.statuses import Meaning
from importer.odata.payload import to_json

SENDING = compose(department(1, "A"), Knowledge(MODEL), MODEL)
THEIRS = key_of("theirs")


@pytest.mark.parametrize(
    ("headers", "body", "key", "shown"),
    [
        ({}, {"id": THEIRS, "name": "A"}, THEIRS, True),
        ({"location": f"http://x/Departments({THEIRS})"}, {"name": "A"}, THEIRS, True),
        ({"location": f"Departments(id='{THEIRS}')"}, None, THEIRS, False),
        ({"odata-entityid": f"Departments({THEIRS})"}, None, THEIRS, False),
        ({}, {"id": THEIRS}, THEIRS, False),
        ({}, [], None, False),
    ],
)
def test_key_of_what_was_made(headers, body, key, shown):
    """The key of the body counts first, then Location, then OData-EntityId."""
    stored = read_stored(SENDING, headers, b"" if body is None else to_json(body), MODEL)
    assert (str(stored.key["id"]) if stored.key else None, stored.values is not None) == (key, shown)


def test_cut_body_shows_nothing():
    """A body that is no JSON is no body."""
    assert read_stored(SENDING, {"etag": "1"}, b'{"id":', MODEL).values is None


def test_words_of_the_service():
    """Message and details are kept whole, with the seconds it asks to wait."""
    judged = judge_answer(503, {"retry-after": "3"}, b'{"error":{"code":"x","message":"busy"}}')
    assert (judged.meaning, judged.wait, judged.code, judged.message) == (Meaning.WAIT, 3.0, "x", "busy")
    assert judge_answer(201, {}, b"").meaning is Meaning.DONE


def test_one_address_many_spellings():
    """Case of the host, default port and last slash do not make another service; the path does."""
    assert normal_url("HTTPS://Api.Example.com:443/odata") == normal_url("https://api.example.com/odata/")
    assert normal_url("http://x:8901/odata") != normal_url("http://x:8901/other")
    assert normal_url("http://x:8901/odata") != normal_url("http://x/odata")
