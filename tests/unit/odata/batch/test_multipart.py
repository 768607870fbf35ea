"""Multipart batches: written to the letter, read so that no answer is ever given to the wrong operation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.batch import Answer, BatchUnreadable, Format, Operation, length, read_batch, write_batch
from importer.odata.batch.multipart import boundary_of

JSON = {"content-type": "application/json", "prefer": "return=minimal"}
KEYS = [f"6ba7b810-9dad-11d1-80b4-00c04fd4000{number}" for number in range(4)]
CREATES = [
    Operation(str(number + 1), "POST", "Users", JSON, f'{{"id":"{key}","name":"Ё"}}'.encode())
    for number, key in enumerate(KEYS)
]
KIND = "multipart/mixed; boundary=b"


def part(status=201, body=b"{}", *, name=None, inner="", outer="", line=None):
    """One part as ASP.NET Core OData writes it."""
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n" + outer
    head += f"Content-ID: {name}\r\n" if name else ""
    line = f"HTTP/1.1 {status} Words" if line is None else line
    return f"{head}\r\n{line}\r\nOData-Version: 4.0\r\n{inner}\r\n".encode() + body


def made(number, **more):
    """The answer to the create of a number, with the key that was sent."""
    return part(inner=f"Location: http://h/odata/Users({KEYS[number]})\r\n", **more)


def whole(*parts, end=b"--b--\r\n"):
    return b"".join(b"--b\r\n" + item + b"\r\n" for item in parts) + end


def read(body, *, kind=KIND, operations=CREATES):
    return read_batch(Format.MULTIPART, kind, body, operations)


def statuses(found):
    return {name: answer.status for name, answer in found.answers.items()}


def test_written_to_the_letter():
    """CRLF, one Content-ID per part, the body's bytes untouched, two blank lines after a GET, colons encoded in paths only."""
    batch = write_batch(
        Format.MULTIPART,
        [
            CREATES[0],
            Operation("2", "GET", "Rates(2026-01-01T00:00:00Z)?$filter=a%20eq%20b:c", {"accept": "x"}),
        ],
    )
    boundary = boundary_of(batch.content_type).decode()

    assert batch.accept == "multipart/mixed"
    assert batch.body.decode() == (
        f"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 1\r\n\r\n"
        "POST Users HTTP/1.1\r\ncontent-type: application/json\r\nprefer: return=minimal\r\n\r\n"
        f'{{"id":"{KEYS[0]}","name":"Ё"}}\r\n'
        f"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: 2\r\n\r\n"
        "GET Rates(2026-01-01T00%3A00%3A00Z)?$filter=a%20eq%20b:c HTTP/1.1\r\naccept: x\r\n\r\n\r\n\r\n"
        f"--{boundary}--\r\n"
    )


def test_nobody_writes_headers_but_us():
    """An ETag with line ends in it, from a hostile service, stays one header."""
    guarded = Operation("1", "DELETE", "Users(1)", {"if-match": 'W/"1"\r\nevil: yes\r\n\r\nDELETE x'})
    body = write_batch(Format.MULTIPART, [guarded]).body

    assert b'if-match: W/"1" evil: yes DELETE x\r\n' in body


@pytest.mark.parametrize(
    "operations",
    [
        [Operation("a", "GET", "Users")],
        [Operation("٣", "GET", "Users")],
        [Operation("", "GET", "Users")],
        [Operation("1", "GET", "Users"), Operation("1", "GET", "Users")],
        [Operation("1", "GET", "/Users")],
    ],
)
@pytest.mark.parametrize("form", Format)
def test_our_own_mistakes(form, operations):
    """Ids that are no digits or stand twice, and absolute paths, would fail a whole batch; they never leave."""
    with pytest.raises(ValueError, match=r"ids of operations|relative"):
        write_batch(form, operations)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=6))
def test_what_is_written_can_be_cut_apart(bodies):
    """The boundary occurs in no body, and the sizes are known beforehand."""
    operations = [Operation(str(n), "POST", "Users", JSON, body) for n, body in enumerate(bodies)]
    batch = write_batch(Format.MULTIPART, operations)
    boundary = b"--" + boundary_of(batch.content_type)

    assert batch.body.count(boundary) == len(bodies) + 1
    assert len(batch.body) == sum(length(Format.MULTIPART, item) for item in operations) + len(boundary) + 4


