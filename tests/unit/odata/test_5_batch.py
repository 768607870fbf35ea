"""Chapter 5: many operations in one request, and what becomes known of each.

A batch is one HTTP request that carries others. It comes in two forms, JSON and multipart. Services differ in which they take, in how
they name their answers, and in what they leave out. Whoever writes must know of every single operation: done, refused, or unknown.
"""

import json

import pytest

from importer.odata.batch import BatchUnreadable, Format, Operation, read_batch, write_batch

ANNA, BORIS = "6ba7b810-9dad-11d1-80b4-00c04fd40001", "6ba7b810-9dad-11d1-80b4-00c04fd40002"
WRITE = {"content-type": "application/json", "prefer": "return=minimal"}
TWO = [
    Operation("1", "POST", "Users", WRITE, f'{{"id":"{ANNA}","name":"Анна"}}'.encode()),
    Operation("2", "POST", "Users", WRITE, f'{{"id":"{BORIS}","name":"Борис"}}'.encode()),
]


def part(status, *lines, body=""):
    """One answer inside a multipart answer, as ASP.NET Core OData writes it."""
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    return head + "\r\n".join((f"HTTP/1.1 {status}", *lines, "", body)) + "\r\n"


def multipart(*parts, end="--answer--\r\n"):
    whole = "".join(f"--answer\r\n{item}" for item in parts) + end
    return read_batch(Format.MULTIPART, "multipart/mixed; boundary=answer", whole.encode(), TWO)


def in_json(*responses, **more):
    document = {"responses": responses, **more}
    return read_batch(Format.JSON, "application/json", json.dumps(document).encode(), TWO)


def statuses(found):
    return {name: answer.status for name, answer in found.answers.items()}


def test_each_operation_travels_with_all_it_needs():
    """Its own id, method, relative address, content type and preference: services do not hand the outer ones down."""
    first = json.loads(write_batch(Format.JSON, TWO).body)["requests"][0]

    assert first == {
        "id": "1",
        "method": "POST",
        "url": "Users",
        "headers": WRITE,
        "body": {"id": ANNA, "name": "Анна"},
    }


@pytest.mark.parametrize("form", Format)
def test_operations_are_independent(form):
    """No group and no change set: some services roll nothing back and answer only the member that failed."""
    body = write_batch(form, TWO).body

    assert b"atomicityGroup" not in body
    assert body.count(b"multipart/mixed") == 0


@pytest.mark.parametrize("form", Format)
def test_the_answer_is_asked_for_in_the_form_that_is_sent(form):
    """Services choose the form of the answer by Accept; both forms are understood whichever comes."""
    assert write_batch(form, TWO).accept.partition("/")[2] in {"json", "mixed"}
    document = json.dumps({"responses": [{"id": "1", "status": 201}]}).encode()
    assert statuses(read_batch(form, "application/json", document, TWO)) == {"1": 201}


def test_answers_are_found_by_their_id():
    """In JSON they may come in any order; an id may have become a number."""
    found = in_json({"id": 2, "status": 204}, {"id": "1", "status": 400})

    assert statuses(found) == {"2": 204, "1": 400}


def test_an_answer_without_id_is_nobodys():
    """ASP.NET Core answers `id: null` where it lost the id. Guessing by place could hand a success to the wrong row."""
    found = in_json({"id": None, "status": 201}, {"id": "2", "status": 201})

    assert (statuses(found), found.missing) == ({"2": 201}, ("1",))


def test_multipart_answers_may_have_no_name():
    """Single parts of ASP.NET Core bring no Content-ID; the specification guarantees their order, and `Location` confirms it."""
    found = multipart(
        part("201 Created", f"Location: http://h/odata/Users({ANNA})"), part("500 Internal Server Error")
    )

    assert statuses(found) == {"1": 201, "2": 500}


def test_an_order_that_location_contradicts_is_not_believed():
    """The first answer says that it made Boris: then nothing is known of either, and both are read back."""
    found = multipart(
        part("201 Created", f"Location: http://h/odata/Users({BORIS})"),
        part("201 Created", f"Location: http://h/odata/Users({ANNA})"),
    )

    assert (statuses(found), found.missing) == ({}, ("1", "2"))


def test_a_missing_answer_is_not_a_refusal():
    """Multipart stops at the first error and leaves out the rest. What was left out is unknown until it is read back."""
    found = multipart(part("400 Bad Request"))

    assert (statuses(found), found.missing) == ({"1": 400}, ("2",))


def test_two_answers_that_contradict_each_other_are_none():
    """Done and refused at once: unknown. The same thing said twice is said once."""
    found = in_json(
        {"id": "1", "status": 201},
        {"id": "1", "status": 500},
        {"id": "2", "status": 204},
        {"id": "2", "status": 204},
    )

    assert (statuses(found), found.doubled) == ({"2": 204}, ("1",))


def test_an_answer_cut_short():
    """JSON cut short is no answer at all; of multipart the whole parts before the cut count."""
    whole = json.dumps({"responses": [{"id": "1", "status": 201}, {"id": "2", "status": 201}]}).encode()

    with pytest.raises(BatchUnreadable):
        read_batch(Format.JSON, "application/json", whole[:-3], TWO)
    assert multipart(part("201 Created"), part("201 Created"), end="").missing == ("2",)


def test_a_partial_answer_says_where_it_goes_on():
    """A next link among the answers: the missing ones are read from there before anything is called unknown."""
    found = in_json({"id": "1", "status": 201}, **{"@odata.nextLink": "$batch?rest"})
    rest = in_json({"id": "2", "status": 201})

    assert (found.next_link, found.missing) == ("$batch?rest", ("2",))
    assert statuses(found.joined(rest)) == {"1": 201, "2": 201}


@pytest.mark.parametrize("status", [401, 424, 429, 503])
@pytest.mark.parametrize("form", Format)
def test_a_part_may_have_a_fate_of_its_own(form, status):
    """Login, a failed prerequisite, too fast, later: each stands with the operation it belongs to, and touches no other."""
    if form is Format.JSON:
        found = in_json(
            {"id": "1", "status": status, "headers": {"Retry-After": "5"}}, {"id": "2", "status": 201}
        )
    else:
        found = multipart(part(f"{status} No", "Retry-After: 5"), part("201 Created"))

    assert statuses(found) == {"1": status, "2": 201}
    assert found.answers["1"].headers["retry-after"] == "5"
