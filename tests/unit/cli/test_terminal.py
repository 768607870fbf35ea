"""At a terminal: questions are asked and answered, progress is drawn and taken away, Ctrl-C stops politely."""

import codecs
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from importer.cli.asking import question_of
from importer.sandbox import Faults, Running, load_service, running
from tests.building import STAFF, TIMETTA, Project, make_project, make_workbook, staff

pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
_SHOW, _HIDE = "\033[?25h", "\033[?25l"


class Terminal:
    """A command at a terminal of 100 columns; `text` is what it has written so far."""

    def __init__(self, *arguments: object, **environment: str) -> None:
        self._mine, theirs = pty.openpty()
        known = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLUMNS": "100",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        command = [sys.executable, "-m", "importer", *map(str, arguments)]
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=known,
            start_new_session=True,
            close_fds=True,
        )
        os.close(theirs)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.text = ""

    def until(self, words: str, seconds: float = 20) -> None:
        """Read until `words` stand there."""
        end = time.monotonic() + seconds
        while words not in self.text:
            assert self._read(end), f"{words!r} never came:\n{self.text}"

    def type(self, text: str) -> None:
        os.write(self._mine, text.encode())

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def finish(self, seconds: float = 20) -> int:
        """Read to the end and return the exit code."""
        end = time.monotonic() + seconds
        while self._read(end):
            pass
        os.close(self._mine)
        return self.process.wait(timeout=seconds)

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self._mine], [], [], max(0, end - time.monotonic()))
        try:
            data = os.read(self._mine, 65_536) if ready else b""
        except OSError:  # Linux says so when the other side has gone
            data = b""
        self.text += self._decoder.decode(data)
        return bool(data)


def plain(text: str) -> str:
    """The text without colours and movements."""
    return re.sub(r"\033\[[0-9;?]*[A-Za-z]", "", text)


def prepared(folder: Path, url: str, **settings: object) -> Project:
    """A project with a recipe and a plan of it, `the.plan`."""
    project = make_project(folder, url, dialect="timetta", **settings)
    make_workbook(project.path("book.xlsx"), **staff(seed=5, people=8))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    assert project.plan().exit == 0
    return project


@pytest.fixture
def planned(tmp_path: Path, sandbox: Running) -> Project:
    return prepared(tmp_path, sandbox.url)


def test_a_yes_applies(planned: Project, sandbox: Running) -> None:
    """The question says where and how much; a yes does it."""
    terminal = Terminal("apply", planned.path("the.plan"))
    terminal.until("Go on?")
    asked, before = plain(terminal.text), len(sandbox.journal)
    terminal.type("y\n")

    assert (terminal.finish(), before) == (0, 0)
    assert f"service · {sandbox.url}" in asked
    assert "create 20" in asked
    assert len(sandbox.journal) == 20


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x04"], ids=["no", "enter", "end of file"])
def test_anything_else_writes_nothing(planned: Project, sandbox: Running, answer: str) -> None:
    """A no, an empty answer and a closed input leave the service as it is."""
    terminal = Terminal("apply", planned.path("the.plan"))
    terminal.until("Go on?")
    terminal.type(answer)

    assert terminal.finish() in (2, 130)
    assert sandbox.journal == []
    assert "Traceback" not in terminal.text


@pytest.mark.parametrize(
    ("answer", "exit_code", "writes"), [("service\n", 0, 20), ("y\n", 2, 0), ("Service\n", 2, 0)]
)
def test_a_protected_profile_wants_its_name(
    tmp_path: Path, sandbox: Running, answer: str, exit_code: int, writes: int
) -> None:
    """Where a slip would be dear, only the name typed out is a yes."""
    project = prepared(tmp_path, sandbox.url, protected="true")
    terminal = Terminal("apply", project.path("the.plan"))
    terminal.until("(service)")
    terminal.type(answer)

    assert terminal.finish() == exit_code
    assert len(sandbox.journal) == writes


@pytest.mark.parametrize(("tenant", "name"), [("ACME", "ACME"), (None, "production"), ("", "production")])
def test_the_tenant_is_what_must_be_typed(tenant: str | None, name: str) -> None:
    """One profile may lead to another tenant tomorrow: its name is asked for, where a token tells it."""
    question, wanted = question_of("production", tenant)

    assert wanted == name
    assert f"({name})" in question


