"""The HTML report as text: nothing of a file or service can become markup, and nothing is loaded from anywhere."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.plan import State, Verb
from importer.problems import CellPlace
from importer.reports.html import write_html_report
from importer.results.show import Shown, ShownAction
from importer.text.translating import set_language
from tests.unit.reports.shown_plans import action, actions, change, shown

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title></style><!--",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "=cmd|' /C calc'!A0",
    "line\u2028separator\u2029paragraph",
    "\u202egnirts a si siht",
    "&lt;already&gt; &amp; escaped",
    "{{ 7*7 }} {% raw %}",
    "x" * 20_000,
    "\x00\x01\x7f",
]


class Page(HTMLParser):
    """What a browser would see: elements with attributes, the texts, the contents of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.text = ""
        self._raw: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._raw = tag if tag in ("script", "style") else None

    def handle_endtag(self, tag: str) -> None:
        self._raw = None

    def handle_data(self, data: str) -> None:
        if self._raw == "script":
            self.scripts.append((self.elements[-1][1], data))
        elif self._raw == "style":
            self.styles.append(data)
        else:
            self.text += data

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """The elements in order, each with the names of its attributes."""
        return [(tag, tuple(sorted(attributes))) for tag, attributes in self.elements]

    @property
    def data(self) -> object:
        """What the script draws from."""
        return next(json.loads(text) for attributes, text in self.scripts if attributes.get("id") == "data")


def rendered(found: Shown, folder: Path) -> Page:
    write_html_report(found, folder / "report.html")
    return Page((folder / "report.html").read_bytes().decode("utf-8"))


def everywhere(value: str) -> Shown:
    """A plan with the same text in each place that files, recipes and services can fill."""
    attacked = action(
        1,
        Verb.UPDATE,
        value,
        step="users",
        key={"id": value},
        places=(CellPlace(value, value, "C", 7),),
        changes=(
            change(value, before=value, after={"inner": value}),
            change("dept", after="1", before_text=value, after_text=value),
        ),
        reason=value,
    )
    failed = ShownAction(attacked, State.FAILED, None, 400, value, value)
    return shown(
        [failed],
        begun=True,
        recipe=value,
        description=value,
        service=value,
        plan=value.replace("/", "").replace("\0", "") or "p",
    )


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_value_becomes_markup(value: str, tmp_path: Path) -> None:
    """The page has the same elements and attributes, whatever stands in files and answers."""
    assert rendered(everywhere(value), tmp_path).shape == rendered(everywhere("harmless"), tmp_path).shape


@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_no_text_at_all_becomes_markup(value: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """So for any text; and the data of the tables hold it letter by letter."""
    page = rendered(everywhere(value), tmp_path_factory.getbasetemp())

    assert page.shape == rendered(everywhere("harmless"), tmp_path_factory.getbasetemp()).shape
    assert value in _texts(page.data)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_policy_names_what_runs(lang: str, tmp_path: Path) -> None:
    """The content security policy allows nothing but the one script and the one style that stand in the file."""
    set_language(lang)
    page = rendered(shown(actions(10)), tmp_path)
    policy = (
        next(
            attributes["content"]
            for tag, attributes in page.elements
            if attributes.get("http-equiv") == "Content-Security-Policy"
        )
        or ""
    )
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    running = [text for attributes, text in page.scripts if attributes.get("type") is None]

    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == f"'{_hash(running[0])}'"
    assert allowed["style-src"] == f"'{_hash(page.styles[0])}'"
    assert len(running) == len(page.styles) == 1


def test_nothing_is_loaded(tmp_path: Path) -> None:
    """No element, style or script leads to another file or any address; links stay on the page."""
    page = rendered(shown(actions(10)), tmp_path)
    links = [
        attributes[name]
        for _, attributes in page.elements
        for name in ("src", "href", "action", "data")
        if name in attributes
    ]

    assert all(link and link.startswith("#") for link in links)
    assert not re.search(r"url\(|@import", page.styles[0])
    assert not re.search(
        r"fetch\(|XMLHttpRequest|import\(|innerHTML|eval\(", "".join(text for _, text in page.scripts)
    )


def test_totals_and_problems_stand_in_the_page(tmp_path: Path) -> None:
    """What people look for first needs no script: where it goes, the totals, the recipe."""
    page = rendered(shown(actions(10)), tmp_path)

    for expected in ("люди.yaml", "тест", "http://127.0.0.1:8901/odata", "Люди и отделы", "users"):
        assert expected in page.text


def test_an_applied_plan_shows_states(tmp_path: Path) -> None:
    """After an apply each action has its state, and a failed one the service's words."""
    made, failed = action(1), action(2)
    items = [
        ShownAction(made, State.DONE, {"id": "new-key"}, 201),
        ShownAction(failed, State.FAILED, None, 500, "E7", "Занято другим"),
    ]
    before = rendered(shown([made, failed]), tmp_path)
    page = rendered(shown(items, begun=True), tmp_path)
    texts = _texts(page.data)

    assert {"done", "failed", "new-key"} <= set(texts)
    assert any("E7" in text and "Занято другим" in text for text in texts)
    assert "failed" not in before.text
    assert "failed 1" in " ".join(page.text.split())


def test_nothing_to_do_is_said(tmp_path: Path) -> None:
    """A plan without a write says so in words, and how many rows stay blocked."""
    page = rendered(shown([action(1, Verb.UNCHANGED), action(2, Verb.BLOCKED)]), tmp_path)

    assert "Nothing to do: 1 entities already as the file says." in page.text
    assert "1 rows are still blocked" in page.text


def test_languages_differ_in_words_only(tmp_path: Path) -> None:
    """The Russian report has the same elements and numbers as the English one."""
    english = rendered(shown(actions(10)), tmp_path)
    set_language("ru")
    russian = rendered(shown(actions(10)), tmp_path)

    assert english.shape == russian.shape
    assert russian.elements[0] == ("html", {"lang": "ru"})


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)] + list(value)
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
