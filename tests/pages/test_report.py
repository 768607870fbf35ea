"""The HTML report in a real browser: it filters, prints, holds ten thousand actions, and asks nothing of any network."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.plan import State, Verb
from importer.reports.html import write_html_report
from importer.results.show import Shown, ShownAction
from importer.text.translating import set_language
from tests.pages.browser import CHROMIUM, Browser, browser
from tests.unit.reports.shown_plans import action, actions, change, shown

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: the report is not tried in a browser"),
    pytest.mark.xdist_group("chromium"),
]
ROWS = "[...document.querySelectorAll('table.changes tbody tr')].filter(row => row.cells.length > 1 && row.offsetParent !== null)"
TEXTS = f"{ROWS}.map(row => row.cells[1].textContent)"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for the module."""
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Browser]:
    """The browser with a report of 50 actions; no error may have come until the end."""
    yield _opened(chromium, tmp_path, shown(actions(50)))
    assert chromium.errors == []
    assert chromium.requests == []


def _opened(chromium: Browser, folder: Path, found: Shown) -> Browser:
    write_html_report(found, folder / "report.html")
    chromium.errors.clear()
    chromium.requests.clear()
    chromium.open(folder / "report.html")
    return chromium


def test_everything_but_the_unchanged_is_shown_at_first(opened: Browser) -> None:
    """Opened, the report shows what would be written and what is in the way; rows that are the same wait for a click."""
    assert opened.value(f"{ROWS}.length") == 40


def test_text_narrows_the_rows(opened: Browser) -> None:
    """Typing into the filter leaves the rows that hold the text, in whatever letters; emptied it shows all again."""
    opened.type("#filter", "ИМЯ 11")
    narrowed = opened.value(TEXTS)
    opened.type("#filter", "нет такого")
    nothing = opened.value(f"{ROWS}.length")
    opened.type("#filter", "")

    assert len(narrowed) == 1
    assert "Человек 11" in narrowed[0]
    assert nothing == 0
    assert opened.value(f"{ROWS}.length") == 40


def test_a_cell_finds_its_row(opened: Browser) -> None:
    """The cell that a person has before them can be typed."""
    opened.type("#filter", "Люди › row 7")

    assert [text for text in opened.value(TEXTS) if "Человек 6" in text]


def test_boxes_of_verbs(opened: Browser) -> None:
    """Each box shows and hides its kind of action."""
    opened.click(".verb[value=unchanged]")
    more = opened.value(f"{ROWS}.length")
    for verb in ("unchanged", "create", "skipped", "blocked"):
        opened.click(f".verb[value={verb}]")
    left = opened.value(f"{ROWS}.map(row => row.cells[0].textContent)")

    assert more == 50
    assert left == ["update"] * 10


def test_ten_thousand_actions_stay_usable(chromium: Browser, tmp_path: Path) -> None:
    """The first rows are drawn at once, a filter finds the last, and a click shows all."""
    found = _opened(chromium, tmp_path, shown(actions(10_000)))
    first = found.value(f"{ROWS}.length")
    found.type("#filter", "Человек 9998")
    narrowed = found.value(TEXTS)
    found.type("#filter", "")
    found.click(".more:not([hidden])")

    assert 50 <= first <= 500
    assert len(narrowed) == 1
    assert found.value(f"{ROWS}.length") == 8_000
    assert found.errors == []


def test_print_holds_every_row(chromium: Browser, tmp_path: Path) -> None:
    """A printed report holds the rows that the screen does not show yet."""
    found = _opened(chromium, tmp_path, shown([action(number) for number in range(1, 1_001)]))
    printed = found.pdf()
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))

    assert printed.startswith(b"%PDF")
    assert pages > 20
    if shutil.which("pdftotext"):
        (tmp_path / "report.pdf").write_bytes(printed)
        text = subprocess.run(
            ["pdftotext", tmp_path / "report.pdf", "-"], capture_output=True, check=True, text=True
        ).stdout
        assert all(f"Человек {number}\n" in text for number in (1, 500, 1_000))


def test_hostile_values_are_only_text(chromium: Browser, tmp_path: Path) -> None:
    """What looks like markup in a file or an answer stands on the page letter by letter, and nothing of it runs."""
    hostile = "<script>window.broken=1</script></script><img src=x onerror=window.broken=1>\u2028\"'`${window.broken=1}"
    attacked = action(
        1,
        title=hostile,
        step=hostile,
        changes=(change(hostile, before=hostile, after=hostile),),
        verb=Verb.UPDATE,
        key={"id": hostile},
    )
    found = _opened(
        chromium,
        tmp_path,
        shown(
            [ShownAction(attacked, State.FAILED, None, 500, hostile, hostile)],
            begun=True,
            recipe=hostile,
            description=hostile,
            service=hostile,
        ),
    )
    row = found.value(f"{ROWS}[0].textContent")

    assert found.value("window.broken") is None
    assert found.value("document.querySelectorAll('img').length") == 0
    assert row.count(hostile) >= 5
    assert found.errors == []
    assert found.requests == []


def test_russian(chromium: Browser, tmp_path: Path) -> None:
    """The report speaks the language that the command spoke."""
    set_language("ru")
    found = _opened(chromium, tmp_path, shown(actions(5)))

    assert found.value("document.documentElement.lang") == "ru"
    assert found.value(f"{ROWS}[0].cells[0].textContent") != "create"
    assert found.errors == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out(chromium: Browser, tmp_path: Path, width: int) -> None:
    """The page is as wide as the window: nobody scrolls sideways, however long a value is."""
    long = "Ж" * 3_000
    found = _opened(
        chromium,
        tmp_path,
        shown([*actions(20), action(99, title=long, changes=(change("name", after=long),))], begun=True),
    )
    found.width(width)

    assert found.value("document.documentElement.scrollWidth") <= width