@pytest.mark.parametrize("silence", [["--no-input"], ["--json"]])
def test_who_wants_no_question_gets_none(planned: Project, silence: list[str]) -> None:
    """With --no-input or --json nobody is asked, at a terminal too; the error names the option."""
    terminal = Terminal("apply", planned.path("the.plan"), *silence)

    assert terminal.finish() == 2
    assert "--yes" in terminal.text


def test_a_finished_plan_asks_nothing(planned: Project) -> None:
    """Where nothing is left to do there is nothing to agree to."""
    planned.apply()
    terminal = Terminal("apply", planned.path("the.plan"))

    assert terminal.finish() == 0
    assert "Go on?" not in terminal.text
    assert "Nothing left to do" in terminal.text


def test_progress_leaves_nothing_behind(planned: Project) -> None:
    """The line of progress is gone before the result comes, and the cursor is back."""
    terminal = Terminal("plan", planned.path("recipe.yaml"))
    ended = terminal.finish()

    assert ended == 0
    assert _HIDE in terminal.text
    assert terminal.text.count(_SHOW) == terminal.text.count(_HIDE)
    assert terminal.text.rindex(_SHOW) < terminal.text.index("Recipe")


def test_a_failure_gives_the_cursor_back(planned: Project) -> None:
    """Also when the command ends in the middle of its work."""
    make_workbook(planned.path("book.xlsx"), Отделы=staff(seed=5, people=8)["Отделы"])
    terminal = Terminal("plan", planned.path("recipe.yaml"))

    assert terminal.finish() == 3
    assert terminal.text.count(_SHOW) == terminal.text.count(_HIDE)


@pytest.mark.parametrize(("more", "environment"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"})])
def test_no_colour(planned: Project, more: list[str], environment: dict[str, str]) -> None:
    """--no-color and NO_COLOR take the colours away; the words stay."""
    coloured = Terminal("show", planned.path("the.plan"))
    coloured.finish()
    bare = Terminal("show", planned.path("the.plan"), *more, **environment)
    bare.finish()

    assert "\033[" in coloured.text
    assert "\033[" not in bare.text
    assert plain(coloured.text).split() == bare.text.split()


def test_one_interrupt_finishes_what_was_sent(tmp_path: Path) -> None:
    """After Ctrl-C the journal knows every write that the service has, and the next apply does the rest."""
    with running(load_service("timetta"), faults=Faults(delay_ms=60)) as slow:
        project = prepared(tmp_path, slow.url, batch_size=1, concurrency=1)
        terminal = Terminal("apply", project.path("the.plan"), "--yes")
        terminal.until("wave")
        while not slow.journal:
            terminal._read(time.monotonic() + 0.05)
        terminal.interrupt()
        ended = terminal.finish()
        done = len(slow.journal)
        states = project.run("show", project.path("the.plan"), "--json").document["states"]
        rest = project.apply()

        assert ended == 130
        assert 0 < done < 20
        assert (states["done"], states["unknown"]) == (done, 0)
        assert "importer apply" in terminal.text
        assert (rest.exit, len(slow.journal)) == (0, 20)


def test_a_password_is_typed_unseen(tmp_path: Path) -> None:
    """`login` asks for user and password; the password is not shown while it is typed, nor afterwards."""
    from scripted import METADATA, Reply, Scripted
    from token_desk import TokenDesk

    desk = TokenDesk()
    service = Scripted(desk.guard(lambda request: Reply(200, METADATA, {"content-type": "application/xml"})))
    address = service.root.replace("/odata/", "/connect/token")
    auth = f"{{type: oauth2-password, token_url: '{address}', client_id: external}}"
    project = make_project(tmp_path, service.root, auth=auth)
    terminal = Terminal("login", "--project", project.folder)
    try:
        terminal.until("User")
        terminal.type("ivanov@example.ru\n")
        terminal.until("Password")
        terminal.type("p@ss w/rd+1\n")
        code = terminal.finish()
    finally:
        service.close()

    assert code == 0, terminal.text
    assert "ivanov@example.ru" in terminal.text
    assert "Kept in" in terminal.text
    assert "p@ss" not in terminal.text
    assert desk.grants == ["password"]
