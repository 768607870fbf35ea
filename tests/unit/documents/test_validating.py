"""A model over a document: what does not fit is told at its place, all at once."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from importer.documents import in_order, parse_document, unexpected, validate
from importer.documents.validating import EmptyValue
from importer.problems import ConfigurationError, FilePlace


def _colour(value: object) -> object:
    if value in ("red", "green"):
        return value
    raise unexpected("wrong-type", "a text: red or green", near=("red", "green"))


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: Annotated[str, BeforeValidator(_colour)] = "red"
    size: int = 0
    share: float = 0.5
    flag: bool = False


class _Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: Literal[1]
    name: str
    kind: Literal["small", "large"] = "small"
    words: list[str] = Field(default_factory=list)
    inner: _Inner = _Inner()
    parts: dict[str, _Inner] = Field(default_factory=dict)
    filled: list[str] = Field(default=["x"], min_length=1)


LATER = "in this version of the importer. Remove it, or use a newer importer, which perhaps knows it"
QUOTES = "A text that looks like a number, a date, true or false needs quotes:"
KNOWN = {
    "": tuple(_Outer.model_fields),
    "inner": tuple(_Inner.model_fields),
    "parts/": tuple(_Inner.model_fields),
}


def told(text: str) -> list[str]:
    """Return the problems, one line each."""
    with pytest.raises(ConfigurationError) as caught:
        validate(_Outer, parse_document(text, "f"), owner="the file", known=KNOWN, later=("future",))
    return [
        f"{p.place.line}:{p.place.column} {p.code}: {p.message()} {p.advice()}".strip()
        for p in caught.value.problems
    ]


def test_what_fits_is_the_model() -> None:
    """A document without a mistake becomes the model."""
    document = parse_document("version: 1\nname: a\ninner: {colour: green}\n", "f")

    assert validate(_Outer, document, owner="the file", known=KNOWN).inner.colour == "green"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "version: 1\nname: a\nnmae: b\n",
            '3:1 unknown-key: "nmae" is not a key of the file. Did you mean "name" (0.75)?',
        ),
        ("version: 1\nname: a\nfuture: b\n", f'3:1 unknown-key: "future" is not a key of the file {LATER}'),
        (
            "version: 1\nname: a\nparts: {inner: {sizes: 1}}\n",
            '3:17 unknown-key: "sizes" is not a key of parts.inner. Did you mean "size" (0.89)?',
        ),
        ("version: 1\n", '1:1 missing-key: the file needs "name".'),
        ("version: 1\nname: 5\n", f'2:7 wrong-type: "name" takes a text; this is the value 5. {QUOTES} "5"'),
        (
            "version: 1\nname: a\nkind: lage\n",
            '3:7 wrong-type: "kind" takes small or large; this is the text "lage". Did you mean "large" (0.89)?',
        ),
        (
            "version: 1\nname: a\ninner: {colour: rad}\n",
            '3:17 wrong-type: "colour" takes a text: red or green; this is the text "rad". Did you mean "red" (0.67)?',
        ),
        ("version: 1\nname: a\ninner: [1]\n", '3:8 wrong-type: "inner" takes a map; this is a list.'),
        (
            "version: 1\nname: a\ninner: {flag: maybe}\n",
            '3:15 wrong-type: "flag" takes true or false; this is the text "maybe".',
        ),
        (
            "version: 1\nname: a\ninner: {flag: {a: 1}}\n",
            '3:15 wrong-type: "flag" takes true or false; this is a map.',
        ),
        ("version: 1\nname: a\nwords: [a, {}]\n", '3:12 wrong-type: "words" takes a text; this is a map.'),
        (
            "version: 1\nname: a\nfilled: []\n",
            '3:9 wrong-type: "filled" takes at least one item; this is a list.',
        ),
        ("version: 1\nname: true\n", f'2:7 wrong-type: "name" takes a text; this is true. {QUOTES} "true"'),
        ("version: 1\nname:\n", '2:1 empty-value: "name:" has no value. Write a value, or remove the line'),
        (
            "version: 1\nname: a\nwords: [a, ~]\n",
            '3:12 empty-value: An item of "words" has no value. Write a value, or remove the item',
        ),
        ("[1]", '1:1 wrong-type: "the file" takes a map; this is a list.'),
    ],
)
def test_problem(text: str, line: str) -> None:
    """A mistake is told in words, with its place and what would mend it."""
    assert told(text) == [line]


def test_all_at_once() -> None:
    """Nothing is left for the next run, and the order is that of the file."""
    found = told("kind: lage\nname:\ninner: {size: x, share: y}\n")

    assert [line.split(":")[0] + ":" + line.split(":")[1] for line in found] == [
        "1:1 missing-key",
        "1:7 wrong-type",
        "2:1 empty-value",
        "3:15 wrong-type",
        "3:25 wrong-type",
    ]


def test_long_texts_are_shortened() -> None:
    """A message quotes the beginning of a long text."""
    assert "…" in told(f"version: 1\nname: a\nkind: {'x' * 90}\n")[0]


def test_order_without_places() -> None:
    """Problems of the file as a whole come first, and each is told once."""
    whole = EmptyValue(place=FilePlace("f"), found="a")

    assert in_order([whole, whole]) == (whole,)