def test_answers_without_names_by_place():
    """Single parts of ASP.NET Core OData bring no Content-ID: the order is the one asked, and `Location` does not contradict."""
    found = read(whole(made(0, body=b'{"a":1}'), part(500, b""), made(2), made(3, status=204, body=b"")))

    assert statuses(found) == {"1": 201, "2": 500, "3": 201, "4": 204}
    assert found.answers["1"] == Answer(
        201, {"odata-version": "4.0", "location": f"http://h/odata/Users({KEYS[0]})"}, b'{"a":1}'
    )
    assert (found.missing, found.doubled) == ((), ())


def test_answers_with_names_in_any_order():
    """A Content-ID counts wherever it stands, in the part or in the answer inside it, with or without angle brackets."""
    found = read(
        whole(
            part(204, b"", name="3"),
            part(404, b"", inner="content-id: <1>\r\n"),
            part(name="4"),
            part(name="2"),
        )
    )

    assert statuses(found) == {"3": 204, "1": 404, "4": 201, "2": 201}


ODD = {
    "two parts exchanged": (whole(made(1), made(0), made(2), made(3)), {}),
    "a part more than asked": (whole(*(made(n) for n in range(4)), part()), {}),
    "one left out in the middle": (whole(made(0), made(2), made(3)), {}),
    "one left out, and nothing refused": (whole(part(), part(), part()), {}),
    "stopped at the first refusal": (whole(made(0), part(400)), {"1": 201, "2": 400}),
    "cut after two": (whole(made(0), made(1), end=b""), {"1": 201}),
    "cut after two whole ones": (
        whole(made(0), made(1).replace(b"OData", b"Content-Length: 2\r\nOData"), end=b""),
        {"1": 201, "2": 201},
    ),
    "a name at another's place": (whole(made(0), part(name="1"), made(2), made(3)), {"1": 201}),
    "a name never asked for": (whole(made(0), part(name="77"), made(2), made(3)), {}),
    "names that agree with places": (
        whole(made(0), part(name="2"), made(2), part(500)),
        {"1": 201, "2": 201, "3": 201, "4": 500},
    ),
    "doubled and equal": (whole(part(name="1"), part(name="1"), part(name="2")), {"1": 201, "2": 201}),
    "doubled and different": (whole(part(name="1"), part(500, name="1"), part(name="2")), {"2": 201}),
    "no status line": (
        whole(made(0), part(line="nothing"), made(2), made(3)),
        {"1": 201, "3": 201, "4": 201},
    ),
    "no such status": (whole(made(0), part(999), made(2), made(3)), {"1": 201, "3": 201, "4": 201}),
    "four digits": (whole(made(0), part(2011), made(2), made(3)), {"1": 201, "3": 201, "4": 201}),
    "not finished": (
        whole(part(100, b""), made(1), made(2), made(3)),
        {"1": 100, "2": 201, "3": 201, "4": 201},
    ),
    "elsewhere": (whole(part(303, b""), made(1), made(2), made(3)), {"1": 303, "2": 201, "3": 201, "4": 201}),
    "too fast": (whole(made(0), part(429), part(401), part(424)), {"1": 201, "2": 429, "3": 401, "4": 424}),
    "text around": (b"preamble\r\n" + whole(*(made(n) for n in range(4))) + b"--b\r\nepilogue", None),
    "LF only": (whole(*(made(n) for n in range(4))).replace(b"\r\n", b"\n"), None),
    "padding after the boundary": (whole(*(made(n) for n in range(4))).replace(b"--b\r", b"--b \t\r"), None),
    "folded headers": (
        whole(*(made(n) for n in range(4))).replace(b"Location: ", b"Location:\r\n\t"),
        None,
    ),
    "another boundary that begins like ours": (
        whole(made(0, body=b"\r\n--bb\r\n"), made(1), made(2), made(3)),
        None,
    ),
    "a boundary inside a body of known length": (
        whole(
            made(0, body=b"a\r\n--b\r\nb").replace(b"OData", b"Content-Length: 9\r\nOData"),
            made(1),
            made(2),
            made(3),
        ),
        None,
    ),
    "a length that lies": (
        whole(*(made(n).replace(b"OData", b"Content-Length: 99999\r\nOData") for n in range(4))),
        None,
    ),
    "a length in characters": (
        whole(
            *(made(n, body="Ё".encode()).replace(b"OData", b"Content-Length: 1\r\nOData") for n in range(4))
        ),
        None,
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_each_oddity_has_one_meaning(name):
    """The table of the module, row by row; what is not answered for certain is missing, that is: unknown."""
    body, expected = ODD[name]
    if expected is None:
        expected = dict.fromkeys("1234", 201)
    found = read(body)

    assert statuses(found) == expected
    assert {*found.answers, *found.missing, *found.doubled} == set("1234")


def test_the_answer_of_a_change_set():
    """Nobody asked for one: its answers count by Content-ID only, and nothing counts by its place any more."""
    inner = whole(part(201, name="2"), part(201), part(500, name="3")).replace(b"--b", b"--c")
    nested = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + inner
    deeper = nested
    for name in (b"d", b"e", b"f"):
        deeper = b"Content-Type: multipart/mixed; boundary=%b\r\n\r\n--%b\r\n%b\r\n--%b--" % (
            name,
            name,
            deeper,
            name,
        )

    assert statuses(read(whole(made(0), nested))) == {"2": 201, "3": 500}
    assert statuses(read(whole(made(0), deeper))) == {}


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/mixed",
        "multipart/mixed; boundary=",
        'multipart/mixed; boundary=""',
        "multipart/mixed; boundary=c",
    ],
)
def test_no_boundary(kind):
    """Without a boundary there is no answer."""
    with pytest.raises(BatchUnreadable):
        read(whole(made(0)), kind=kind)


