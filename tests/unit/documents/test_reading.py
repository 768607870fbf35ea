"""YAML that a person wrote: what is read, what is refused, and where."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.documents import Document, parse_document, read_document
from importer.problems import ConfigurationError, FilePlace


def refused(text: str) -> list[str]:
    """Return the problems of a document, one `line:column code` each."""
    with pytest.raises(ConfigurationError) as caught:
        parse_document(text, "r.yaml")
    return [
        f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("да", "да"),
        ("Off", "Off"),
        ("true", True),
        ("false", False),
        ("8", 8),
        ("-8", -8),
        ("0", 0),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.10", Decimal("1.10")),
        ("1e3", Decimal("1E+3")),
        (".5", Decimal("0.5")),
        ("0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("1_000", "1_000"),
        ("1.2.3", "1.2.3"),
        (".inf", ".inf"),
        ("№ п/п", "№ п/п"),
        ("Сумма, руб.", "Сумма, руб."),
        ("=row.ФИО | upper", "=row.ФИО | upper"),
        ("'8'", "8"),
        ('"true"', "true"),
        ("12:30", "12:30"),
        ("+", "+"),
        ('="Employee"', '="Employee"'),
        ("a  # note", "a"),
        (">-\n  one\n  two", "one two"),
        ("|-\n  one\n  two", "one\ntwo"),
    ],
)
def test_value(written: str, value: object) -> None:
    """A value is what YAML 1.2 says; numbers are exact, only true and false are booleans."""
    found = parse_document(f"key: {written}\n", "r.yaml").root.data()["key"]

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", ["", " null", " ~"])
def test_nothing_is_none(written: str) -> None:
    """A key without a value has none; what that means is not decided here."""
    assert parse_document(f"key:{written}\n", "r.yaml").root.data() == {"key": None}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: &x 1\n", ["1:4 yaml-feature"]),
        ("a: &x 1\nb: *x\n", ["1:4 yaml-feature", "2:4 yaml-feature"]),
        ("a: 1\n<<: {b: 1}\n", ["2:1 yaml-feature"]),
        ("a: !x 1\n", ["1:4 yaml-feature"]),
        ("a: !!str 1\n", ["1:4 yaml-feature"]),
        ("a: 1\n---\nb: 1\n", ["2:1 yaml-feature"]),
        ("%YAML 1.1\n---\na: 1\n", ["1:1 yaml-feature"]),
        ("a: {{ x }}\n", ["1:4 yaml-template"]),
        ("a: {{ x }} y\n", ["1:4 yaml-template"]),
        ('a: "{{ row.x }}"\n', ["1:4 yaml-template"]),
        ("a: '={{ row.x }}'\n", ["1:4 yaml-template"]),
        ("a: 1\nb: 2\na: 3\n", ["3:1 duplicate-key"]),
        ("a:\n  b: 1\n  b: 2\n", ["3:3 duplicate-key"]),
        ("a: x: y\n", ["1:5 yaml-syntax"]),
        ("a: Дата: начало\n", ["1:8 yaml-syntax"]),
        ("a: 'open\nb: 1\n", ["1:4 yaml-syntax"]),
        ("a: [1, 2\nb: 1\n", ["2:2 yaml-syntax"]),
        ("a:\n\t- x\n", ["2:1 yaml-syntax"]),
        ("a: @x\n", ["1:4 yaml-syntax"]),
        ("a: `x`\n", ["1:4 yaml-syntax"]),
        ("? [a]\n: 1\n", ["1:3 yaml-syntax"]),
        (": 1\n", ["1:1 yaml-syntax"]),
        ("a: 007\n", ["1:4 yaml-syntax"]),
        ("a: 01.02\n", ["1:4 yaml-syntax"]),
        ("a: 2026-02-30\n", ["1:4 yaml-syntax"]),
        ("a: 1e999999999\n", ["1:4 yaml-syntax"]),
        (f"a: {'9' * 5000}\n", ["1:4 yaml-syntax"]),
        ("a: b\x01c\n", ["1:5 yaml-syntax"]),
        (
            "a: &x 1\nb: 1\nb: {{ y }}\nc: d: e\n",
            ["1:4 yaml-feature", "3:4 yaml-template", "3:1 duplicate-key", "4:5 yaml-syntax"],
        ),
    ],
)
def test_refused(text: str, problems: list[str]) -> None:
    """What the profile does not have is refused at its place, and what can be found besides is found too."""
    assert refused(text) == problems


def test_nesting_is_limited() -> None:
    """Twenty levels are read, one more is refused where it begins."""
    assert parse_document("[" * 20 + "]" * 20, "r.yaml").root.elements
    assert refused("[" * 21 + "]" * 21) == ["1:21 yaml-feature"]
    assert refused("[" * 500_000) == ["1:21 yaml-feature"]


def test_aliases_are_never_expanded() -> None:
    """A billion laughs cost nothing: every alias is refused before anything is built."""
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]

    assert len(refused("\n".join(lines))) == 10 + 9 * 9


def test_places_are_those_of_the_file() -> None:
    """Keys and values know their line and column, and how long they are."""
    root = parse_document("# note\nsteps:\n  - to: Users\n    fields: {name: ФИО}\n", "r.yaml").root
    name = root.at(("steps", 0, "fields", "name"))

    assert (name.place.line, name.place.column, name.place.length) == (4, 20, 3)
    assert (root.key_place(("steps", 0, "fields", "name")).column, root.keys["steps"].line) == (14, 2)
    assert root.at(("steps", 0, "nowhere", "name")) is root.at(("steps", 0))
    assert root.at(("steps", 7)) is root.get("steps")


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a: =row.X | up\n", "up", "1:13"),
        ("a: '=row[''x''] | up'\n", "up", "1:19"),
        ('a: "=row[\\"x\\"] | \\u0075p"\n', "up", "1:19"),
        ('a: "=row.X \\\n     | up"\n', "up", "2:8"),
        ("a: =row.X\n   | up ~\n\n   end\n", "end", "4:4"),
        ("a: >\n  =row.X\n  | up\n\n  end\nb: 1\n", "up", "3:5"),
        ("a: >\n  =row.X\n  | up\n\n  end\nb: 1\n", "end", "5:3"),
        ("a: |-\n\n  =row.X\n    | up\n\n\n  end\n", "end", "7:3"),
        ("a: 'x\n\n\n  up'\n", "up", "4:3"),
    ],
)
def test_place_inside_a_text(text: str, word: str, place: str) -> None:
    """A character of a text is found in the file, however the text is quoted, escaped or folded."""
    document = parse_document(text, "r.yaml")
    node = document.root.at(("a",))
    found = document.place_in(node, str(node.value).index(word))

    assert f"{found.line}:{found.column}" == place


def test_place_inside_a_text_that_is_none() -> None:
    """Where the text cannot be followed through the file, the value as a whole is meant."""
    document = parse_document("a: 5\nb: >\n  x\n    indented\n  y\n", "r.yaml")

    assert document.place_in(document.root.at(("a",)), 0) == document.root.at(("a",)).place
    folded = document.root.at(("b",))
    assert document.place_in(folded, 3).line >= 2
    assert document.place_in(folded, 999) == folded.place


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("n: Кол-во #", "Кол-во #"),
        ("n: Кол-во # шт", "Кол-во # шт"),
        ("n: Кол-во", None),
        ("n: 'Кол-во' # note", None),
        ("n: №#1", None),
    ],
)
def test_comment_that_may_be_part_of_a_header(line: str, meant: str | None) -> None:
    """` #` begins a comment without an error; a hint can say what was cut off."""
    document = parse_document(line + "\n", "r.yaml")

    assert document.cut_by_comment(document.root.at(("n",)).place) == meant


def test_file(tmp_path) -> None:
    """A file is read as UTF-8, with or without a byte order mark; the name shown is in every place."""
    path = tmp_path / "r.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + "a: ФИО\n".encode())

    document = read_document(path, "shown.yaml")

    assert isinstance(document, Document)
    assert document.root.data() == {"a": "ФИО"}
    assert str(document.root.at(("a",)).place) == "shown.yaml:1:4"
    assert document.data.startswith(b"\xef\xbb\xbf")


def test_file_missing_names_the_nearest(tmp_path) -> None:
    """A misspelt path is answered with the file that is there."""
    (tmp_path / "onboarding.yaml").write_text("a: 1")
    with pytest.raises(ConfigurationError) as caught:
        read_document(tmp_path / "onbording.yaml", "onbording.yaml")
    problem = caught.value.problems[0]

    assert (problem.code, problem.place) == ("file-missing", FilePlace("onbording.yaml"))
    assert [near.text for near in problem.near] == ["onboarding.yaml"]


def test_folder_that_is_missing(tmp_path) -> None:
    """Nothing near is told where the folder itself is missing."""
    with pytest.raises(ConfigurationError) as caught:
        read_document(tmp_path / "no" / "r.yaml")

    assert caught.value.problems[0].code == "file-missing"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a: \xd0", "undecodable"),
        ("a: b".encode("utf-16"), "undecodable"),
        (b"#" * (2**20 + 1), "file-unreadable"),
    ],
)
def test_file_refused(tmp_path, data: bytes, code: str) -> None:
    """Bytes that are no UTF-8, and files that nobody wrote by hand, are refused whole."""
    path = tmp_path / "r.yaml"
    path.write_bytes(data)
    with pytest.raises(ConfigurationError) as caught:
        read_document(path)

    assert [problem.code for problem in caught.value.problems] == [code]


def test_undecodable_byte_has_its_place(tmp_path) -> None:
    """The byte that is no UTF-8 is found by line and column."""
    path = tmp_path / "r.yaml"
    path.write_bytes("a: 1\nимя: ".encode() + b"\xcf\xee")
    with pytest.raises(ConfigurationError) as caught:
        read_document(path, "r.yaml")

    assert str(caught.value.problems[0].place) == "r.yaml:2:6"


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_no_file_at_all(tmp_path, name: str) -> None:
    """A folder or an impossible name is told, not crashed on."""
    with pytest.raises(ConfigurationError) as caught:
        read_document(tmp_path / name)

    assert caught.value.problems[0].code == "file-unreadable"


@given(st.text(alphabet="ab: -#{}[]\"'\n\t&*!|>,0.1=~?%@ё\\", max_size=40))
def test_never_crashes(text: str) -> None:
    """Whatever stands in the file: a document, or problems with places inside of it."""
    problems = _problems(text)

    assert problems is None or problems
    for problem in problems or ():
        assert 1 <= problem.place.line <= text.count("\n") + 2
        assert problem.message()


def _problems(text: str):
    try:
        parse_document(text, "r.yaml")
    except ConfigurationError as error:
        return error.problems
    return None


@given(st.text(alphabet="ab '\"\\\n#:ё", max_size=30), st.sampled_from(["'", '"']))
def test_place_of_every_character(text: str, quote: str) -> None:
    """Each visible character of a quoted text stands where its place says."""
    written = text.replace("'", "''") if quote == "'" else text.replace("\\", "\\\\").replace('"', '\\"')
    source = f"a: {quote}{written}{quote}\n".replace("\n", "\n ")
    try:
        document = parse_document(source, "r.yaml")
    except ConfigurationError:
        return
    node, lines = document.root.at(("a",)), source.split("\n")
    for offset, sign in enumerate(str(node.value)):
        if sign in "abё#:":
            place = document.place_in(node, offset)
            assert lines[place.line - 1][place.column - 1] == sign
