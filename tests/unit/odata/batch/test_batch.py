"""Many operations in one request: written exactly, and read so that no answer is ever given to the wrong operation."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.batch import Answer, BatchUnreadable, Operation, packed, read_json_batch, write_json_batch
from importer.odata.batch.json_format import written

CREATE = Operation(
    "1",
    "POST",
    "Users",
    {"content-type": "application/json", "prefer": "return=minimal"},
    '{"name":"Ё","rate":1.10}'.encode(),
)
READ = Operation("2", "GET", "Users?$filter=name%20eq%20%27a%27")


def answers(*members, ids=("1", "2", "3")):
    return read_json_batch(json.dumps({"responses": members}).encode(), ids)


def test_written():
    """The bodies travel as they are: no digit and no letter is touched."""
    assert write_json_batch([CREATE, READ]).decode() == (
        '{"requests":[{"id":"1","method":"POST","url":"Users","headers":{"content-type":"application/json","prefer":"return=minimal"},'
        '"body":{"name":"Ё","rate":1.10}},{"id":"2","method":"GET","url":"Users?$filter=name%20eq%20%27a%27","headers":{}}]}'
    )
    assert write_json_batch([]) == b'{"requests":[]}'


def test_answers_in_any_order():
    """Answers are matched by id; header names are lower case; a missing body and a null one are no body."""
    found = answers(
        {"id": "3", "status": 204, "headers": {"Location": "x", "N": 5}},
        {"id": "1", "status": 201, "body": {"id": 7}},
        {"id": 2, "status": "404", "body": None, "headers": None},
    )

    assert found.missing == found.doubled == ()
    assert found.answers == {
        "3": Answer(204, {"location": "x", "n": "5"}, b""),
        "1": Answer(201, {}, b'{"id": 7}'),
        "2": Answer(404, {}, b""),
    }


def test_a_text_as_body():
    """A body of another media type travels as a JSON text."""
    assert (
        answers({"id": "1", "status": 500, "body": '<html>\n"Ё"'}).answers["1"].body == '<html>\n"Ё"'.encode()
    )


@pytest.mark.parametrize("name", [None, True, 1.0, [], {}, "", "01", " 1", "x", "999"])
def test_nobodys_answers(name):
    """An answer without an id, or to an id never asked, is nobody's: all operations stay unknown (ASP.NET: `id: null`)."""
    found = answers({"id": name, "status": 201})

    assert (found.answers, found.missing) == ({}, ("1", "2", "3"))


def test_an_answer_without_id_at_all():
    """Olingo and fe-mock may leave it out."""
    assert answers({"status": 500}).missing == ("1", "2", "3")


def test_doubled():
    """Contradictory answers are no answer; repeated ones are."""
    found = answers(
        {"id": "1", "status": 201},
        {"id": "1", "status": 500},
        {"id": "2", "status": 204},
        {"id": "2", "status": 204},
        {"id": "1", "status": 201},
    )

    assert (found.doubled, found.missing, set(found.answers)) == (("1",), ("3",), {"2"})


@pytest.mark.parametrize("status", ["x", 0, 99, 600, -1, "", "2e2"])
def test_no_status(status):
    """An answer with an impossible status is none."""
    assert answers({"id": "1", "status": status}).missing == ("1", "2", "3")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"<html>",
        b'{"responses":{}}',
        b'{"responses":[5]}',
        b'{"responses":[{"id":"1"}]}',
        b'{"responses":[{"id":"1","status":null}]}',
        b'{"responses":[{"id":"1","status":200,"headers":[]}]}',
        b'{"error":{"code":"","message":"no"}}',
        b"[" * 100_000,
        b'{"responses":[' + b"[" * 100_000,
        b'{"responses":[{"id":"1","status":200,"body":' + b"[" * 100_000,
    ],
)
def test_no_batch_answer(body):
    """What is no batch answer is told as such: what happened to the operations is unknown."""
    with pytest.raises(BatchUnreadable):
        read_json_batch(body, ["1"])


WHOLE = json.dumps(
    {
        "responses": [
            {"id": "1", "status": 201, "headers": {"location": "Users(1)"}, "body": {"a": ["Ё", 1.5]}},
            {"id": "2", "status": 500, "body": "te\\xt\u20ac"},
        ]
    },
    ensure_ascii=False,
).encode()


def outcome(body):
    try:
        return read_json_batch(body, ["1", "2"])
    except BatchUnreadable:
        return None


def test_cut_anywhere():
    """An answer cut short anywhere is unreadable, never half an answer."""
    assert outcome(WHOLE).missing == ()
    assert [outcome(WHOLE[:length]) for length in range(len(WHOLE))] == [None] * len(WHOLE)


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=2))
def test_any_byte_replaced(position, instead):
    """Whatever a byte is replaced by: answers or BatchUnreadable, and never an answer to somebody else."""
    found = outcome(WHOLE[:position] + instead + WHOLE[position + 1 :])

    assert found is None or set(found.answers) <= {"1", "2"}


@given(
    st.binary(max_size=50)
    | st.lists(
        st.sampled_from(
            [
                b'{"responses":[',
                b'{"id":"1"',
                b',"status":',
                b"200",
                b',"body":"',
                b"\\",
                b"\xff",
                b'"',
                b"}",
                b"]",
                b"u",
                b"d800",
            ]
        ),
        max_size=12,
    ).map(b"".join)
)
def test_any_bytes(body):
    """No answer is a crash."""
    found = outcome(body)

    assert found is None or found.missing or found.answers


@pytest.mark.parametrize("body", [b'"\\x"', b'"\xff"', b'"\\ud800"', b'"\\u12"', b'"a\nb"'])
def test_a_broken_text_as_body(body):
    """A body that is no proper JSON text makes the batch unreadable or the answer bodiless, never a crash."""
    found = outcome(b'{"responses":[{"id":"1","status":200,"body":' + body + b"}]}")

    assert found is None or "1" in found.answers or "1" in found.missing


operations = st.lists(
    st.binary(max_size=60).map(
        lambda body: Operation("1", "POST", "Users", {}, b'"' + body.hex().encode() + b'"')
    ),
    max_size=30,
)


@given(operations, st.integers(1, 10), st.integers(50, 400))
def test_packing(wanted, limit, room):
    """Every operation goes into one batch, in order; none is too large, unless one operation alone is."""
    batches = list(packed(wanted, limit=limit, room=room))

    assert [operation for batch in batches for operation in batch] == wanted
    for batch in batches:
        assert 1 <= len(batch) <= limit
        assert sum(len(written(operation)) + 1 for operation in batch) <= room or len(batch) == 1
    for before, after in pairwise(batches):
        assert len(before) == limit or sum(len(written(one)) + 1 for one in (*before, after[0])) > room