@pytest.mark.parametrize(
    ("kind", "boundary"),
    [
        ('multipart/mixed; boundary="a b"', b"a b"),
        ("multipart/mixed;charset=x;BOUNDARY = a'b", b"a'b"),
        (r'multipart/mixed; boundary="a\"b"; x=y', b'a"b'),
        ("multipart/mixed; xboundary=a", None),
    ],
)
def test_boundaries(kind, boundary):
    """Quoted or not, in any case of the parameter's name."""
    assert boundary_of(kind) == boundary


def test_answered_in_the_other_form():
    """`Accept` may be ignored or obeyed unasked: the content type of the answer counts."""
    document = b'{"responses":[{"id":"2","status":201},{"id":null,"status":201}]}'

    assert statuses(read(document, kind="application/json; odata.metadata=minimal")) == {"2": 201}
    assert statuses(read_batch(Format.JSON, KIND, whole(made(0), part(400)), CREATES)) == {"1": 201, "2": 400}
    assert statuses(read_batch(Format.JSON, "", document, CREATES)) == {"2": 201}


@pytest.mark.parametrize("kind", ["text/html", "", "application/http"])
def test_no_batch_answer(kind):
    """What is neither form is no batch answer."""
    with pytest.raises(BatchUnreadable):
        read(b"<html>", kind=kind)


WHOLE = whole(made(0, body='{"name":"Ё"}'.encode()), part(500), made(2), made(3))


def test_cut_anywhere():
    """An answer cut short anywhere gives a beginning of the answers, each as it was, and the rest is unknown."""
    full = read(WHOLE)
    for size in range(len(WHOLE)):
        try:
            found = read(WHOLE[:size])
        except BatchUnreadable:
            continue
        assert all(found.answers[name] == full.answers[name] for name in found.answers)
        assert list(found.answers) == [operation.id for operation in CREATES][: len(found.answers)]


@given(st.permutations(range(4)), st.integers(0, 4))
def test_no_answer_for_somebody_else(order, count):
    """However the service orders or leaves out its answers: none is given to another operation."""
    body = whole(*(made(number) for number in order[:count]))
    try:
        found = read(body)
    except BatchUnreadable:
        return
    for name, answer in found.answers.items():
        assert answer.headers["location"].endswith(f"({KEYS[int(name) - 1]})")


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=0, max_size=3))
def test_any_byte_replaced(position, instead):
    """Whatever a byte is replaced by: answers or BatchUnreadable, and each operation has one fate."""
    try:
        found = read(WHOLE[:position] + instead + WHOLE[position + 1 :])
    except BatchUnreadable:
        return
    assert sorted((*found.answers, *found.missing, *found.doubled)) == list("1234")
